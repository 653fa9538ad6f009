"""What tools print in their own ways is read with the right roles."""

import contextlib
import json

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import load, load_all

EPOCHS = range(1, 13)  # two digits too: [10] is no word
# Lines of one epoch; {e} the epoch, {t} and {v} the losses, {a} an accuracy of validation.
BOTH_LOSSES = {
    "paddle": "Epoch {e}/12\nstep 51/51 [====] - loss: {t} - 1ms/step\nEval begin...\nstep 13/13 [====] - loss: {v} - 853us/step\n",
    "paddle, lines": "epoch: {e},  loss is: {t}\ntesting in eval mode……\nepoch: {e},  loss is: {v}\nNow continue training……\n",
    "pytorch-cifar": "\nEpoch: {e}\n [==>............]  Step: 9ms | Tot: 1s | Loss: 9.9 | Acc: 9% (9/99) 3/391 \r"
    " [==============>]  Step: 61ms | Tot: 24s | Loss: {t} | Acc: 40.0% (2/5) 391/391 \n"
    " [==============>]  Step: 20ms | Tot: 2s | Loss: {v} | Acc: 39.0% (2/5) 100/100 \n",
    "allennlp bars": "2020-05-05 10:00:00,123 - INFO - allennlp.training.trainer - Epoch {e}/29\n"
    "2020-05-05 10:00:00,123 - INFO - allennlp.training.trainer - Training\nloss: {t} ||: 100%|###| 312/312 [00:10<00:00, 29it/s]\n"
    "2020-05-05 10:00:10,123 - INFO - allennlp.training.trainer - Validating\nloss: {v} ||: 100%|###| 40/40 [00:01<00:00, 39it/s]\n",
    "allennlp tables": "2020-05-05 10:00:00,123 - INFO - allennlp.training.trainer - Epoch {e}/29\n"
    "2020-05-05 10:00:12,123 - INFO - allennlp.training.tensorboard_writer -                     Training |  Validation\n"
    "2020-05-05 10:00:12,123 - INFO - allennlp.training.tensorboard_writer - gpu_0_memory_MB |  1234.000  |       N/A\n"
    "2020-05-05 10:00:12,123 - INFO - allennlp.training.tensorboard_writer - loss            |     {t}  |     {v}\n",
    "ludwig": "Epoch {e}\n╒══════╤═══════╤════════════╕\n│      │ train │ validation │\n╞══════╪═══════╪════════════╡\n"
    "│ loss │ {t}   │ {v}        │\n╘══════╧═══════╧════════════╛\n",
    "ludwig, old": "Epoch {e}\n╒═══════╤══════╕\n│ class │ loss │\n╞═══════╪══════╡\n│ train │ {t} │\n│ vali  │ {v} │\n╘═══════╧══════╛\n",
    "pairs": "Epoch {e} train/val loss: {t}/{v} train/val acc: 0.5/0.4\n",
    "pairs, named first": "Epoch {e} Loss (train/val): {t} / {v}\n",
    "mmdetection": "2021-05-11 10:00:00,123 - mmdet - INFO - Epoch [{e}][1833/1833]\tlr: 2.0e-02, eta: 8:22:41, loss: {t}\n"
    "2021-05-11 10:09:40,123 - mmdet - INFO - Epoch(val) [{e}][5000]\tloss: {v}\n",
    "mxnet": "INFO:root:Epoch[{e}] Train-cross-entropy={t}\n"
    "INFO:root:Epoch[{e}] Time cost=12.3\nINFO:root:Epoch[{e}] Validation-cross-entropy={v}\n",
    "informer": "Epoch: {e}, Steps: 264 | Train Loss: {t} Vali Loss: {v} Test Loss: 0.5\n",
    "fairseq": "| epoch {e:03d} | loss {t} | ppl 19.56 | num_updates {e}000 | lr 2.5e-05 | gnorm 0.321\n"
    "| epoch {e:03d} | valid on 'valid' subset | loss {v} | ppl 16.09 | num_updates {e}000 | best_loss 4.0\n",
    "espnet": "[host] 2022-01-01 10:05:00,123 (trainer:338) INFO: {e}epoch results: [train] iter_time=0.001, loss={t}, time=5 minutes, "
    "[valid] loss={v}, time=12.1 seconds\n",
    "timm": "Train: {e} [1250/1251 (100%)]  Loss: {t} (9.9)  Time: 0.5s, 2000.12/s  (0.6s, 1643.32/s)  LR: 5.000e-04\n"
    "Test: [  24/48]  Time: 1.012 (1.012)  Loss:  8.8 (8.8)\nTest: [  48/48]  Time: 1.012 (1.012)  Loss:  9.9 ({v})\n",
    "swin": "[2022-01-01 10:00:00 swin](main.py 213): INFO Train: [{e}/300][1250/1251]\teta 0:10:11 lr 0.000001\tloss {t} (9.9)\n"
    "[2022-01-01 10:00:00 swin](main.py 261): INFO Test: [97/98]\tTime 2.1 (2.1)\tLoss 9.9 ({v})\tAcc@1 50.0 (50.0)\n"
    "[2022-01-01 10:00:00 swin](main.py 268): INFO  * Acc@1 60.000 Acc@5 70.000\n",
}


