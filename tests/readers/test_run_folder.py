"""Run folders of advisor itself are read, also while they are being written or after a kill."""

import json

import numpy as np
import pytest

from advisor.config import defaults, write
from advisor.errors import ReadError
from advisor.readers import load, load_all

RUN = "epoch,step,train_loss,val_loss,train_accuracy,val_accuracy,val_balanced_accuracy,lr,grad_norm,seconds\n"
LAYERS = "step,epoch,layer,kind,grad_norm,weight_norm,update_ratio,zero_share,saturated_share,activation_std\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "mine"
    place.mkdir()
    (place / "run.csv").write_text(RUN + "1,10,1.0,1.1,0.5,0.4,0.4,0.01,2.0,0.1\n2,20,nan,,0.6,0.5,0.5,0.01,inf,0.2\n", encoding="utf-8")
    (place / "steps.csv").write_text("step,epoch,loss,grad_norm,lr\n1,1,1.2,3,0.01\n2,1,1.1,nan,0.01\n", encoding="utf-8")
    rows = "1,1,0,Linear,0.5,1,0.001,,,\n1,1,1,ReLU,,,,0.2,,0.7\n2,1,0,Linear,nan,1,0.002,,,\n2,1,1,ReLU,,,,0.3,,0.8\n"
    (place / "layers.csv").write_text(LAYERS + rows, encoding="utf-8")
    (place / "config.toml").write_text('[optim]\nname = "adam"\nlr = 0.01\n', encoding="utf-8")
    (place / "run.json").write_text(json.dumps({"id": "x", "status": "running", "facts": {"classes": 3}}), encoding="utf-8")
    return place


def test_everything_in_the_folder_is_in_the_run(folder):
    run = load(folder)
    assert (run.name, run.format, run.rows, run.epochs, run.steps) == ("mine", "run-folder", 2, 2, 20)
    assert run.roles["val_loss"] == "val_loss"
    assert run.roles["val_metric"] == "val_balanced_accuracy"
    assert len(run.series["val_loss"]) == 1
    assert np.isnan(run.series["train_loss"].values[1])
    assert run.series["grad_norm"].values[1] == np.inf
    assert list(run.series["train_loss"].places) == [2, 3]
    assert run.series["train_loss"].file.endswith("run.csv")
    assert list(run.step_series["train_loss"].values) == [1.2, 1.1]
    assert run.config == {"optim": {"name": "adam", "lr": 0.01}}
    assert run.facts == {"classes": 3}
    assert run.about["status"] == "running"
    assert "facts" not in run.about


def test_layers_keep_a_recorded_nan_apart_from_an_absent_value(folder):
    layers = load(folder).need_layers()
    assert (layers.names, layers.kinds) == (("0", "1"), ("Linear", "ReLU"))
    assert list(layers.steps) == [1, 2]
    assert layers.recorded["grad_norm"].tolist() == [[True, False], [True, False]]
    assert np.isnan(layers.statistics["grad_norm"][1, 0])
    assert layers.where("zero_share")[0] == ("1",)
    assert layers.lines.tolist() == [[2, 3], [4, 5]]


@pytest.mark.parametrize("name", ["run.csv", "steps.csv", "layers.csv"])
def test_half_a_last_line_does_not_count(folder, name):
    before = load(folder)
    with (folder / name).open("a", encoding="utf-8") as stream:
        stream.write("3,2")
    after = load(folder)
    assert len(after.series["train_loss"]) == len(before.series["train_loss"])
    assert len(after.step_series["train_loss"]) == len(before.step_series["train_loss"])
    assert len(after.need_layers().steps) == 2


@pytest.mark.parametrize("name", ["config.toml", "run.json", "steps.csv", "layers.csv"])
def test_any_other_file_may_be_missing_or_broken(folder, name):
    (folder / name).write_bytes(b"\x00\xff{[")
    assert len(load(folder).series["train_loss"]) == 2
    (folder / name).unlink()
    assert len(load(folder).series["train_loss"]) == 2


@pytest.mark.parametrize("name", ["steps.csv", "layers.csv"])
def test_bytes_that_are_no_table_are_left_aside_but_for_those_of_the_epochs(folder, name):
    (folder / name).write_bytes(b"step,epoch\n1\r2,3\n")
    assert load(folder).rows
    (folder / "run.csv").write_bytes(b"epoch,step\n1\r2,3\n")
    with pytest.raises(ReadError, match=r"run.csv: is damaged \(.*\), expected rows of cells; put it back"):
        load(folder)


def test_before_the_first_epoch_ends_the_steps_are_the_run(folder):
    (folder / "run.csv").write_text(RUN, encoding="utf-8")
    run = load(folder)
    assert list(run.series["train_loss"].values) == [1.2, 1.1]
    assert any("no epoch has ended yet" in note for note in run.notes)


def test_a_folder_in_which_nothing_is_recorded_is_refused(folder):
    (folder / "run.csv").write_text(RUN, encoding="utf-8")
    (folder / "steps.csv").unlink()
    with pytest.raises(ReadError, match="nothing is recorded yet"):
        load(folder)


def test_regression_has_r2(folder):
    text = "epoch,step,train_loss,val_loss,train_r2,val_r2,lr,grad_norm,seconds\n1,10,1.0,1.1,0.5,0.4,0.01,2.0,0.1\n"
    (folder / "run.csv").write_text(text, encoding="utf-8")
    run = load(folder)
    assert (run.roles["train_metric"], run.roles["val_metric"]) == ("train_r2", "val_r2")


def test_runs_beside_each_other_are_all_found(folder):
    (folder.parent / "other").mkdir()
    for name in ("run.csv", "run.json"):
        (folder.parent / "other" / name).write_bytes((folder / name).read_bytes())
    assert [run.name for run in load_all(folder.parent)] == ["mine", "other"]


@pytest.mark.parametrize("line", ['lr = "fast"', "lr = true", "name = 3"])
def test_a_config_that_somebody_spoiled_is_left_aside_and_that_is_said(folder, line):
    (folder / "config.toml").write_text(f"[optim]\n{line}\n", encoding="utf-8")
    run = load(folder)
    assert run.config is None
    assert any("config.toml is no Config" in note for note in run.notes)


def test_what_train_writes_is_a_config_to_those_who_read_it(folder):
    write(defaults(), folder / "config.toml")
    assert load(folder).config == defaults().tree()


def test_a_training_that_was_ended_as_hopeless_says_so(folder):
    about = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps({**about, "hopeless": "not-learning\x1b[31m"}), encoding="utf-8")
    (note,) = [note for note in load(folder).notes if "--auto-fix" in note]
    assert "nothing could come of it any more, by not-learning" in note and "\x1b" not in note
