"""TensorBoard event files: scalars of every writer, checksums, cut ends, several files a run."""

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import find, framing, load, load_all, load_found

SCALARS = [("train/loss", 10, 1.0), ("train/epoch", 10, 0.5), ("eval/loss", 20, 0.9), ("train/loss", 20, 0.8), ("train/epoch", 20, 1.0)]


@pytest.mark.parametrize("as_tensor", [False, True])
def test_scalars_of_both_kinds_are_read(events, as_tensor):
    run = load(events("events.out.tfevents.1", SCALARS, as_tensor))
    assert (run.format, run.unit) == ("event-files", "records")
    assert run.roles["train_loss"] == "train/loss"
    assert run.roles["val_loss"] == "eval/loss"
    assert list(run.series["train_loss"].steps) == [10, 20]
    assert list(run.series["train_loss"].epochs) == [0.5, 1.0]
    assert list(run.series["train_loss"].places) == [2, 5]


def test_numbers_that_are_not_finite_are_kept(events):
    run = load(events("events.out.tfevents.1", [("loss", 1, 1.0), ("loss", 2, float("nan")), ("loss", 3, float("inf"))]))
    assert np.isnan(run.series["train_loss"].values[1])
    assert run.series["train_loss"].values[2] == np.inf


def test_checksums_are_those_of_the_slow_definition():
    data = bytes(range(200))
    table = framing._checksums(data, np.array([0, 7]), 50)
    crc = [slow(data[start : start + 50]) for start in (0, 7)]
    assert table.tolist() == [(((value >> 15) | (value << 17)) + 0xA282EAD8) & 0xFFFFFFFF for value in crc]


def slow(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def test_a_cut_last_record_is_left_out(events):
    path = events("events.out.tfevents.1", SCALARS)
    path.write_bytes(path.read_bytes()[:-5])
    run = load(path)
    assert len(run.series["train_loss"]) == 2
    assert any("the last record is cut" in note for note in run.notes)


def test_a_record_with_a_flipped_bit_is_left_out(events):
    path = events("events.out.tfevents.1", SCALARS)
    data = bytearray(path.read_bytes())
    data[data.index(b"train/loss") + 2] ^= 1
    path.write_bytes(data)
    run = load(path)
    assert len(run.series["train_loss"]) == 1
    assert any("fail their checksum" in note for note in run.notes)


def test_sub_runs_of_keras_are_one_run(events, tmp_path):
    for folder, loss in (("train", 1.0), ("validation", 2.0)):
        events(f"logs/{folder}/events.out.tfevents.1", [("epoch_loss", step, loss / (step + 1)) for step in range(3)], as_tensor=True)
    run = load(tmp_path / "logs")
    assert run.roles["train_loss"] == "train/epoch_loss"
    assert run.roles["val_loss"] == "validation/epoch_loss"
    assert list(run.series["val_loss"].epochs) == [1, 2, 3]


def test_sub_runs_of_add_scalars_belong_to_their_run(events, tmp_path):
    events("run/events.out.tfevents.1", [("lr", 0, 0.1)])
    for key in ("train", "val"):
        events(f"run/Loss_{key}/events.out.tfevents.1", [("Loss", step, 1.0) for step in range(3)])
    run = load(tmp_path / "run")
    assert len(run.series["train_loss"]) == len(run.series["val_loss"]) == 3


def test_of_a_resumed_run_the_later_file_counts(events, tmp_path):
    events("run/events.out.tfevents.1", [("loss", step, 1.0) for step in (1, 2, 3, 4)])
    events("run/events.out.tfevents.2", [("loss", step, 2.0) for step in (3, 4, 5)])
    run = load(tmp_path / "run")
    assert list(run.series["train_loss"].steps) == [1, 2, 3, 4, 5]
    assert list(run.series["train_loss"].values) == [1, 1, 2, 2, 2]


def test_runs_in_folders_beside_each_other_are_kept_apart(events, tmp_path):
    for name in ("a", "b"):
        events(f"{name}/events.out.tfevents.1", SCALARS)
    assert [run.name for run in load_all(tmp_path)] == ["a", "b"]


def test_a_file_without_scalars_is_refused(events):
    with pytest.raises(ReadError, match="without scalars"):
        load(events("events.out.tfevents.1", []))


def test_a_folder_of_logs_that_event_files_lie_in_is_no_single_run(tmp_path, events):
    events("logs/events.out.tfevents.1", [("loss", step, 1.0) for step in (1, 2, 3)])
    for name in ("adam", "sgd"):
        (tmp_path / "logs" / f"{name}.csv").write_text("epoch,loss\n1,0.5\n2,0.4\n", encoding="utf-8")
    assert [run.name for run in load_all(tmp_path / "logs")] == ["adam", "events.out.tfevents.1", "sgd"]


def test_a_broken_event_file_hides_no_runs_below_it(tmp_path, events):
    events("logs/a/events.out.tfevents.1", SCALARS)
    (tmp_path / "logs" / "events.out.tfevents.2").write_bytes(b"torn off")
    assert [run.name for run in load_all(tmp_path / "logs")] == ["a"]


def test_event_files_are_read_before_what_else_the_same_training_wrote(tmp_path, events):
    events("run/events.out.tfevents.1", [("loss", step, 1.0) for step in (1, 2, 3)])
    for name in ("metrics.csv", "train_log.csv"):
        (tmp_path / "run" / name).write_text("epoch,loss\n1,0.5\n2,0.4\n", encoding="utf-8")
    assert [run.format for run in load_all(tmp_path)] == ["event-files"]


def test_an_event_file_without_scalars_at_the_top_of_a_folder_hides_no_run_below_or_beside_it(tmp_path, events, write):
    events("logs/events.out.tfevents.0", [("hp_metric", 0, -1.0)])
    with pytest.raises(ReadError, match="without scalars"):
        load(tmp_path / "logs")
    events("logs/a/events.out.tfevents.1", SCALARS)
    assert find([tmp_path / "logs"]) == [tmp_path / "logs" / "a"]
    write("logs/metrics.csv", "epoch,loss\n1,2.0\n2,1.0\n")
    assert [path.name for path in find([tmp_path / "logs"])] == ["metrics.csv", "a"]


def test_runs_below_the_event_file_of_another_run_are_runs_of_their_own(tmp_path, events, write):
    losses = [("train/loss", step, 1 / (step + 1)) for step in range(5)]
    for place in ("run", "run/again", "run/again/deep/er"):
        events(f"{place}/events.out.tfevents.1", losses)
    events("run/validation/events.out.tfevents.1", [("loss", step, 1.0) for step in range(5)])
    write("run/again/results.csv", "epoch,loss\n1,2.0\n2,1.0\n")  # of a training that its event file tells of
    top = tmp_path / "run"
    assert find([top]) == [top, top / "again", top / "again" / "deep" / "er"]
    assert [run.path for run in load_all(top)] == find([top])
    assert [run.path for run in load_found(top)] == [top]
    assert "val_loss" in load_found(top)[0].series


def test_the_event_files_of_a_trainer_are_not_read_beside_its_state(tmp_path, events, write):
    write("out/trainer_state.json", '{"log_history": [{"step": 1, "loss": 1.0}, {"step": 2, "loss": 0.5}]}')
    events("out/runs/today/events.out.tfevents.1", SCALARS)
    assert find([tmp_path]) == [tmp_path / "out" / "trainer_state.json"]