def written(pattern):
    return "".join(pattern.format(e=e, t=2 / e, v=3 / e) for e in EPOCHS)


@pytest.mark.parametrize("tool", BOTH_LOSSES)
def test_training_and_validation_are_told_apart(write, tool):
    run = load(write("train.log", written(BOTH_LOSSES[tool])))
    np.testing.assert_allclose(run.series["train_loss"].values, [2 / e for e in EPOCHS])
    np.testing.assert_allclose(run.series["val_loss"].values, [3 / e for e in EPOCHS])
    np.testing.assert_allclose(np.ceil(run.series["train_loss"].epochs), list(EPOCHS))
    np.testing.assert_allclose(np.ceil(run.series["val_loss"].epochs), list(EPOCHS))


STEPS = {
    "dl4j": "06:38:16.402 [main] INFO org.deeplearning4j.optimize.listeners.ScoreIterationListener - Score at iteration {s} is {t}\n",
    "tacotron": "Train loss {s} {t} Grad Norm 1.2 1.23s/it\n",
    "composer": "[batch={s}/4800]:\n\t Train loss/train/total: {t}\n",
    "estimator": "INFO:tensorflow:loss = {t}, step = {s} (0.812 sec)\nINFO:tensorflow:global_step/sec: 123.4\n",
    "ssd": "iter {s} || Loss: {t} || utils/augmentations.py:238: VisibleDeprecationWarning\ntimer: 0.3520 sec.\n",
    "two lines": "current step: {s}th step\nbatch loss:{t}\n",
    "caffe": "I1117 21:57:48.058338 33463 solver.cpp:191] Iteration {s}, loss = {t}\n"
    "I1117 21:57:48.058384 33463 solver.cpp:206]     Train net output #0: loss = {t} (* 1 = {t} loss)\n",
}


@pytest.mark.parametrize("tool", STEPS)
def test_steps_are_found(write, tool):
    run = load(write("out.log", "".join(STEPS[tool].format(s=s, t=500 / s) for s in range(100, 1300, 100))))
    np.testing.assert_allclose(run.series["train_loss"].values, [500 / s for s in range(100, 1300, 100)])
    assert list(run.series["train_loss"].steps) == list(range(100, 1300, 100))


def test_nan_behind_a_name_without_a_sign_is_a_value(write):
    run = load(write("a.log", "".join(f"epoch {e} loss {'nan' if e > 2 else 0.5} val loss 0.7\n" for e in EPOCHS)))
    assert list(run.series["train_loss"].values[:3]) == [0.5, 0.5, pytest.approx(np.nan, nan_ok=True)]
    assert len(run.series["train_loss"]) == len(run.series["val_loss"]) == len(EPOCHS)


def test_episodes_are_counted_and_their_lengths_are_not(write):
    run = load(write("a.log", "".join(f"Episode {e} Step {20 - e}: Training Loss {1 / e}, Return 9.0\n" for e in EPOCHS)))
    assert list(run.series["train_loss"].epochs) == list(EPOCHS)
    assert not run.about.get("interleaved")


