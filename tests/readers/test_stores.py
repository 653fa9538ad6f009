"""What tracking tools keep: MLflow's files and database, Trackio's database, DVCLive's folder, W&B's file."""

import json
import math
import sqlite3
import struct
from contextlib import closing

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import load, load_all


def test_a_wandb_file_is_read_across_its_blocks(write, wandb_file):
    histories = [{"_step": k, "train/loss": float("nan") if k == 5 else 1 / (k + 1), "note": "x" * 500} for k in range(300)]
    run = load(write("run-abc.wandb", wandb_file(histories)))
    assert (run.format, run.unit) == ("wandb-file", "records")
    assert len(run.series["train_loss"]) == 300
    assert np.isnan(run.series["train_loss"].values[5])
    assert run.roles["step"] == "_step"


def test_what_is_broken_costs_no_more_than_its_block_of_a_wandb_file(write, wandb_file):
    data = bytearray(wandb_file([{"_step": k, "loss": 1.0, "note": "x" * 500} for k in range(300)]))
    struct.pack_into("<H", data, 11, 60_000)  # the length of the first record leads beyond its block
    steps = load(write("run-abc.wandb", bytes(data))).series["train_loss"].steps
    assert 200 < len(steps) < 300
    assert steps[-1] == 299


def test_a_cut_wandb_file_gives_what_is_whole(write, wandb_file):
    data = wandb_file([{"_step": k, "loss": 1.0, "note": "x" * 500} for k in range(300)])
    assert 100 < len(load(write("run-abc.wandb", data[:100_000])).series["train_loss"]) < 300
    with pytest.raises(ReadError, match="without history"):
        load(write("run-abc.wandb", data[:7]))


@pytest.fixture
def mlflow(tmp_path):
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE runs (run_uuid TEXT, name TEXT)")
        store.execute("CREATE TABLE metrics (key TEXT, value DOUBLE, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN)")
        for run in ("a", "b"):
            store.execute("INSERT INTO runs VALUES (?, ?)", (run, f"name-{run}"))
            for step in range(5):
                rows = [("loss", 0.0, 1, run, step, True) if step == 3 else ("loss", 1 / (step + 1), 1, run, step, False)]
                rows += [("val_loss", 1.7976931348623157e308 if step == 4 else 2.0, 1, run, step, False)]
                store.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
        store.commit()
    return path


def test_mlflows_database_holds_several_runs(mlflow):
    first, second = load_all(mlflow)
    assert (first.name, second.name, first.format) == ("name-a", "name-b", "sqlite-store")
    assert np.isnan(first.series["train_loss"].values[3])
    assert first.series["val_loss"].values[4] == math.inf


def test_a_database_is_not_written_to(mlflow):
    before = mlflow.read_bytes()
    load_all(mlflow)
    assert mlflow.read_bytes() == before
    assert [path.name for path in mlflow.parent.iterdir()] == ["mlflow.db"]


@pytest.fixture
def logged(tmp_path):
    """A store of Trackio whose writer keeps what is new in a log beside it; it is open."""
    (tmp_path / "store").mkdir()
    with closing(sqlite3.connect(tmp_path / "store" / "project.db", isolation_level=None)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_name TEXT, step INTEGER, metrics TEXT)")
        store.executemany("INSERT INTO metrics VALUES (?, 'mine', ?, ?)", [(k + 1, k, json.dumps({"loss": 1 / (k + 1)})) for k in range(9)])
        yield tmp_path / "store" / "project.db", store


def test_a_database_that_was_written_with_a_log_is_read_and_nothing_is_left_beside_it(logged):
    path, store = logged
    store.close()
    assert len(load(path).series["train_loss"]) == 9
    assert [found.name for found in path.parent.iterdir()] == ["project.db"]


