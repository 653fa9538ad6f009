"""Restarts, resumed runs and copies in one file are told apart, and none of it looks like divergence."""

import json
import math
import random

import numpy as np
import pytest

from advisor.readers import load, load_all


def keras(rows):
    return "epoch,loss,val_loss\n" + "".join(f"{epoch},{loss},{loss}\n" for epoch, loss in rows)


def test_of_a_run_that_began_again_the_last_session_is_kept(write):
    run = load(write("log.csv", keras([(0, 1.0), (1, 0.8), (0, 1.1), (1, 0.9), (2, 0.7)])))
    assert list(run.series["train_loss"].values) == [1.1, 0.9, 0.7]
    assert list(run.series["train_loss"].places) == [4, 5, 6]
    assert [session["kind"] for session in run.about["sessions"]] == ["start", "restart"]
    assert [session["kept"] for session in run.about["sessions"]] == [False, True]
    assert any("line 4" in note for note in run.notes)


def test_the_evaluation_behind_the_last_epoch_that_is_kept_is_kept_too(write):
    said = [(epoch, 1 / epoch, 10 * epoch) for epoch in (1, 2, 3, 4, 5, 3, 4, 5, 6)]
    run = load(write("log.txt", "".join(f"epoch {e}\nloss: {loss}\ntest accuracy: {right}%, ({right}/100)\n" for e, loss, right in said)))
    assert list(run.series["train_loss"].epochs) == list(run.series["val_accuracy"].epochs) == [1, 2, 3, 4, 5, 6]


def test_a_role_whose_values_all_went_with_an_earlier_session_is_none(write):
    lines = "".join(f"Episode {e}/5 | Deliveries: {e} | Loss: {1 / e}\n" for e in range(1, 6))
    run = load(write("log.txt", f"{lines}Success Rate: 100.0%\n{lines}Success Rate: 100.0%\n{lines}Success Rate: 90.0%\n{lines}"))
    assert set(run.roles) == {"epoch", "train_loss"}


def test_a_new_session_of_a_document_is_told_by_its_record(write):
    records = [{"epoch": epoch, "loss": 1 / epoch} for epoch in (1, 2, 1, 2, 3)]
    notes = load(write("log.json", json.dumps(records))).notes
    assert any("begins at record 3" in note for note in notes)


def test_a_first_epoch_written_twice_is_a_restart(write):
    run = load(write("log.csv", keras([(0, 1.0), (0, 1.1), (1, 0.9), (2, 0.7), (3, 0.6), (4, 0.5)])))
    assert len(run.series["train_loss"]) == 5


def test_a_last_restart_with_hardly_a_value_does_not_take_the_place_of_the_run_before_it(write):
    text = "epoch,loss\n" + "".join(f"{k},{1 / k}\n" for k in range(1, 9))
    for again in ("1,0.9\n", "1,0.9\n2,0.8\n", "1,0.9\n1,0.8\n2,0.7\n"):
        run = load(write("log.csv", text + again))
        assert run.series["train_loss"].values.tolist() == [1 / k for k in range(1, 9)]
        assert any("the series hold what came before it" in note for note in run.notes)
    run = load(write("log.csv", text + "1,0.9\n2,0.8\n3,0.7\n"))
    assert run.series["train_loss"].values.tolist() == [0.9, 0.8, 0.7]


def test_of_many_sessions_a_few_are_told_one_by_one(write):
    crashes = "1,0.9\n2,0.8\n3,0.7\n" * 9
    notes = load(write("log.csv", "epoch,loss\n" + crashes + "1,0.9\n2,0.8\n3,0.7\n4,0.6\n")).notes
    assert [note for note in notes if "more sessions" in note] == ["6 more sessions begin below, the last at line 29"]
    assert len(notes) < 6


def test_of_a_resumed_run_what_was_written_again_is_left_out(write):
    run = load(write("log.csv", keras([(1, 1.0), (2, 0.8), (3, 0.6), (4, 0.5), (3, 0.61), (4, 0.51), (5, 0.4)])))
    assert list(run.series["train_loss"].values) == [1.0, 0.8, 0.61, 0.51, 0.4]
    assert run.about["sessions"][1]["dropped"] == 2


def test_a_repeated_header_is_no_value(write):
    text = keras([(0, 1.0), (1, 0.8)]) + keras([(0, 1.0), (1, 0.7)])
    run = load(write("log.csv", text))
    assert list(run.series["train_loss"].values) == [1.0, 0.7]


def test_a_step_counter_that_begins_anew_while_epochs_go_on_is_told(write):
    rows = [(1, 100), (2, 200), (3, 300), (4, 100), (5, 200), (6, 300), (7, 400), (8, 500), (9, 600), (10, 700)]
    run = load(write("log.csv", "epoch,step,loss\n" + "".join(f"{epoch},{step},{1 / epoch}\n" for epoch, step in rows)))
    assert len(run.series["train_loss"]) == 10
    assert run.about["sessions"][1]["kind"] == "counter"