def test_a_time_per_step_is_no_step_and_a_rate_no_time(write):
    line = "{e}epoch:train: iter_time=0.001, loss={t}, samples/sec=12.0, words/sec/thread: 5\n"
    run = load(write("a.log", "".join(line.format(e=e, t=1 / e) for e in EPOCHS)))
    assert set(run.roles) == {"epoch", "train_loss"}


def test_a_heading_without_a_result_does_not_take_the_next_step(write):
    lines = "".join(f"Epoch 1 step {s} loss {1 / s}\n" + ("Validating...\n" if s % 5 == 0 else "") for s in range(1, 30))
    run = load(write("a.log", lines))
    assert set(run.series) == {"train_loss"}
    assert len(run.series["train_loss"]) == 29


def test_the_best_iteration_said_again_is_no_new_session(write):
    lines = "".join(f"[{k}]\ttraining's l2: {1 / k}\tvalid_1's l2: {2 / k}\n" for k in range(10, 200, 10))
    run = load(write("a.log", lines + "Early stopping, best iteration is:\n[150]\ttraining's l2: 0.006\tvalid_1's l2: 0.01\n"))
    assert len(run.series["val_loss"]) == 19
    assert not run.notes


TURNED = {
    "headed": "metric,epoch_1,epoch_2,epoch_3,epoch_4\n{rows}",
    "counted": "epoch,1,2,3,4\n{rows}",
    "bare": "{rows}",
}


@pytest.mark.parametrize("kind", TURNED)
def test_a_table_with_a_row_a_metric_is_turned(write, kind):
    run = load(write("a.csv", TURNED[kind].format(rows="train_loss,0.9,0.5,nan,0.3\nval_loss,1.0,,0.8,0.7\n")))
    assert list(run.series["val_loss"].values) == [1.0, 0.8, 0.7]
    assert np.isnan(run.series["train_loss"].values[2])


@pytest.mark.parametrize(("first", "axis"), [("iter", "step"), ("step", "step"), ("epoch", "epoch")])
def test_a_turned_table_counts_what_its_first_row_says(write, first, axis):
    run = load(write("a.csv", f"metric,{first}_100,{first}_200,{first}_300,{first}_400\ntrain_loss,0.9,0.5,0.4,0.3\n"))
    assert run.roles[axis] == axis
    loss = run.series["train_loss"]
    assert list(loss.steps if axis == "step" else loss.epochs) == [100, 200, 300, 400]


@pytest.mark.parametrize(
    "text", ["metric,value,best,worst,mean\naccuracy,0.9,0.95,0.1,0.5\nloss,0.1,0.1,0.9,0.5\n", "loss,1,2,3\n0.5,1,2,3\n0.4,1,2,3\n"]
)
def test_other_tables_are_not_turned(write, text):
    path = write("a.csv", text)
    with contextlib.suppress(ReadError):
        assert load(path).format != "transposed-table"


def notebook(*outputs):
    cells = [{"cell_type": "code", "metadata": {}, "source": [], "outputs": [output]} for output in outputs]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": ["# A"]}, *cells], "nbformat": 4, "nbformat_minor": 2})


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def test_every_cell_of_a_notebook_that_trained_is_a_run(write):
    row = "<tr><td>{e}</td><td>{t}</td><td>{v}</td></tr>\n"
    drawn = "<table><thead><tr><th>Epoch</th><th>Training Loss</th><th>Validation Loss</th></tr></thead>" + written(row) + "</table>"
    html = {"output_type": "display_data", "data": {"text/html": [drawn], "text/plain": ["<IPython.core.display.HTML object>"]}}
    printed = stream(written("Epoch {e}/12\n\r 1/25 [>..] - ETA: 1s - loss: 9.9\r25/25 [==] - 1s 3ms/step - loss: {t} - val_loss: {v}\n"))
    runs = load_all(write("a.ipynb", notebook(stream("Accuracy: 0.57\n"), printed, html)))
    assert [run.name for run in runs] == ["a cell 3", "a cell 4"]
    for run in runs:
        np.testing.assert_allclose(run.series["train_loss"].values, [2 / e for e in EPOCHS])
        np.testing.assert_allclose(run.series["val_loss"].values, [3 / e for e in EPOCHS])


