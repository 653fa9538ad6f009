"""Which printed lines are log lines, which data they are about, and which of them say the same in more detail."""

import numpy as np
import pytest

from advisor.cli._judging import Question, judged
from advisor.errors import ReadError
from advisor.readers import load
from advisor.settings import settings

CSV = "epoch,loss\n1,0.5\n2,0.4\n3,0.3\n"


def values(run, role):
    return list(run.series[role].values)


def test_two_evaluations_without_a_counter_are_believed_where_they_stand_under_two_counts(write):
    run = load(
        write(
            "train.log",
            "".join(f"epoch: {e}\ntrain loss : {t}\nvalidation loss: {v}\nlr: 0.1\n" for e, t, v in [(1, 2.0, 3.0), (2, 1.0, 2.5)]),
        )
    )
    assert values(run, "train_loss") == [2.0, 1.0]
    assert values(run, "val_loss") == [3.0, 2.5]
    assert values(run, "lr") == [0.1, 0.1]
    assert list(run.series["val_loss"].epochs) == [1, 2]


def test_two_lines_without_a_counter_under_one_count_prove_nothing(write):
    with pytest.raises(ReadError):
        load(write("train.log", "epoch: 1\nvalidation loss: 3.0\nvalidation loss: 2.5\n"))


def test_a_key_that_is_called_the_data_set_tells_the_split(write):
    line = "Phase: Training, Dataset used: {0}, Batch Processed Count: 17, Epoch: {1}, Accuracy: 0,{2}, Cross-Entropy: {3},5E+1\n"
    run = load(
        write("train.log", "".join(line.format(*one) for e in (0, 1) for one in (("Train", e, 5, 2 - e), ("Validation", e, 4, 3 - e))))
    )
    assert values(run, "train_loss") == [25.0, 15.0]
    assert values(run, "val_loss") == [35.0, 25.0]
    assert values(run, "val_accuracy") == [0.4, 0.4]


def test_what_is_evaluated_on_the_training_data_is_no_validation(write):
    lines = (
        f"[ITER {s}] Evaluating {part}: L1 0.1 PSNR {psnr + s}\n" for s in (100, 200) for part, psnr in (("test", 10.5), ("train", 20.5))
    )
    run = load(write("out.log", "".join(lines)))
    assert values(run, "val_metric") == [110.5, 210.5]
    assert values(run, "train_metric") == [120.5, 220.5]


def test_a_list_mark_before_an_epoch_ends_no_evaluation(write):
    run = load(write("train.log", "".join(f"* Epoch {e}, loss: {1 / e}, acc: {e / 4}\n" for e in (1, 2, 3))))
    assert values(run, "train_loss") == [1.0, 1 / 2, 1 / 3]
    assert values(run, "train_accuracy") == [0.25, 0.5, 0.75]


def test_means_of_epochs_stand_before_the_batches_that_they_are_taken_over(write):
    text = "".join(
        f"epoch : {e}, iteration : {10 * e}, train loss : {9 / e}\nepoch : {e}, mean train loss : {1 / e}\n"
        f"epoch : {e}, iteration : {2 * e}, val loss : {8 / e}\nepoch : {e}, mean val loss : {2 / e}\n"
        for e in (1, 2, 3)
    )
    run = load(write("train.log", text))
    np.testing.assert_allclose(values(run, "train_loss"), [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(values(run, "val_loss"), [2, 1, 2 / 3])
    np.testing.assert_allclose(run.step_series["train_loss"].values, [9, 9 / 2, 3])


def test_one_mean_at_the_end_does_not_stand_before_the_batches(write):
    text = "".join(f"[{e}, {b}] loss: {1 / (e + b)}\n" for e in (1, 2, 3) for b in (100, 200)) + "Epoch 3 ended. Average loss: 0.5\n"
    assert len(load(write("train.log", text)).series["train_loss"]) == 6


def test_a_range_of_batches_is_a_place_within_the_epoch(write):
    text = "".join(
        f"{e}epoch:train:1-50batch: loss={9 / e}\n{e}epoch:train:51-100batch: loss={8 / e}\n"
        f"{e}epoch results: [train] loss={1 / e}, [valid] loss={2 / e}\n"
        for e in (1, 2)
    )
    run = load(write("train.log", text))
    assert values(run, "train_loss") == [1.0, 0.5]
    assert values(run, "val_loss") == [2.0, 1.0]


@pytest.mark.parametrize("name", ["R", "win rate", "win_rate", "ep_rewmean"])
def test_what_an_agent_earns_is_of_its_training(write, name):
    run = load(write("train.log", "".join(f"Episode {e} {name}: {e / 8}\n" for e in (1, 2, 3))))
    assert values(run, "train_metric") == [1 / 8, 2 / 8, 3 / 8]


def test_a_recall_beside_what_only_rankings_have_is_of_held_out_data(write):
    run = load(write("log.csv", "epoch,loss,recall,ndcg\n1,0.5,0.1,0.2\n2,0.4,0.2,0.3\n"))
    assert "train_metric" not in run.series
    assert values(run, "val_metric") == [0.2, 0.3]


def test_a_logger_may_stand_before_a_table_of_both_splits(write):
    logger = "2020-01-01 10:00:00,000 [24] allennlp.tensorboard_writer l283 INFO | "
    table = "".join(f"{logger}           Training |  Validation\n{logger}loss  |  {1 / e}  |  {2 / e}\n" for e in (1, 2, 4))
    run = load(write("train.log", table))
    assert values(run, "train_loss") == [1.0, 0.5, 0.25]
    assert values(run, "val_loss") == [2.0, 1.0, 0.5]


def test_a_refusal_says_where_a_loss_is_no_number(write):
    text = "".join(f"Epoch: {e} D loss: {d} G loss: {g}\n" for e, d, g in [(1, 0.5, 2.0), (2, 0.4, 2.1), (3, "nan", "nan")])
    with pytest.raises(ReadError, match="D loss is nan at line 3; players against each other"):
        load(write("train.log", text))


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be"])
def test_text_of_four_bytes_a_character_is_read(write, encoding):
    mark = "" if encoding == "utf-32" else "\ufeff"
    assert values(load(write("log.csv", (mark + CSV).encode(encoding))), "train_loss") == [0.5, 0.4, 0.3]


def test_a_folder_that_is_searched_in_part_says_so_beside_its_runs(tmp_path, write, capsys):
    write("log.csv", CSV)
    write("/".join("abcdefghijklm") + "/log.csv", CSV)
    assert len(judged([str(tmp_path)], Question(settings()))) == 1
    assert "searched folders down to 12 below it, and there are deeper ones" in capsys.readouterr().err