def test_a_schedule_that_begins_anew_where_the_loss_is_back_is_a_restart(write):
    def half(offset):
        for k in range(40):
            rate = min(k / 5, 1) * 0.5 * (1 + math.cos(math.pi * k / 40)) + 1e-6
            yield f"{offset + k * 10},{7 * math.exp(-k / 10) + 0.1},{rate}\n"

    run = load(write("log.csv", "step,loss,lr\n" + "".join([*half(0), *half(400)])))
    assert run.about["sessions"][1]["kind"] == "schedule"
    assert len(run.series["train_loss"]) == 40


def test_a_loss_that_explodes_is_no_restart(write):
    rows = "".join(f"{k * 10},{7 * math.exp(-k / 10) if k < 30 else 50},{0.1}\n" for k in range(60))
    run = load(write("log.csv", f"step,loss,lr\n{rows}"))
    assert "sessions" not in run.about
    assert len(run.series["train_loss"]) == 60


def test_rows_in_no_order_at_all_are_told_and_nothing_is_lost(write):
    rows = [(k * 17 % 40, 0.5) for k in range(40)]
    run = load(write("log.csv", keras(rows)))
    assert run.about["interleaved"]
    assert len(run.series["train_loss"]) == 40


def test_several_rows_an_epoch_are_no_sessions(write):
    run = load(write("log.csv", "epoch,loss\n" + "".join(f"{k // 5 + 1},{1 / (k + 1)}\n" for k in range(25))))
    assert "sessions" not in run.about
    np.testing.assert_allclose(run.series["train_loss"].epochs, np.arange(1, 26) / 5)


def test_batches_counted_within_epochs_are_fractions_of_them(write):
    rows = "".join(f"{epoch},{batch},0.5\n" for epoch in (1, 2, 3) for batch in (10, 20, 30, 40))
    run = load(write("log.csv", f"epoch,iter,loss\n{rows}"))
    np.testing.assert_allclose(run.series["train_loss"].epochs, np.arange(1, 13) / 4)


def test_batches_counted_within_each_of_two_epochs_are_no_sessions(write):
    rows = "".join(f"{epoch},{batch},0.5\n" for epoch in (1, 2) for batch in range(100, 1100, 100))
    assert "sessions" not in load(write("log.csv", f"epoch,iters,loss\n{rows}")).about


def test_two_processes_that_write_at_once_are_two_runs(write):
    rows = [row for k in range(1, 31) for row in (f"{k + 40},{1 / (k + 40)},0.5", f"{k},{3 / k},0.6")]
    runs = load_all(write("log.csv", "\n".join(["epoch,train_loss,val_loss", *rows]) + "\n"))
    assert [run.name for run in runs] == ["log writer 1", "log writer 2"]
    assert list(runs[0].series["train_loss"].epochs) == list(range(41, 71))
    assert list(runs[1].series["train_loss"].values) == [3 / k for k in range(1, 31)]
    assert all(run.about["interleaved"] for run in runs)


def test_two_processes_now_one_ahead_and_now_the_other_are_two_runs(write):
    chance = random.Random(0)
    left = {"a": [f"{k},{2 / (k + 1)}" for k in range(40)], "b": [f"{k},{3 / (k + 1)}" for k in range(40)]}
    rows = [left[name].pop(0) for name in chance.sample(["a", "b"] * 40, 80)]
    runs = load_all(write("log.csv", "\n".join(["epoch,loss", *rows]) + "\n"))
    assert [len(run.series["train_loss"]) for run in runs] == [40, 40]


def test_a_job_that_is_resumed_again_and_again_is_one_run(write):
    rows = [(epoch, 2 / (epoch + 1)) for start in range(0, 80, 10) for epoch in range(start, start + 20)]
    run = load(write("log.csv", keras(rows)))
    assert list(run.series["train_loss"].epochs) == list(range(1, 91))


@pytest.mark.parametrize("times", [2, 4])
def test_rows_that_each_process_of_a_job_writes_are_read_once(write, times):
    rows = [f"{time},{k},{1 / (k + 1)}\n" for k in range(8) for time in range(times * k, times * k + times)]
    run = load(write("log.csv", "time,step,loss\n" + "".join(rows)))
    assert len(run.series["train_loss"]) == 8
    assert list(run.series["train_loss"].places[:2]) == [2, 2 + times]
    assert run.about["copies"] == times


def test_a_loss_that_stays_for_a_row_is_no_copy(write):
    rows = [f"{k},{1 / (k // 2 + 1)}\n" for k in range(16)]
    run = load(write("log.csv", "step,loss\n" + "".join(rows)))
    assert len(run.series["train_loss"]) == 16


@pytest.mark.parametrize(
    ("steps", "epochs"),
    [((100, 200, 300), [1, 2, 3]), ((0, 100, 200), [0, 1, 2]), ((0, 1, 2), [1, 2, 3])],
    ids=["after", "before", "by count"],
)
def test_epoch_0_is_the_first_one_unless_nothing_was_trained_before_it(write, steps, epochs):
    rows = "".join(f"{epoch},{step},{1 / (step + 50)}\n" for epoch, step in enumerate(steps))
    run = load(write("a.csv", "epoch,step,val_loss\n" + rows))
    assert list(run.series["val_loss"].epochs) == epochs
    assert ("counts epochs from 0" in " ".join(run.notes)) is (epochs[0] == 1)