@pytest.mark.parametrize("text", [notebook(stream("Accuracy: 0.57\n")), notebook(), '{"cells": 3, "nbformat": 4, "cell_type": 1}'])
def test_a_notebook_without_a_training_is_refused(write, text):
    with pytest.raises(ReadError, match="no cell printed a training"):
        load(write("a.ipynb", text))


NO_LOGS = {
    "paper.txt": "We train for 90 epochs. After epoch 30 the loss is 0.52.\nThe baseline reached an accuracy of 79.3 at epoch 60.\n"
    "At epoch 10, val_loss = 0.61. At last, after epoch 50 of training, val_loss = 0.50.\n",
    "README.md": "# A trainer\n\nYou should see\n\n    Epoch 1: loss=0.9 acc=0.5\n\nand at the end `val_loss: 0.3`.\n",
    "results.md": "# Results\n\n| Model | Accuracy | F1 |\n|---|---|---|\n| ResNet-18 | 91.2 | 90.1 |\n| ResNet-50 | 93.4 | 92.2 |\n",
    "results.csv": "method,accuracy,loss\nours,0.9,0.1\ntheirs,0.8,0.2\n",
    "train.py": "def test_a():\n" + "".join(f"    assert best(epoch={k}, loss=0.{k}) == {k}\n" for k in range(9)),
    "piped.txt": "import math\nfrom a import b\n\ndef run(loss=0.1):\n    loss = 0.5\n    accuracy = 0.25\n    return loss\n" * 3,
    "chat.txt": "[10:02] kim: my loss is 0.5 after epoch 3\n[10:03] lee: mine was 0.4 at epoch 3, accuracy 80%\n"
    "[10:20] kim: epoch 10: loss 0.2!\n",
    "settings.yaml": "epochs: 90\nlr: 0.1\nloss:\n  weight: 0.5\nval_loss_threshold: 0.3\naccuracy_target: 0.9\n",
}


@pytest.mark.parametrize("name", NO_LOGS)
def test_text_about_training_is_no_log(write, name):
    with pytest.raises(ReadError) as refusal:
        load(write(name, NO_LOGS[name]))
    assert "\n" not in str(refusal.value)


def test_a_log_in_a_text_is_read(write):
    text = "# My run\n```\n" + "".join(f"Epoch {e}/12 train_loss {1 / e} val_loss {2 / e}\n" for e in EPOCHS) + "```\nGood, loss 0.08!\n"
    assert len(load(write("a.md", text)).series["val_loss"]) == len(EPOCHS)


def test_a_log_may_begin_with_its_own_program(write):
    program = "import torch\ndef run(loss=0.1):\n    loss = 0.5\n    return loss\n" * 30
    run = load(write("a.txt", program + "".join(f"step:{s}/10 val_loss:{1 / s} train_time:3ms\n" for s in range(1, 9))))
    assert len(run.series["val_loss"]) == 8


def test_a_nameless_index_counts_epochs(write):
    run = load(write("a.csv", ",loss\n0,3.0\n1,2.0\n2,1.0\n"))
    assert list(run.series["train_loss"].epochs) == [1, 2, 3]


def test_results_by_fold_are_no_training(write):
    with pytest.raises(ReadError, match="table of results by fold"):
        load(write("a.csv", "fold,split,loss,accuracy\n1,val,0.5,0.8\n1,test,0.4,0.9\n2,val,0.5,0.8\n2,test,0.4,0.9\n"))


def test_a_value_loss_is_one_of_several(write):
    run = load(write("a.csv", "iter,reward,policy_loss,value_loss\n1,0.1,8.3,1.0\n2,0.2,8.1,0.9\n3,0.3,8.0,0.8\n"))
    assert "train_loss" not in run.series
    assert any("policy_loss, value_loss" in note for note in run.notes)


def test_the_two_lines_of_matlabs_header_are_one(write):
    rule = "|" + "=" * 60 + "|\n"
    header = "|  Epoch  |  Iteration  |  Mini-batch  |  Validation  |\n|         |             |     Loss     |     Loss     |\n"
    rows = "".join(f"|  {e}  |  {e * 50}  |  {1 / e:.4f}  |  {2 / e:.4f}  |\n" for e in EPOCHS)
    run = load(write("a.txt", rule + header + rule + rows + rule))
    assert run.roles["val_loss"] == "Validation Loss"
    assert list(run.series["train_loss"].steps) == [50 * e for e in EPOCHS]