def test_what_stands_in_the_log_of_a_database_is_read_while_it_is_written_and_from_a_copy(logged, tmp_path):
    path, _ = logged
    assert len(load(path).series["train_loss"]) == 9
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("project.db", "project.db-wal"):
        (copy / name).write_bytes((path.parent / name).read_bytes())
    assert len(load(copy / "project.db").series["train_loss"]) == 9
    assert sorted(found.name for found in copy.iterdir()) == ["project.db", "project.db-wal"]


def test_anything_may_stand_in_the_cells_of_a_database(mlflow):
    odd = [("loss", b"x", 1, "a", 9, 0), ("loss", None, None, "a", 9, 0), (None, 1.0, "now", "a", None, 0), ("x", 1.0, 1, None, "one", 0)]
    with closing(sqlite3.connect(mlflow)) as store:
        store.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", odd)
        store.commit()
    assert [len(run.series["train_loss"]) for run in load_all(mlflow)] == [5, 5]


def test_a_run_without_a_loss_is_named_and_does_not_hide_the_others_of_its_file(mlflow):
    with closing(sqlite3.connect(mlflow)) as store:
        store.execute("INSERT INTO metrics VALUES ('temperature', 1.0, 1, 'aa', 0, 0)")
        store.commit()
    first, second = load_all(mlflow)
    assert (first.name, second.name) == ("name-a", "name-b")
    assert any(note.startswith("left out") and note.endswith(": aa") for note in first.notes)


def test_trackios_database_is_read(tmp_path):
    path = tmp_path / "project.db"
    with closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)")
        for step in range(3):
            metrics = {"train": {"loss": "NaN" if step == 2 else 1.0}, "val_loss": "Infinity"}
            store.execute("INSERT INTO metrics VALUES (?, '', 'mine', ?, ?)", (step + 1, step, json.dumps(metrics)))
        store.commit()
    run = load(path)
    assert run.name == "mine"
    assert run.roles["train_loss"] == "train/loss"
    assert np.isnan(run.series["train_loss"].values[2])
    assert run.series["val_loss"].values[0] == math.inf


def test_another_database_is_refused(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE people (name TEXT)")
        store.commit()
    with pytest.raises(ReadError, match="without a table of metrics"):
        load(path)
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 400)
    with pytest.raises(ReadError, match="sqlite file"):
        load(path)


def test_mlflows_files_are_read(write, tmp_path):
    write("mlruns/0/abc/meta.yaml", "artifact_uri: x\nrun_name: 'swift-fox'\n")
    write("mlruns/0/abc/params/lr", "0.1")
    write("mlruns/0/abc/metrics/loss", "1667317272160 0.5 0\n1667317272161 nan 1\n")
    write("mlruns/0/abc/metrics/val/loss", "1667317272160 0.6 0\n1667317272161 0.5 1\n")
    write("mlruns/0/abc/metrics/system/gpu", "1667317272160 0.6 0\n")
    run = load(tmp_path / "mlruns")
    assert (run.name, run.format) == ("swift-fox", "mlflow-run")
    assert np.isnan(run.series["train_loss"].values[1])
    assert list(run.series["val_loss"].steps) == [0, 1]
    assert run.about["params"] == {"lr": "0.1"}


def test_one_metric_of_mlflow_is_read(write):
    run = load(write("test_loss", "1667317282261 0.5485 0\n1667317333249 0.5294 1\n1667317367121 0.5126 2\n"))
    assert run.roles["val_loss"] == "test_loss"
    assert any("taken in its place" in note for note in run.notes)


def test_dvclive_is_read(write, tmp_path):
    write("dvclive/plots/metrics/train/loss.tsv", "step\tloss\n0\t1.0\n1\t0.5\n")
    write("dvclive/plots/metrics/val/loss.tsv", "timestamp\tstep\tloss\n1\t0\t1.1\n2\t1\tnan\n")
    run = load(tmp_path / "dvclive")
    assert run.format == "dvclive"
    assert list(run.series["train_loss"].values) == [1.0, 0.5]
    assert np.isnan(run.series["val_loss"].values[1])
