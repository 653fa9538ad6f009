"""A Run as its users see it."""

import math

import numpy as np

import advisor
from advisor.run import Series


def log(tmp_path, text):
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    return advisor.load(path)


def test_a_run_becomes_a_frame_with_a_row_an_epoch(tmp_path):
    frame = log(tmp_path, "epoch,loss,val_loss\n1,2.0,2.1\n2,1.0,1.5\n3,0.5,1.4\n").to_frame()
    assert frame.index.names == ["epoch"]
    assert frame["train_loss"].tolist() == [2.0, 1.0, 0.5]
    assert frame.loc[3, "val_loss"] == 1.4


def test_absent_cells_of_a_frame_are_nan(tmp_path):
    frame = log(tmp_path, "step,train_loss,val_loss\n10,2.0,\n20,1.0,1.5\n30,0.5,\n").to_frame()
    assert frame.index.tolist() == [10, 20, 30]
    assert [math.isnan(value) for value in frame["val_loss"]] == [True, False, True]


def test_the_arrays_of_a_run_cannot_be_written(tmp_path):
    values = log(tmp_path, "epoch,loss\n1,2.0\n2,1.0\n").need("train_loss").values
    assert not values.flags.writeable


def test_what_the_maker_of_a_series_writes_into_its_arrays_afterwards_does_not_reach_it():
    values, counts = np.array([2.0, 1.0]), np.array([1, 2])
    series = Series("loss", values, values, values, counts)
    values[0], counts[0] = 9.0, 9
    assert (series.values.tolist(), series.places.tolist()) == ([2.0, 1.0], [1, 2])


def test_a_report_becomes_a_frame_with_a_row_a_finding(tmp_path):
    rows = "".join(f"{i},{2 * 0.8**i + 0.1},{2 * 0.8**i + 0.4 + 0.1 * max(0, i - 8)}\n" for i in range(30))
    frame = advisor.diagnose(log(tmp_path, "epoch,loss,val_loss\n" + rows)).to_frame()
    assert "overfitting" in frame["rule"].tolist()