def test_spacy_says_its_score(write):
    rows = "".join(f"  {e}  {e * 200}  {9 / e:.2f}  {7 / e:.2f}  {50 + e:.2f}  0.{50 + e}\n" for e in EPOCHS)
    run = load(
        write("a.txt", f"E    #       LOSS TOK2VEC  LOSS NER  ENTS_F  SCORE \n---  ------  ------------  --------  ------  ------\n{rows}")
    )
    assert run.roles["val_metric"] == "SCORE"
    assert list(run.series["val_metric"].steps) == [e * 200 for e in EPOCHS]


def test_basicsr_counts_in_thousands_and_shortens_its_losses(write):
    line = "2025-02-04 16:46:04,721 INFO: [basel..][epoch:{e:3d}, iter:{s:8,d}, lr:(2.993e-05,)] [eta: 0:40:11] l_pix: {t:.4e} \n"
    run = load(write("a.log", "".join(line.format(e=e, s=e * 400, t=1 / e) for e in EPOCHS)))
    assert run.roles["train_loss"] == "l_pix"
    assert list(run.series["train_loss"].steps) == [e * 400 for e in EPOCHS]


def test_figures_printed_alone_once_an_epoch_are_of_validation(write):
    lines = "".join(
        "".join(f"Epoch {e} | Batch {b}/900 | Train Loss {1 / (e + b / 900):.4f}\n" for b in range(100, 900, 100))
        + f"F1 score:  0.{50 + e}\nEpoch {e} | Valid Loss {2 / e:.4f}\n"
        for e in EPOCHS
    )
    assert load(write("a.log", lines)).roles["val_metric"] == "F1 score"


def test_a_bar_says_nothing_by_its_title(write):
    bars = "Map:  50%|██ | 5/10 [00:01<00:01, 5it/s]\rMap: 100%|████| 10/10 [00:02<00:00, 5it/s]\n"
    run = load(write("a.log", bars * 3 + "".join(f"epoch {e} loss: {1 / e}\n" for e in EPOCHS)))
    assert set(run.series) == {"train_loss"}


def test_a_heading_in_a_sentence_is_one(write):
    line = "==== Epoch {e} / 12 ====\nTraining...\nAverage training loss: {t}\nRunning Validation...\nAccuracy: 0.6\nValidation Loss: {v}\n"
    run = load(write("a.log", written(line)))
    assert run.roles["val_accuracy"] == "Accuracy"
    assert "train_accuracy" not in run.roles


def test_a_test_loss_stands_in_where_validation_is_only_guessed_at(write):
    run = load(write("a.log", written("Epoch: {e}, Average training loss: {t}\nAccuracy: 0.7768\nAverage testing loss: {v}\n")))
    np.testing.assert_allclose(run.series["val_loss"].values, [3 / e for e in EPOCHS])
    assert "test_loss" not in run.series


def test_a_bar_drawn_again_with_validation_counts_once(write):
    bar = "Epoch {e}/12\n48/48 ━━━━━━━ 0s 25ms/step - loss: 9.9\nEpoch {e}: val_loss improved from inf to {v}, saving model to a.h5\n"
    run = load(write("a.log", written(bar + "48/48 ━━━━━━━ 140s 29ms/step - loss: {t} - val_loss: {v}\n")))
    np.testing.assert_allclose(run.series["train_loss"].values, [2 / e for e in EPOCHS])


def test_a_mean_over_the_last_episodes_is_not_the_episode(write):
    lines = "".join(
        f"Episode {e} average score: {e:.2f}\n" + f"  Last 100 episodes {e} average score: {e / 2:.2f}\n" * (e % 5 == 0)
        for e in range(1, 31)
    )
    run = load(write("a.log", lines))
    assert run.series["train_metric"].values.tolist() == list(range(1, 31))
    assert not run.notes


