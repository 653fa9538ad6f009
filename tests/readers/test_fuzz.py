"""Broken files are runs or refusals: never another error, never a hang.

`ADVISOR_FUZZ_FOLDER=FOLDER pytest -m slow tests/readers/test_fuzz.py` breaks every file of a folder as well.
"""

import json
import os
import random
import sqlite3
import struct
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from advisor.diagnose import diagnose
from advisor.errors import ReadError
from advisor.readers import load_all
from advisor.run import Run

GIGABYTES = 2
SECONDS = 20  # far more than any small file needs
ROUNDS = int(os.environ.get("ADVISOR_FUZZ_ROUNDS", "40"))


def keras(rows=30):
    return "epoch,loss,val_loss,lr\n" + "".join(f"{k},{1 / (k + 1):.5f},{2 / (k + 1):.5f},0.01\n" for k in range(rows))


SEEDS = {
    "log.csv": keras(),
    "log.tsv": keras().replace(",", "\t"),
    "log.jsonl": "".join(json.dumps({"step": k, "loss": 1 / (k + 1), "mode": "train", "nested": {"a": k}}) + "\n" for k in range(30)),
    "trainer_state.json": json.dumps({"log_history": [{"step": k, "loss": 1 / (k + 1), "eval_loss": 1.0} for k in range(30)]}),
    "history.json": json.dumps({"loss": [1 / (k + 1) for k in range(30)], "val_loss": [1.0] * 30}),
    "out.log": "".join(f"Epoch {k}/30 | train loss: {1 / (k + 1):.4f} | val loss 0.5 (0.6) | Acc: {k}/100 (5%)\r\n" for k in range(30)),
    "drawn.txt": "| epoch | loss | val loss |\n|---|---|---|\n" + "".join(f"| {k} | {1 / (k + 1):.4f} | 1.0 |\n" for k in range(30)),
    "long.csv": "run,tag,step,value\n"
    + "".join(f"{r},{t},{k},{1 / (k + 1):.4f}\n" for r in "ab" for k in range(15) for t in ("loss", "val/loss")),
    "blocks.log": "".join(f"-----\n| rollout/ | |\n|    ep_rew_mean | {k} |\n| time/steps | {k}00 |\n-----\n" for k in range(30)),
    "yolo.log": "Epoch GPU_mem box_loss cls_loss Instances Size\n"
    + "".join(f"  {k}/30  2.3G  0.{k}  0.1  35  640: 100%|█| 5/5\n" for k in range(30)),
    "lists.txt": f"train_loss = {[1 / (k + 1) for k in range(30)]}\nval_loss: {[1.0] * 30}\n",
    "by_epoch.json": json.dumps({str(k): {"loss": 1 / (k + 1), "val": {"loss": 1.0}} for k in range(30)}),
    "bars.log": "".join(f"\rSteps:  {k}%|██ | {k}/3000 [00:10<1:00, 4it/s, step_loss=0.{k}]" for k in range(30))
    + "\nEvaluation:\n  loss: 3\n",
    "turned.csv": "metric," + ",".join(f"epoch_{k}" for k in range(30)) + "\nloss," + ",".join(f"0.{k}" for k in range(30)) + "\n",
    "splits.log": "".join(f"Epoch {k}\n| | train | vali |\n|---|---|---|\n| loss | 0.{k} | 1.{k} |\n\n" for k in range(30)),
    "paddle.log": "".join(
        f"Epoch {k}/30\nstep 9/9 [==] - loss: 0.{k} - 1ms/step\nEval begin...\nstep 3/3 - loss: nan\n" for k in range(30)
    ),
    "a.ipynb": json.dumps(
        {
            "cells": [{"cell_type": "code", "outputs": [{"text": [f"epoch {k} train/val loss: 0.{k}/1.{k}\n" for k in range(30)]}]}],
            "nbformat": 4,
        }
    ),
    "answers.txt": "".join(f"Epoch {k} : {9000 + 7 * k % 50} / 10000 (9{k % 10}%)\n" for k in range(30)),
    "train_loss": "".join(f"16673172{k:05d} 0.5{k} {k}\n" for k in range(30)),
}


