"""What trainings print is read, whoever wrote the print statement."""

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import load

SPELLINGS = {
    "plain": "Epoch {e}: loss={t} val_loss={v}",
    "bars": "Epoch {e:03d} | learning rate: 0.05 | Train Loss: {t} | Valid Loss: {v} | Epoch Time: 28.71 s",
    "commas": "Epoch {e}, train loss {t}, val loss {v}",
    "bracketed": "Epoch [{e}/10], Loss: {t}, Val Loss: {v}, Acc: 91.2%",
    "stamped": "2024-01-01 10:00:0{e},123 - root - INFO - Epoch {e} - train loss: {t} - val loss: {v}",
    "tabs": "Epoch: {e} \tTraining Loss: {t} \tValidation Loss: {v}",
    "tensors": "epoch: {e} | train loss: tensor({t}, device='cuda:0') | val loss: tensor({v})",
    "numbered": "[ ({e} ) Loss:  {t}, train_Acc: 0.9, valid_Loss: {v}, valid_Acc: 0.97]",
    "of all": "[{e}/10] train_loss: {t} - valid_loss: {v}",
    "keras": "Epoch {e}/10\n\r 1/25 [>....] - ETA: 1s - loss: 9.9\r25/25 [=====] - 1s 3ms/step - loss: {t} - val_loss: {v}",
    "coloured": "\x1b[1mEpoch {e}\x1b[0m \x1b[31mtrain_loss:\x1b[0m {t} \x1b[32mval_loss:\x1b[0m {v}",
    "json": '2024-01-01 00:00:00 | INFO | x | {{"epoch": {e}, "train_loss": "{t}", "valid_loss": "{v}"}}',
    "two lines": "Train Epoch: {e} [60000/60000 (100%)]\tLoss: {t}\nTest set: Average loss: {v}, Accuracy: 9824/10000 (98%)",
    "headed": "Epoch {e}/3\n----------\ntrain Loss: {t} Acc: 0.5\nval Loss: {v} Acc: 0.4\n",
    "korean": "에포크 {e} 훈련 손실: {t} 검증 손실: {v}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_both_losses_are_found(write, spelling):
    text = "\n".join(SPELLINGS[spelling].format(e=e, t=1 / e, v=2 / e) for e in (1, 2, 3))
    run = load(write("train.log", f"Using device: cpu\nlr = 0.1\nModel parameters: 826,368\n{text}\nSaved to model.pt\n"))
    np.testing.assert_allclose(run.series["train_loss"].values, [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(run.series["val_loss"].values, [2, 1, 2 / 3])
    np.testing.assert_allclose(run.series["val_loss"].epochs, [1, 2, 3])


STEPS = {
    "nanogpt": ("iter {s}: loss {t}, time 15.00ms, mfu 24.80%", None),
    "build-nanogpt": ("step {s} | loss: {t} | lr: 6e-05 | norm: 27.0 | dt: 10.1", 27.0),
    "llm.c": ("s:{s} trl:{t} lr:0.000001 norm:15.37", 15.37),
    "speedrun": ("step:{s}/5100 train_loss:{t} train_time:3599ms step_avg:163.61ms", None),
    "megatron": (" iteration  {s}/ 500 | elapsed time per iteration (ms): 120.3 | lm loss: {t} | loss scale: 1.0 | grad norm: 1.2 |", 1.2),
    "torchtune": ("Step {s} | loss:{t} lr:2e-05 tokens_per_second_per_gpu:1234.5 grad_norm:1.2", 1.2),
    "torchtitan": ("\x1b[31mstep:  {s}  \x1b[32mloss:  {t}  \x1b[33mgrad_norm:  1.2345  \x1b[34mmemory:  1.2GiB(3.4%)", 1.2345),
    "mmengine": ("2023/06/08 17:31:56 - mmengine - INFO - Iter(train)  [ {s}/900]  lr: 1.0e-02  eta: 0:35:23  time: 0.1  loss: {t}", None),
}


@pytest.mark.parametrize("spelling", STEPS)
def test_steps_and_gradient_norms_are_found(write, spelling):
    line, norm = STEPS[spelling]
    run = load(write("out.txt", "\n".join(line.format(s=s, t=10 / s) for s in (10, 20, 40))))
    np.testing.assert_allclose(run.series["train_loss"].values, [1, 0.5, 0.25])
    assert list(run.series["train_loss"].steps) == [10, 20, 40]
    if norm:
        assert run.series["grad_norm"].values[0] == norm


def test_lines_of_two_kinds_are_two_series(write):
    lines = "".join(
        f"iter {k}: loss {1 / (k + 1)}, time 15.00ms\n" + (f"step {k}: train loss 0.5, val loss 0.6\n" if k % 5 == 0 else "")
        for k in range(11)
    )
    run = load(write("out.txt", lines))
    assert len(run.series["val_loss"]) == 3
    assert len(run.series["train_loss"]) == 3
    assert len(run.step_series["train_loss"]) == 11


def test_dicts_of_the_trainer_are_read_and_its_summary_is_not(write):
    text = """{'loss': '0.7612', 'grad_norm': 'nan', 'learning_rate': '5e-05', 'epoch': '0.5'}
{'eval_loss': 0.5, 'eval_accuracy': 0.91, 'eval_runtime': 2.3, 'epoch': 1.0}
 50%|█████     | 10/20 [00:01<00:01,  9.9it/s]{'loss': 0.6, 'grad_norm': 1.0, 'learning_rate': 1e-05, 'epoch': 1.5}
{'train_runtime': 100.0, 'train_loss': 0.4, 'epoch': 3.0}
"""
    run = load(write("nohup.out", text))
    assert list(run.series["train_loss"].values) == [0.7612, 0.6]
    assert np.isnan(run.series["grad_norm"].values[0])
    assert run.series["val_accuracy"].values[0] == 0.91


def test_batches_within_epochs_are_fractions_of_them(write):
    lines = [f"| epoch   {e} |   {b}/ 400 batches | lr 20.00 | loss  {5 / e} | ppl   100.0" for e in (1, 2) for b in (200, 400)]
    lines.insert(2, "| end of epoch   1 | time: 23.76s | valid loss  5.23 | valid ppl   187.35")
    run = load(write("log.md", "\n".join(lines)))
    assert list(run.series["train_loss"].epochs) == [0.5, 1, 1.5, 2]
    assert list(run.series["val_loss"].epochs) == [1]
    assert run.roles["val_metric"] == "valid ppl"


def test_a_share_of_counts_is_a_share(write):
    text = "".join(f"Epoch {e}\nTest set: Average loss: 0.0{e}, Accuracy: 98{e}0/10000 (98%)\n" for e in (1, 2, 3))
    run = load(write("out.txt", text))
    assert list(run.series["val_accuracy"].values) == [0.981, 0.982, 0.983]


def test_code_and_settings_are_no_log(write):
    text = """import torch
learning_rate : float = 0.0036
val_loss = 0.0
print(f"step:{step} loss:{loss:.4f}")
Namespace(batch_size=20, lr=20, epochs=6, dropout=0.2)
"""
    with pytest.raises(ReadError):
        load(write("code.txt", text))
    run = load(write("code.txt", text + "step:1/10 val_loss:3.5 time:1ms\nstep:2/10 val_loss:3.4 time:2ms\n"))
    assert list(run.series["val_loss"].values) == [3.5, 3.4]


def test_names_that_nobody_knows_can_be_mapped(write):
    path = write("loss_log.txt", "".join(f"(epoch: {e}, iters: 100, time: 0.1) D_A: 0.2{e} G_A: 0.4\n" for e in range(1, 5)))
    with pytest.raises(ReadError, match=r"D_A, G_A.*--map"):
        load(path)
    assert len(load(path, {"train_loss": "G_A"}).series["train_loss"]) == 4


def test_a_very_long_line_is_no_trap(write):
    path = write("out.txt", "x" * 2_000_000 + "\n" + "loss 1 " * 200_000 + "\nEpoch 1 loss: 0.5\nEpoch 2 loss: 0.4\n")
    assert list(load(path).series["train_loss"].values[-2:]) == [0.5, 0.4]


def test_what_the_best_model_was_saved_with_is_no_validation(write):
    lines = "".join(
        f"Epoch {20 * k}/2000, Loss: {9 - k}.0e+02, L2 Error: 9.{9 - k}e-01\nNew best model saved with error: 9.{9 - k}e-01\n"
        for k in range(6)
    )
    run = load(write("train_log.txt", lines))
    assert (run.roles["train_loss"], run.roles["train_metric"]) == ("Loss", "L2 Error")
    assert "val_metric" not in run.roles


@pytest.mark.parametrize(
    ("line", "counter"),
    [
        ("Cost after iteration {n}: {v}", "step"),
        ("Average loss at step {n} : {v}", "step"),
        ("Training loss in epoch {n} is {v}", "epoch"),
        ("Train loss of epoch {n} batch 3: {v}", "epoch"),
        ("Loss (epoch {n}, step 70): {v}", "epoch"),
        ("loss(epoch={n})={v}", "epoch"),
        ("Cost after {n} iterations is {v}", "step"),
        ("After {n} training step(s), loss on training batch is {v}.", "step"),
        ("After {n} epochs, loss = {v}", "epoch"),
        ("the {n}-th epoch, the loss is {v}", "epoch"),
        ("Эпоха {n}, loss: {v}", "epoch"),
        ("('Epoch:', {n}, 'Loss:', {v})", "epoch"),
        ("epoch {n} loss array({v}, dtype=float32)", "epoch"),
    ],
)
def test_counters_between_a_name_and_its_value_are_read(write, line, counter):
    run = load(write("train.log", "".join(line.format(n=n, v=2 / n) + "\n" for n in range(1, 7))))
    assert list(run.series["train_loss"].values) == [2 / n for n in range(1, 7)]
    counted = run.series["train_loss"].epochs if counter == "epoch" else run.series["train_loss"].steps
    assert list(counted) == list(range(1, 7))


def test_a_validation_measured_with_another_model_is_one(write):
    lines = "".join(f"After {1000 * k} training step(s), validation accuracy using average model is 0.9{k}\n" for k in range(6))
    assert list(load(write("train.log", lines)).series["val_accuracy"].values) == [0.9, 0.91, 0.92, 0.93, 0.94, 0.95]


@pytest.mark.parametrize(
    "line",
    [
        "Epoch {n} loss: {comma}",
        "Epoch {n}; loss: {comma}; val_loss: {comma}",
        "epoch {n} loss => {v}",
        "epoch {n} :: loss :: {v}",
        "epoch {n} loss ........ {v}",
        "epoch {n} loss:{v}acc:0.5",
        "The loss for epoch number {n} is: {v}",
        "Epoch no. {n}: loss {v}",
    ],
)
def test_signs_and_decimals_as_people_print_them(write, line):
    told = [(n, f"{2 / n:.3f}") for n in range(1, 7)]
    run = load(write("train.log", "".join(line.format(n=n, v=v, comma=v.replace(".", ",")) + "\n" for n, v in told)))
    assert list(run.series["train_loss"].values) == [float(v) for _, v in told]
    assert list(run.series["train_loss"].epochs) == [1, 2, 3, 4, 5, 6]


def test_thousands_set_apart_are_whole_where_a_loss_has_decimals_or_another_figure_is_meant(write):
    lines = "".join(f"epoch {n}: loss: 12,34{n}.5, reward: 1,23{n}\n" for n in range(1, 5))
    run = load(write("train.log", lines))
    assert list(run.series["train_loss"].values) == [12341.5, 12342.5, 12343.5, 12344.5]
    assert list(run.series["train_metric"].values) == [1231, 1232, 1233, 1234]


def test_a_name_that_is_said_twice_on_a_line_is_of_the_split_before_it(write):
    lines = "".join(f"epoch {n} | train loss 0.{9 - n} acc 0.{n} | val loss 0.9{9 - n} acc 0.0{n}\n" for n in range(1, 6))
    run = load(write("train.log", lines))
    assert list(run.series["train_accuracy"].values) == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert list(run.series["val_accuracy"].values) == [0.01, 0.02, 0.03, 0.04, 0.05]


def test_a_heading_that_evaluates_is_of_the_validation(write):
    lines = "".join(f"Epoch {n}\nTraining...\nloss 0.{9 - n}\nEvaluating...\nloss 0.9{9 - n}\n" for n in range(1, 6))
    run = load(write("train.log", lines))
    assert (len(run.series["train_loss"]), len(run.series["val_loss"])) == (5, 5)


@pytest.mark.parametrize(
    "line", ["0m {s}s (- 1h 3m 4s) ({s} {s}%) {t:.4f}", "1h 0m {s}s (- 0m 4s) ({s} {s}%) {t:.4f}", "0m {s}s ({s} {s}%) {t:.4f}"]
)
def test_a_loss_behind_the_time_and_the_share_done_is_by_step(write, line):
    run = load(write("out.txt", "\n".join(line.format(s=s, t=10 / s) for s in (5, 10, 20, 50))))
    assert list(run.series["train_loss"].values) == [2, 1, 0.5, 0.2]
    assert list(run.series["train_loss"].steps) == [5, 10, 20, 50]


ANSWERS = [9129, 9295, 9348, 9337, 9401]


@pytest.mark.parametrize(
    "line",
    ["Epoch {e}: {n} / 10000", "Epoch {e} : {n} / 10000", "Epoch {e}: {n} / 10000, took 3.4 seconds", "Epoch {e}: {n} / 10000 (91%)"],
)
def test_right_answers_after_each_epoch_are_an_accuracy(write, line):
    lines = [line.format(e=e, n=n) for e, n in enumerate(ANSWERS)]
    run = load(write("out.txt", "Loading the digits ...\n" + "\n".join(lines) + "\nEpoch 5: 93 / 100"))
    assert list(run.roles) == ["epoch", "val_accuracy"]
    np.testing.assert_allclose(run.series["val_accuracy"].values, np.array(ANSWERS) / 10000)
    assert list(run.series["val_accuracy"].epochs) == [1, 2, 3, 4, 5]
    assert run.series["val_accuracy"].places[0] == 2


def test_right_answers_that_never_change_are_an_accuracy_and_a_second_training_is_a_session(write):
    run = load(write("out.txt", "".join(f"Epoch {e}: 980 / 10000\n" for e in [0, 1, 2, 0, 1, 2])))
    assert set(run.series["val_accuracy"].values) == {0.098}
    assert any("session begins at line 4" in note for note in run.notes)


PROGRESS = {
    "several lines an epoch": [(e, n, 500) for e in (1, 2, 3) for n in (120, 340, 500)],
    "a bar an epoch": [(e, 500, 500) for e in (1, 2, 3, 4)],
    "samples so far": [(e, 100 * e, 500) for e in (1, 2, 3, 4)],
    "the patience": [(e, n, 10) for e, n in enumerate((0, 1, 0, 1, 2))],
    "loaders of several lengths": [(1, 13, 500), (2, 40, 400), (3, 21, 500)],
    "more than all": [(1, 13, 500), (2, 520, 500), (3, 21, 500)],
    "epochs left out": [(1, 13, 500), (3, 40, 500), (7, 21, 500)],
    "steps back": [(3, 13, 500), (2, 40, 500), (1, 21, 500)],
    "too few": [(1, 130, 500), (2, 400, 500)],
}


@pytest.mark.parametrize("progress", PROGRESS)
def test_progress_is_no_accuracy(write, progress):
    with pytest.raises(ReadError, match="no line names a loss or a metric"):
        load(write("out.txt", "".join(f"Epoch {e}: {n}/{whole}\n" for e, n, whole in PROGRESS[progress])))


def test_right_answers_beside_losses_are_left_to_what_reads_losses(write):
    run = load(write("out.txt", "".join(f"Epoch {e}: {n} / 10000\nloss: 0.{9 - e}\n" for e, n in enumerate(ANSWERS))))
    assert run.format == "console-text"
    assert "train_loss" in run.roles