def test_how_many_episodes_a_mean_is_over_is_no_value(write):
    run = load(write("a.log", "".join(f"Episode {e}\nMean reward of the last 100 episodes: {e / 7:.2f}\n" for e in range(1, 31))))
    assert run.series["train_metric"].values[-1] == 4.29


BARS = {"bar": "[==========] - 5s 2ms/step", "words": "- 5s"}


@pytest.mark.parametrize("drawn", BARS)
def test_an_evaluation_behind_the_last_epoch_is_no_new_session(write, drawn):
    epochs = written(f"Epoch {{e}}/12\n1875/1875 {BARS[drawn]} - loss: {{t}} - accuracy: 0.9 - val_loss: {{v}}\n")
    run = load(write("a.log", f"{epochs}313/313 {BARS[drawn]} - loss: 0.2 - accuracy: 0.9\n"))
    np.testing.assert_allclose(run.series["train_loss"].values, [2 / e for e in EPOCHS])
    np.testing.assert_allclose(run.series["val_loss"].values, [3 / e for e in EPOCHS])
    assert run.series["test_loss"].values.tolist() == [0.2]
    assert not run.notes


HEADERS = {
    "episode,score,avg_score,epsilon": {"epoch": "episode", "train_metric": "score"},
    "server_round,train_loss,val_loss": {"epoch": "server_round", "train_loss": "train_loss", "val_loss": "val_loss"},
    "epoch,t_loss,v_loss,t_acc,v_acc": {"train_loss": "t_loss", "val_loss": "v_loss", "train_accuracy": "t_acc", "val_accuracy": "v_acc"},
    "epoch,dice_loss,val_dice_loss,dice_coef,val_dice_coef": {"train_metric": "dice_coef", "val_metric": "val_dice_coef"},
    "epoch,trn_loss,vld_loss": {"train_loss": "trn_loss", "val_loss": "vld_loss"},
    "epoch,loss,val_score": {"val_metric": "val_score"},
    "epoch,hours,f1Score": {"val_metric": "f1Score"},
    "epoch,d_loss,g_loss,loss,acc": {"train_loss": "loss", "train_accuracy": None, "val_accuracy": None},
    "epoch,loss,disc_acc": {"train_loss": "loss", "train_accuracy": None, "val_accuracy": None},
    "step,loss,rewards/accuracies": {"train_loss": "loss", "train_accuracy": None, "val_accuracy": None},
    "epoch,loss,hit_ratio@10,ndcg@10": {"train_loss": "loss", "train_metric": None, "val_metric": "ndcg@10"},
    "epoch,loss,da_loss,de_loss": {"train_loss": "loss"},
    "epoch,cross_entropy,val_cross_entropy": {"train_loss": "cross_entropy", "val_loss": "val_cross_entropy"},
}


@pytest.mark.parametrize("header", HEADERS)
def test_headers_are_understood(write, header):
    rows = "".join(",".join([str(e), *(f"{k / e:.3f}" for k in range(1, header.count(",") + 1))]) + "\n" for e in EPOCHS)
    roles = load(write("a.csv", f"{header}\n{rows}")).roles
    assert {role: roles.get(role) for role in HEADERS[header]} == HEADERS[header]


def test_the_lengths_of_episodes_are_no_steps(write):
    rows = "".join(f"{e},{1 / e},{20 + e * 7 % 11}\n" for e in range(1, 31))
    run = load(write("a.csv", f"episode,loss,steps\n{rows}"))
    assert list(run.series["train_loss"].epochs) == list(range(1, 31))
    assert not run.notes


NO_COMPARISONS = {
    "one model in every row": "model,loss,val_loss\na,3,4\na,2,3\na,1,2\n",
    "checkpoints": "name,loss,val_loss\ncheckpoint-500,3,4\ncheckpoint-1000,2,3\ncheckpoint-1500,1,2\n",
    "days": "date,loss,val_loss\nJan 01,3,4\nJan 02,2,3\nFeb 01,1,2\n",
}


@pytest.mark.parametrize("kind", NO_COMPARISONS)
def test_a_training_with_labels_is_no_table_of_results(write, kind):
    assert list(load(write("a.csv", NO_COMPARISONS[kind])).series["val_loss"].values) == [4, 3, 2]