def broken(data: bytes, chance: random.Random) -> bytes:
    """One of the ways in which files break."""
    lines = data.split(b"\n")
    place = chance.randrange(len(data) + 1)
    ways = (
        lambda: data[:place],
        lambda: data[place:],
        lambda: bytes(byte ^ (1 << chance.randrange(8)) if chance.random() < 0.02 else byte for byte in data),
        lambda: b"\n".join(chance.sample(lines, len(lines))),
        lambda: data[:place] + bytes(chance.randrange(256) for _ in range(50)) + data[place:],
        lambda: data.replace(b"0", chance.choice([b"1e400", b"nan", b"-", b"NA", b"\x00", b'"', b"9" * 400, "손".encode()])),
        lambda: data.replace(b",", chance.choice([b";", b",,", b"", b" ", b"\t"])),
        lambda: data.replace(b"\n", chance.choice([b"", b"\r", b"\r\r\n", b"\n\n"])),
        lambda: data[:place] + chance.choice([b"[", b"{", b'"', b"(", b","]) * 3000 + data[place:],
        lambda: data + data,
    )
    return chance.choice(ways)()


@pytest.fixture(autouse=True)
def bounded_memory():
    """Where the system can hold a process to it: reading a small file may take GIGABYTES more than what is taken already."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + (GIGABYTES << 30), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def read(path: Path) -> list[Run]:
    began = time.perf_counter()
    runs: list[Run] = []
    try:
        runs = load_all(path)
        for run in runs:
            assert all(len(series) == len(series.epochs) == len(series.steps) == len(series.places) for series in run.series.values())
    except ReadError as refusal:
        assert "\n" not in str(refusal)
    assert time.perf_counter() - began < SECONDS
    return runs


def of_mlflow(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as store:
        store.execute("CREATE TABLE metrics (key, value, timestamp, run_uuid, step, is_nan)")
        rows = [(key, 1 / (step + 1), step, run, step, 0) for run in "ab" for step in range(30) for key in ("loss", "val_loss")]
        store.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
        store.commit()
    return path.read_bytes()


def of_trackio(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY, run_id, run_name, step, metrics)")
        rows = [(run, run, step, json.dumps({"loss": 1 / (step + 1), "nested": {"val_loss": "NaN"}})) for run in "ab" for step in range(30)]
        store.executemany("INSERT INTO metrics (run_id, run_name, step, metrics) VALUES (?, ?, ?, ?)", rows)
        store.commit()
    return path.read_bytes()


def may_break(path: Path, data: bytes) -> None:
    chance = random.Random(path.name)
    for _ in range(ROUNDS):
        path.write_bytes(broken(data, chance))
        read(path)
        path.write_bytes(broken(broken(data, chance), chance))
        read(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", SEEDS)
def test_a_broken_file_is_a_run_or_a_refusal(name, tmp_path):
    may_break(tmp_path / name, SEEDS[name].encode())


@pytest.mark.slow
def test_a_broken_event_file_is_a_run_or_a_refusal(tmp_path, events):
    seed = events("seed", [(tag, step, 1 / (step + 1)) for step in range(30) for tag in ("train/loss", "val/loss")])
    may_break(tmp_path / "events.out.tfevents.1", seed.read_bytes())


@pytest.mark.slow
def test_a_broken_wandb_file_is_a_run_or_a_refusal(tmp_path, wandb_file):
    may_break(tmp_path / "run-1.wandb", wandb_file([{"_step": k, "loss": 1 / (k + 1), "note": "x" * 2000} for k in range(30)]))


@pytest.mark.slow
@pytest.mark.parametrize("written", [of_mlflow, of_trackio])
def test_a_broken_database_is_a_run_or_a_refusal(tmp_path, written):
    may_break(tmp_path / "broken.db", written(tmp_path / "seed.db"))


@pytest.mark.slow
def test_an_event_file_with_impossible_lengths_is_a_refusal(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(struct.pack("<Q", 1 << 62) + bytes(40))
    read(path)


FOLDER = os.environ.get("ADVISOR_FUZZ_FOLDER")


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="no folder given")
def test_every_file_of_a_folder_may_break_and_what_is_read_of_it_is_judged(tmp_path):
    chance = random.Random(int(os.environ.get("ADVISOR_FUZZ_SEED", "0")))
    for original in sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()):
        data = original.read_bytes()[:300_000]
        path = tmp_path / original.name
        for _ in range(max(3, ROUNDS // 50)):
            path.write_bytes(broken(data, chance))
            for run in read(path):
                diagnose(run)
        path.unlink()
