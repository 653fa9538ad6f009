"""What tools print and save in their own ways comes out as the same two curves."""

# ruff: noqa: E501 - lines as tools print them
import json

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import load, load_all
from advisor.signals.direction import higher_is_better

TRAIN, VAL = [2.3, 1.5, 1.1, 0.9], [2.4, 1.7, 1.4, 1.3]
ROWS = [(k + 1, train, val) for k, (train, val) in enumerate(zip(TRAIN, VAL, strict=True))]

PRINTED = {
    "parts of a line": "Epoch {e} | Train: loss={t} acc=0.5 | Val: loss={v} acc=0.4",
    "bracketed parts": "Epoch {e}: train[loss={t}] val[loss={v}]",
    "nested dicts": "{{'epoch': {e}, 'train': {{'loss': {t}}}, 'val': {{'loss': {v}}}}}",
    "espnet": "[host] 2021-01-01 10:00:00 (trainer:338) INFO: {e}epoch results: [train] acc=0.5, loss={t}, time=10, [valid] acc=0.4, loss={v}",
    "headings": "Epoch {e}\nTraining:\n  loss: {t}\nValidation:\n  loss: {v}",
    "quickstart": "Epoch {e}\n-----\nloss: {t}  [   64/60000]\nTest Error: \n Accuracy: 40%, Avg loss: {v} \n",
    "fairseq": "| epoch {e:03d} | loss {t} | gnorm 1.1 | wall 10\n| epoch {e:03d} | valid on 'valid' subset | loss {v} | best_loss 1.3",
    "paddle": "[2022/01/01 10:00:00] ppcls INFO: [Train][Epoch {e}/4][Avg]CELoss: 9, loss: {t}\n[2022/01/01] INFO: [Eval][Epoch {e}][Avg]loss: {v}",
    "icefall": "2023-01-01 INFO [train.py:898] Epoch {e}, loss={t}\n2023-01-01 INFO [train.py:932] Epoch {e}, validation: loss={v}, over 900.00 frames.",
    "tqdm": "Epoch {e}/4: 100%|███| 100/100 [00:10<00:00,  9.9it/s, loss={t}]\nval: 100%|███| 10/10 [00:01<00:00, loss={v}]",
    "keras, redrawn": "Epoch {e}/4\n9/9 [====] - ETA: 0s - loss: 7\nEpoch {e}: val_loss improved from 9 to 8\n9/9 [====] - 3s - loss: {t} - val_loss: {v}",
    "catboost": "{e}:\tlearn: {t}\ttest: {v}\tbest: {v} (3)\ttotal: 12.3ms\tremaining: 1.2s",
    "bare splits": "{e} train {t}\n{e} val {v}\n{e} hella 0.25",
    "xgboost": "[{e}]\tvalidation_0-mlogloss:{t}\tvalidation_1-mlogloss:{v}",
    "lightgbm": "[{e}]\ttraining's l2: {t}\tvalid_0's l2: {v}",
    "caffe": "I0101 10:00:01.1  12 solver.cpp:330] Iteration {e}, Testing net (#0)\n"
    "I0101 10:00:01.1  12 solver.cpp:397]     Test net output #0: loss = {v} (* 1 = {v} loss)\n"
    "I0101 10:00:01.1  12 solver.cpp:218] Iteration {e} (2.1 iter/s, 10.1s/100 iters), loss = {t}",
    "chinese": "轮次 {e}/4, 训练损失: {t}, 验证损失: {v}",
    "japanese": "エポック {e}: 訓練損失 {t} 検証損失 {v}",
    "cross validation": "Epoch {e} INFO tr_loss {t} cv_loss {v}",
    "behind a bar": "Epochs:   0%|▏   | {e}/90 [00:01<24:53,  1.49s/it]Epoch: {e}, Train Loss: {t}, Val Loss: {v}",
    "rounds": "[Round {e}/4] train loss: {t}, test loss: {v}",
    "cntk": "Finished Epoch[{e} of 5]: [Training] CrossEntropy = {t} * 10000; EvalError = 50.1% * 10000; epochTime=1.1s\n"
    "Finished Epoch[{e} of 5]: [Validate] CrossEntropy = {v} * 2000; EvalError = 60.1% * 2000",
    "litgpt": "Epoch {e} | iter {e}0 step {e}0 | loss train: {t}, val: {v} | iter time: 123.45 ms (step)",
    "dashes": "epoch {e} : train loss - {t}, val loss - {v}",
    "in words": "Epoch {e}: the train loss is {t} and the val loss is {v}",
    "kaldi's scheduler": "ITERATION 0{e}: TRAIN AVG.LOSS {t}, (lrate0.008), CROSSVAL AVG.LOSS {v}, nnet accepted",
    "behind a level": "2023-01-01 10:00:00,123 [INFO] {e}, train_loss={t}, test_loss={v}, LR=0.1, time 2.31s",
    "slashed": "[Epoch {e:03d}] loss {t}/{v} dice 0.41/0.48",
    "counters inside the name": "The train loss of epoch{e}-batch-100:{t}\nThe val loss of epoch{e}:{v}",
    "values below their names": "Epoch:\n{e}\nTrain loss:\n[{t}]\nValidation loss:\n  {v}",
    "russian": "Эпоха {e}/4: потери на обучении: {t}, потери на валидации: {v}",
    "chinese, by set": "训练轮数: {e}, 训练集损失 = {t}, 验证集损失 = {v}, 验证集准确率 = 45.2%",
    "japanese errors": "エポック: {e} 学習誤差: {t} 検証誤差: {v}",
    "korean errors": "[에폭 {e}] 학습 오차: {t} / 검증 오차: {v}",
    "german compounds": "Epoche {e}: Trainingsfehler {t}, Validierungsfehler {v}, Genauigkeit 45%",
    "french": "Époque {e}/4 - perte: {t} - perte de validation: {v}",
    "italian": "Epoca {e}: perdita di addestramento {t}, perdita di validazione {v}",
    "turkish": "Epok {e}: eğitim kaybı: {t}, doğrulama kaybı: {v}",
    "vietnamese": "Epoch {e}: mất mát huấn luyện: {t}, mất mát kiểm định: {v}",
    "indonesian": "Epoch {e}: kerugian pelatihan {t}, kerugian validasi {v}",
    "glued": "Epoch: [{e}]  celoss: {t} (9.9)  time: 4.1\nval celoss: {v}",
}  # fmt: skip


def read(write, lines, name="log.txt"):
    """The run in a file that holds these lines for each epoch."""
    return load(write(name, "".join(lines.format(e=e, t=t, v=v) for e, t, v in ROWS)))


def expect_both(run):
    np.testing.assert_allclose(run.series["train_loss"].values, TRAIN)
    np.testing.assert_allclose(run.series["val_loss"].values, VAL)


@pytest.mark.parametrize("spelling", PRINTED)
def test_both_curves_are_found_in_what_is_printed(write, spelling):
    expect_both(load(write("train.log", "\n".join(PRINTED[spelling].format(e=e, t=t, v=v) for e, t, v in ROWS) + "\n")))


TABLES = {
    "commented header": ("# run 3\n# epoch train_loss val_loss", "{e} {t} {v}"),
    "percent header": ("% epoch,train_loss,val_loss", "{e},{t},{v}"),
    "markdown": ("| epoch | train loss | val loss |\n|---|---:|:---:|", "| {e} | {t} | {v} |"),
    "drawn with signs": ("+---+----+----+\n| epoch | train loss | val loss |\n+---+----+----+", "| {e} | {t} | {v} |"),
    "drawn with boxes": ("┏━━━┳━━━┓\n┃ Epoch ┃ Train Loss ┃ Val Loss ┃\n┡━━━╇━━━┩", "│ {e} │ {t} │ {v} │"),
    "skorch": (
        "  epoch    train_loss    valid_loss     dur\n-------  ----  ----  ----",
        "   {e}    \x1b[36m{t}\x1b[0m     \x1b[32m{v}\x1b[0m  0.1",
    ),
    "wide gaps": ("Iter       Train Loss   Val Loss    Remaining Time", "   {e}      {t}     {v}     1.2s"),
    "a comma at the end": ("epoch,train_loss,val_loss", "{e},{t},{v},"),
    "epochs in words": ("epoch,train_loss,val_loss", "Epoch {e}/4,{t},{v}"),
    "a row a split": ("epoch,phase,loss", "{e},train,{t}\n{e},val,{v}"),
    "a row a metric": ("tag,step,value", "train/loss,{e},{t}\nval/loss,{e},{v}"),
    "mlflow's table": ("run_id,key,value,timestamp,step,is_nan", "a,train_loss,{t},1,{e},0\na,val_loss,{v},1,{e},0"),
    "pandas, printed": ("   epoch  train_loss  val_loss", "{e}    {e}    {t}    {v}"),
    "pandas, without epochs": ("   loss  val_loss", "{e}    {t}    {v}"),
    "h2o": (
        "    timestamp            duration    training_loss    validation_loss\n--  -------------------  ----------  ---------------  -----",
        "{e}   2020-01-01 10:00:00   1.2 sec     {t}     {v}",
    ),
    "parts in a list": (
        "Step      Train loss      Test loss       Test metric",
        "{e}   [{t}e+00, 0.00e+00]    [{v}e+00, 0.00e+00]   [5.0e-01]",
    ),
    "a header of two levels": (",loss,loss,accuracy,accuracy\n,train,val,train,val\nepoch,,,,", "{e},{t},{v},0.5,0.4"),
    "russian": ("эпоха,потери_обучения,потери_валидации", "{e},{t},{v}"),
    "german": ("Epoche;Trainingsverlust;Validierungsverlust", "{e};{t};{v}"),
    "spanish": ("época,pérdida entrenamiento,pérdida validación", "{e},{t},{v}"),
}


@pytest.mark.parametrize("layout", TABLES)
def test_both_curves_are_found_in_a_table(write, layout):
    header, row = TABLES[layout]
    run = load(write("log.txt", "\n".join([header, *(row.format(e=e, t=t, v=v) for e, t, v in ROWS)]) + "\n"))
    expect_both(run)


@pytest.mark.parametrize(("header", "row"), [
    ("#,train loss,val loss", "{e},{t},{v}"),
    ("#\ttrain loss\tval loss", "{e}\t{t}\t{v}"),
    ("| # | train loss | val loss |\n|---|---|---|", "| {e} | {t} | {v} |"),
])  # fmt: skip
def test_a_column_called_number_counts_epochs_and_is_no_comment(write, header, row):
    run = load(write("log.txt", "\n".join([header, *(row.format(e=e, t=t, v=v) for e, t, v in ROWS)]) + "\n"))
    expect_both(run)
    assert list(run.series["train_loss"].epochs) == [1, 2, 3, 4]


def test_a_loss_without_a_further_word_stands_before_a_part_that_says_its_split(write):
    text = "epoch,loss,val_loss,train_loss_box\n" + "".join(f"{e},{t},{v},0.2\n" for e, t, v in ROWS)
    expect_both(load(write("log.csv", text)))


def test_the_accuracy_of_a_test_that_stands_in_is_taken_with_its_loss(write):
    text = "epoch,tr_loss,te_loss,te_acc,val_f1\n" + "".join(f"{e},{t},{v},0.{e},0.{e}1\n" for e, t, v in ROWS)
    run = load(write("log.csv", text))
    expect_both(run)
    assert (run.roles["val_accuracy"], run.roles["val_metric"]) == ("te_acc", "val_f1")


DOCUMENTS = {
    "by epoch": {str(e): {"train_loss": t, "val_loss": v} for e, t, v in ROWS},
    "by epoch_n": {f"epoch_{e}": {"train_loss": t, "val_loss": v} for e, t, v in ROWS},
    "pandas split": {"columns": ["epoch", "train_loss", "val_loss"], "index": [0, 1, 2, 3], "data": [list(row) for row in ROWS]},
    "xgboost": {"validation_0": {"logloss": TRAIN}, "validation_1": {"logloss": VAL}},
    "catboost": {"meta": {}, "iterations": [{"learn": [t], "test": [v], "iteration": e} for e, t, v in ROWS]},
    "one metric a record": [{"metric": name, "step": e, "value": value} for e, t, v in ROWS for name, value in (("train_loss", t), ("val_loss", v))],
}  # fmt: skip


@pytest.mark.parametrize("shape", DOCUMENTS)
def test_both_curves_are_found_in_a_document(write, shape):
    expect_both(load(write("log.json", json.dumps(DOCUMENTS[shape]))))


def test_events_of_one_metric_a_line_are_put_together(write):
    lines = [json.dumps([{"metric": "loss", "variant": split, "iter": e, "value": value}]) for e, t, v in ROWS for split, value in (("train", t), ("val", v))]  # fmt: skip
    expect_both(load(write("metrics.jsonl", "\n".join(lines))))


def test_histories_under_names_are_runs_of_their_own(write):
    document = {"adam": {"loss": TRAIN, "val_loss": VAL}, "sgd": {"loss": VAL, "val_loss": TRAIN}}
    runs = load_all(write("all.json", json.dumps(document)))
    assert [run.name for run in runs] == ["adam", "sgd"]
    expect_both(runs[0])


@pytest.mark.parametrize(("column", "names"), [("seed", ["0", "1"]), ("run_name", ["a", "b"]), ("fold", ["1", "2"])])
def test_runs_that_a_column_tells_apart_are_kept_apart(write, column, names):
    rows = [f"{names[0]},{e},{t},{v}" for e, t, v in ROWS] + [f"{names[1]},{e},{v},{t}" for e, t, v in ROWS]
    runs = load_all(write("log.csv", "\n".join([f"{column},epoch,train_loss,val_loss", *rows])))
    assert len(runs) == 2
    expect_both(runs[0])
    assert list(runs[1].series["train_loss"].values) == VAL


def test_the_newest_row_may_come_first(write):
    text = "epoch,train_loss,val_loss\n" + "".join(f"{e},{t},{v}\n" for e, t, v in reversed(ROWS))
    run = load(write("log.csv", text))
    expect_both(run)
    assert list(run.series["train_loss"].places) == [5, 4, 3, 2]


def test_a_file_named_after_validation_is_validation(write):
    run = load(write("val_log.csv", "epoch,loss,acc\n1,0.5,0.6\n2,0.4,0.7\n"))
    assert set(run.series) == {"val_loss", "val_accuracy"}


def test_lists_that_a_script_prints_are_curves(write):
    expect_both(load(write("out.txt", f"Using cpu\ntrain_losses = {TRAIN}\nval_losses = {VAL}\n")))


def test_bars_that_never_end_are_read_as_they_were_drawn(write):
    bars = "".join(f"\rSteps:   1%|▏  | {100 * e}/15000 [00:10<1:00:00,  4.1it/s, lr=1e-05, step_loss={t}]" for e, t, _ in ROWS)
    run = load(write("out.txt", f"Loading\n{bars}\n"))
    assert list(run.series["train_loss"].values) == TRAIN
    assert list(run.series["train_loss"].steps) == [100, 200, 300, 400]


def test_darknet_is_read(write):
    run = load(
        write(
            "out.txt", "".join(f" {e}: 9.9, {t} avg loss, 0.001000 rate, 3.1 seconds, 64 images\nLoaded: 0.1 seconds\n" for e, t, _ in ROWS)
        )
    )
    assert len(run.series["train_loss"]) == 4
    assert list(run.series["train_loss"].steps) == [1, 2, 3, 4]


def test_frames_of_names_and_numbers_are_rows(write):
    block = "-----\n| rollout/         |      |\n|    ep_rew_mean   | {t}  |\n| time/            |      |\n|    total_timesteps | {e}00 |\n| train/ | |\n|    loss          | {v} |\n-----\n"
    run = load(write("out.txt", "".join(block.format(e=e, t=t, v=v) for e, t, v in ROWS)))
    assert run.roles["train_metric"] == "rollout/ep_rew_mean"
    assert list(run.series["train_metric"].values) == TRAIN
    assert list(run.series["train_metric"].steps) == [100, 200, 300, 400]


YOLO = "      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n"


def test_yolo_is_read_from_its_console(write):
    row = "        {e}/4      2.3G     9.9      0      0         35        640:  50%|███\r        {e}/4      2.3G     {t}      0      0         35        640: 100%|██████| 10/10\n"
    row += "                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██| 5/5\n                   all        128        929      0.6      0.5      0.6      0.{e}\n"
    run = load(write("train.log", YOLO + YOLO.join(row.format(e=e, t=t) for e, t, _ in ROWS)))
    assert list(run.series["train_loss"].values) == TRAIN
    assert list(run.series["val_metric"].values) == [0.1, 0.2, 0.3, 0.4]
    assert list(run.series["val_metric"].epochs) == [1, 2, 3, 4]


def test_yolo_results_without_a_header_are_read(write):
    row = "     {k}/3     3.6G   {t}   0   0   {t}   16   640   0.51   0.52   0.6   0.{k}    {v}    0   0\n"
    run = load(write("results.txt", "".join(row.format(k=e - 1, t=t, v=v) for e, t, v in ROWS)))
    expect_both(run)
    assert run.roles["val_metric"] == "metrics/mAP_0.5:0.95"


def test_decibels_behind_a_number_are_its_unit(write):
    lines = "".join(f"epoch: {e}, loss: {1 / e:.3f}\nepoch: {e}, Average PSNR : {20 + e}.5dB\n" for e in range(1, 5))
    run = load(write("train_log.txt", lines))
    assert list(run.series["val_metric"].values) == [21.5, 22.5, 23.5, 24.5]


def test_a_logger_may_stamp_the_rows_of_a_table(write):
    row = "2024-08-19 13:28:4{e},101 INFO [tool/MainProcess] model.log : {e}00\t{t}\t{v}\n"
    text = "2024-08-19 13:28:40,101 INFO [tool/MainProcess] model.log : Step\tTrain loss\tValid loss\t\n"
    run = load(write("train.log", text + "".join(row.format(e=e, t=t, v=v) for e, t, v in ROWS)))
    expect_both(run)
    assert list(run.series["val_loss"].steps) == [100, 200, 300, 400]


def test_figures_on_lines_of_their_own_belong_to_the_epoch_above_them(write):
    block = "Epoch {e} Metrics:\nTrain Loss: {t} | Val Loss: {v}\nF1 Score: 0.4{e} | Accuracy: 0.5{e}\nCurrent Learning Rate: 0.00{e}\n"
    run = load(write("train.log", "".join(block.format(e=e, t=t, v=v) for e, t, v in ROWS)))
    expect_both(run)
    assert list(run.series["lr"].values) == [0.001, 0.002, 0.003, 0.004]
    assert run.roles["val_accuracy"] == "Accuracy"
    assert run.roles["val_metric"] == "F1 Score"


def test_an_accuracy_of_some_epochs_only_is_an_evaluation(write):
    lines = [f"Epoch {e} loss {1 / e:.3f}" + (f" | Acc {e}.5%" if e % 5 == 0 else "") for e in range(1, 21)]
    assert load(write("train.log", "\n".join(lines))).roles["val_accuracy"] == "Acc"


def test_a_likelihood_per_token_is_the_loss_that_is_trained_on(write):
    lines = "".join(f"Iteration {e} - loss: nll_per_token: {t} kld: 0.15 - lr: 0.0005\n" for e, t, _ in ROWS)
    run = load(write("train.log", lines))
    assert run.roles["train_loss"] == "nll_per_token"
    assert "val_loss" not in run.roles


def test_records_in_a_file_named_after_evaluation_are_validation(write):
    records = "".join(json.dumps({"episode": e, "episode_reward": 10 - v, "eval_time": 3.5, "step": 100 * e}) + "\n" for e, _, v in ROWS)
    assert load(write("eval.log", records)).roles["val_metric"] == "episode_reward"


def test_a_list_of_results_is_no_table(write):
    text = "data size:      22371 (train=17897, val=4474)\nepochs run:     100 / 100 (patience=10)\nbest val MSE:   11.0\nwall-time:      176.18 s\n"
    with pytest.raises(ReadError, match="expected lines such as"):
        load(write("log.txt", text))


def test_steps_in_brackets_behind_a_stamp_are_steps(write):
    stamp = "I1002 21:43:14.805023 139917864867392 logging_writer.py:35] "
    lines = "".join(f"{stamp}[{100 * e}] train_loss={t}\n{stamp}[{100 * e}] eval_loss={v}, eval_accuracy=0.5\n" for e, t, v in ROWS)
    run = load(write("train.log", lines))
    expect_both(run)
    assert list(run.series["train_loss"].steps) == [100, 200, 300, 400]


def test_the_best_metric_so_far_is_no_metric_of_now(write):
    lines = (
        "epoch: [{e}/4], global_step: {e}0, loss: {t}\ncur metric, hmean: 0.{e}\nbest metric, hmean: 0.99, precision: 0.9, best_epoch: 3\n"
    )
    run = read(write, lines, "train.log")
    assert list(run.series["val_metric"].values) == [0.1, 0.2, 0.3, 0.4]
    assert "train_metric" not in run.roles


def test_julias_logger_begins_a_line_with_the_epoch_in_brackets(write):
    run = read(write, "[ Info: [{e}]: Test accuracy: 0.9{e}\n[ Info:  -> New best accuracy! Saving model out to conv.bson\n")
    assert list(run.series["val_accuracy"].epochs) == [1, 2, 3, 4]


def test_potentials_are_told_after_validation(write):
    run = read(
        write, "2024-03-12 10:0{e}:00.124 INFO: Epoch {e}: head: default, loss={v}, RMSE_E_per_atom=  30.8 meV, RMSE_F= 50.9 meV / A\n"
    )
    assert list(run.series["val_loss"].values) == VAL
    assert run.roles["val_metric"] == "RMSE_F"


def test_topic_models_tell_a_perplexity_of_held_out_text(write):
    run = read(
        write,
        "10:00 : INFO : topic diff=1.2, rho=1.0\n10:0{e} : INFO : -8.1 per-word bound, {v} perplexity estimate based on a held-out corpus of 9 documents\n",
    )
    assert list(run.series["val_metric"].values) == VAL


def test_a_document_whose_losses_show_no_progress_is_no_table_either(write):
    with pytest.raises(ReadError, match="players against each other"):
        load(write("history.json", json.dumps({"critic_loss": VAL, "gen_loss": TRAIN}, indent=2)))


def test_the_loss_of_an_actor_beside_its_reward_is_not_judged(write):
    run = read(write, "Iter {e} | Return: -4{e}.5 | Policy Loss: {t} | Rescued: 5\n")
    assert set(run.series) == {"train_metric"}
    assert "Policy Loss" in run.unused
    assert "train_loss" in read(write, "Iter {e} | Policy Loss: {t}\n").roles


def test_a_mean_that_is_equal_to_a_number_is_that_number(write):
    run = read(write, "Running epoch {e}\n    Avg loss after epoch {e}, is equal to {t}\n")
    assert list(run.series["train_loss"].values) == TRAIN


def test_a_rate_beside_a_time_on_a_line_of_its_own_is_the_rate(write):
    run = read(write, "Epoch {e}/4\n  Train Loss: {t} | Val Loss: {v}\n  LR: {e}.5e-05 | Time: 23.45s\n")
    assert list(run.series["lr"].values) == [1.5e-5, 2.5e-5, 3.5e-5, 4.5e-5]


def test_how_far_a_bar_in_brackets_is_drawn_is_no_loss(write):
    expect_both(read(write, "train loss: 100%[*****->]0.35\n[epoch {e}] train_loss: {t} val_loss: {v}\n"))


def test_epochs_behind_a_split_are_no_figures(write):
    run = read(
        write,
        "(train: {e} ): 100%|###| 9/9 [00:44<00:00, 62.28it/s, loss={t}]\n(valid: {e} ): 100%|###| 3/3 [00:03<00:00, 69.1it/s, loss={v}]\n",
    )
    expect_both(run)
    assert "train_accuracy" not in run.roles


def test_hyphened_figures_of_both_splits_are_told_apart(write):
    run = read(write, "Epoch {e}/4 | Loss {t}/{v} | Expr-Acc 0.2{e}2/0.3{e}7 | 45.1s\n")
    expect_both(run)
    assert list(run.series["val_accuracy"].values) == [0.317, 0.327, 0.337, 0.347]


@pytest.mark.parametrize("name", ["Val_Accuarcy", "validaton accuracy", "Vaildation Acuracy"])
def test_names_are_understood_though_misspelt(write, name):
    assert read(write, f"Epoch {{e}}: trainning loss {{t}} | {name} 0.5{{e}}\n").roles["val_accuracy"] == name


MEANS = {
    "by split": "Epoch {e}/4\nIter {e}0: loss 9.5\nIter {e}5: loss 8.5\nTrain: loss {t}\nVal loss: {v}\n",
    "by number": "Epoch {e} Batch 0 Loss 9.5\nEpoch {e} Batch 100 Loss 8.5\nEpoch {e} Loss {t}\nEpoch {e} Val Loss {v}\n",
    "in brackets": "[INFO] [{e}, 10] loss: 9.5\n[INFO] [{e}, 20] loss: 8.5\n[INFO] [Train] loss: {t}\n[INFO] [Valid] loss: {v}\n",
}


@pytest.mark.parametrize("said", MEANS)
def test_means_of_epochs_are_not_mixed_with_the_losses_of_batches(write, said):
    run = read(write, MEANS[said])
    expect_both(run)
    assert list(run.step_series["train_loss"].values) == [9.5, 8.5] * 4


@pytest.mark.parametrize("prefix", ["[rank0] ", "INFO:root:", "[INFO] "])
def test_a_heading_may_stand_behind_a_level_or_a_rank(write, prefix):
    lines = ["Epoch {e}", "loss: {t}", "Evaluating...", "  loss: {v}", "  accuracy: 0.{e}"]
    expect_both(read(write, "".join(f"{prefix}{line}\n" for line in lines)))


@pytest.mark.parametrize("prefix", ["2024-01-01 10:00:00,123 - root - INFO - ", "10:00:01 | ", "INFO:root:", "- "])
def test_an_epoch_in_brackets_may_stand_behind_what_a_logger_writes(write, prefix):
    run = read(write, prefix + "[{e}/4] train loss->{t} val loss->{v}\n")
    expect_both(run)
    assert list(run.series["train_loss"].epochs) == [1, 2, 3, 4]


def test_figures_with_their_values_are_no_header(write):
    run = read(write, "2024-04-16 10:4{e}:45,123 - INFO - Epoch {e}: Recall@100=0.7{e}, NDCG@20=0.4{e}\n")
    assert list(run.series["val_metric"].epochs) == [1, 2, 3, 4]


@pytest.mark.parametrize(("name", "higher"), [
    *(("R^2", True), ("exact match", True), ("EM", True), ("C-index", True), ("LAS", True), ("Jaccard", True), ("SI-SDR", True)),
    *(("EER", False), ("HD95", False), ("error rate", False)),
])  # fmt: skip
def test_the_direction_of_a_metric_is_known(write, name, higher):
    run = read(write, f"Epoch {{e}}\n  train loss: {{t}}\nEvaluating...\n  {name}: 0.{{e}}\n")
    assert list(run.series["val_metric"].values) == [0.1, 0.2, 0.3, 0.4]
    assert higher_is_better(run.roles["val_metric"]) is higher


@pytest.mark.parametrize(
    ("counter", "axis"), [("Game {e}", "epochs"), ("Timestep {e}", "steps"), ("Frame {e}", "steps"), ("Rollout {e}", "steps")]
)
def test_agents_count_games_and_frames(write, counter, axis):
    run = read(write, counter + " Score: {t} Record: 9\n")
    assert list(getattr(run.series["train_metric"], axis)) == [1, 2, 3, 4]


def test_trials_of_a_search_are_no_epochs(write):
    run = read(write, "Trial {e} finished with val loss: {v}\n")
    assert "epoch" not in run.roles


@pytest.mark.parametrize(
    "said", ["✓ Best model saved (F1: 0.7{e}02)", "New best model saved with F1: 0.7{e}02", "Best checkpoint save: F1=0.7{e}02"]
)
def test_what_a_saved_model_reached_is_no_metric_of_training(write, said):
    run = read(write, "Epoch {e}/4\nTrain Loss: {t}\nVal Loss: {v}\nVal F1: 0.7{e}02\n" + said + "\n")
    assert "train_metric" not in run.roles
    assert len(run.series["val_metric"]) == 4


def test_the_total_of_several_rewards_is_the_one_to_judge_by(write):
    text = "Episode   Prey Reward   Total Reward\n" + "".join(f"{e}   {t}   {v}\n" for e, t, v in ROWS)
    assert load(write("log.txt", text)).roles["train_metric"] == "Total Reward"


@pytest.mark.parametrize("name", ["재현율", "再現率", "召回率", "récompense"])
def test_a_metric_named_in_another_language_alone_is_judged(write, name):
    run = load(write("log.csv", f"epoch,{name}\n" + "".join(f"{e},0.{e}\n" for e, *_ in ROWS)))
    assert name in run.roles.values()


def test_julia_prints_arguments_behind_a_name(write):
    run = load(write("out.txt", "".join(f"loss(x, y) = param({t})\naccuracy(m, x) = 0.{e}\n" for e, t, _ in ROWS)))
    assert list(run.series["train_loss"].values) == TRAIN


def test_coco_tells_a_precision_over_all_areas_and_parts_of_it(write):
    coco = " Average Precision  (AP) @[ IoU={o} | area={a:>6s} | maxDets=100 ] = {x}\n"
    table = [("0.50:0.95", "all", "0.{e}"), ("0.50     ", "all", "0.9"), ("0.50:0.95", "small", "0.01")]
    lines = "epoch: {e}/4, total_loss: {t}\n" + "".join(coco.format(o=o, a=a, x=x) for o, a, x in table)
    run = read(write, lines, "train.log")
    assert run.roles["val_metric"] == "AP"
    assert list(run.series["val_metric"].values) == [0.1, 0.2, 0.3, 0.4]
    assert list(run.series["val_metric"].epochs) == [1, 2, 3, 4]


def test_a_return_per_episode_counts_no_episodes(write):
    lines = "Starting iteration {e}\nAverage undiscounted return per training episode: {r}\n"
    run = load(write("out.txt", "".join(lines.format(e=e, r=10 * e) for e, _, _ in ROWS)))
    assert list(run.series["train_metric"].values) == [10, 20, 30, 40]


def test_words_that_all_losses_share_tell_none_apart(write):
    path = "info/learner/default_policy/stats"
    header = f"timesteps_total,episode_reward_mean,{path}/total_loss,{path}/policy_loss,{path}/vf_loss"
    run = load(write("progress.csv", header + "\n" + "".join(f"{e}00,{10 * e},{t},0.1,9.9\n" for e, t, _ in ROWS)))
    assert run.roles["train_loss"] == f"{path}/total_loss"


def test_the_rate_of_a_config_is_no_series(write):
    record = {"training_iteration": 1, "episode_reward_mean": 5.0, "info": {"cur_lr": 5e-05}, "config": {"lr": 0.1}}
    lines = "".join(json.dumps({**record, "training_iteration": e, "info": {"cur_lr": 0.1 / e}}) + "\n" for e, _, _ in ROWS)
    assert load(write("result.json", lines)).roles["lr"] == "info/cur_lr"


def test_figures_beside_those_of_a_test_are_of_it_too(write):
    lines = "=> Epoch {e} Complete: Avg. Loss: {t}\n=> Epoch {e}: testing psnr = {p}, ssim = 0.9\n"
    run = load(write("log.txt", "".join(lines.format(e=e, t=t, p=30 + e) for e, t, _ in ROWS)))
    assert run.roles["val_metric"] == "testing psnr"
    assert run.roles["train_loss"] == "Avg. Loss"


def test_a_rate_that_is_set_is_the_rate(write):
    lines = "learning rate is set to:  0.0{e}\nEpoch {e}: 54602.6, Time is 374.20s\n[dev set] Precision: 74.3, F1: 7{e}.1\n"
    run = load(write("log.txt", "".join(lines.format(e=e) for e, _, _ in ROWS)))
    assert list(run.series["lr"].values) == [0.01, 0.02, 0.03, 0.04]
    assert list(run.series["val_metric"].values) == [71.1, 72.1, 73.1, 74.1]


def test_a_number_in_brackets_begins_no_document(write):
    with pytest.raises(ReadError, match="neither a loss nor a metric"):
        load(write("log.txt", "".join(f"[{e}] time 43.3 shape 1\nsaved\n" for e in range(9))))


def test_frames_of_an_evaluation_do_not_hide_the_losses_between_them(write):
    frame = (
        "┏━━━━━━┳━━━━━━┓\n┃ Name ┃ Value ┃\n┡━━━━━━╇━━━━━━┩\n│ MeanAveragePrecision │ 0.{e}000 │\n│ map_small │ -1.0 │\n└──────┴──────┘\n"
    )
    lines = "[INFO] [Epoch {e}/4] Duration: 0.45s | Train Loss: {t}\n[INFO] Validation loss: {v}\n" + frame
    expect_both(read(write, lines, "train.log"))


def test_f_1_is_f1(write):
    text = "epoch,f_1,loss,val_f_1,val_loss,val_precision\n1,0.5,2.3,0.4,2.4,0.3\n2,0.6,1.5,0.5,1.7,0.4\n"
    assert load(write("log.csv", text)).roles["val_metric"] == "val_f_1"


def test_two_figures_within_an_epoch_are_no_training_and_validation(write):
    lines = "Epoch {e} [10/100] loss {t}/{v} acc 50.1/80.2\n"
    assert "val_loss" not in read(write, lines).roles
    assert "val_accuracy" not in load(write("log.txt", "".join(f"Epoch {e} loss {t} acc 50.1/80.2\n" for e, t, _ in ROWS))).roles


def test_what_was_taken_for_granted_about_two_figures_is_said(write):
    run = load(write("log.txt", "".join(f"Epoch {e} loss {t}/{v}\n" for e, t, v in ROWS)))
    assert any("slash" in note for note in run.notes)


def test_vowpal_wabbits_progress_is_a_loss_by_examples(write):
    header = "Num weight bits = 18\naverage since example example current current\nloss last counter weight label predict\n"
    run = load(write("vw.log", header + "".join(f"{t} {v}        {2**e}      {2**e}.0   1.0000   0.0000\n" for e, t, v in ROWS)))
    assert list(run.series["train_loss"].values) == TRAIN
    assert list(run.series["train_loss"].steps) == [2, 4, 8, 16]


def test_a_batch_in_a_heading_holds_for_the_lines_below(write):
    lines = "[Step {s}/400] [Epoch 0/30]\n\tloss: {t}, time: 0.3\n"
    run = load(write("log.txt", "".join(lines.format(s=100 * e, t=t) for e, t, _ in ROWS)))
    np.testing.assert_allclose(run.series["train_loss"].epochs, [0.25, 0.5, 0.75, 1])


def test_players_against_each_other_are_refused_as_such(write):
    lines = "(epoch: {e}, iters: 100, time: 0.2, data: 0.1) D_A: {t} G_A: {v} cycle_A: {v}\n"
    with pytest.raises(ReadError, match="players against each other"):
        load(write("loss_log.txt", "".join(lines.format(e=e, t=t, v=v) for e, t, v in ROWS)))


def test_the_losses_of_a_forward_fit_and_a_backward_pass_are_parts(write):
    with pytest.raises(ReadError, match="none of them the whole"):
        load(write("log.txt", "".join(f"<epoch: {e}, lr:1e-4> l_forw_fit: {t} l_back_rec: {v}\n" for e, t, v in ROWS)))


def test_bare_splits_that_grow_within_shares_are_accuracies(write):
    grown = [f"Epoch: {e:03d}, Train: {1 - t / 3:.4f}, Val: {1 - v / 3:.4f}, Test: 0.5\n" for e, t, v in ROWS]
    assert load(write("log.txt", "".join(grown))).roles["val_accuracy"] == "Val"


def test_batches_at_the_start_of_lines_are_no_epochs_where_words_count_these(write):
    lines = "epoch {e}/600\n1/2, train_loss: {t}\n2/2, train_loss: {t}\ncurrent epoch: {e} current mean dice: 0.{e}\n"
    run = read(write, lines)
    np.testing.assert_allclose(run.series["train_loss"].epochs, np.arange(1, 9) / 2)


def test_of_a_list_of_losses_none_is_taken(write):
    run = load(write("log.txt", "".join(f"Losses: [2.65, 2.42, 10.24], step: {e}00, lr: 0.1, reference_loss: {t}\n" for e, t, _ in ROWS)))
    assert run.roles["train_loss"] == "reference_loss"


def test_counts_of_right_answers_are_no_accuracy(write):
    run = load(write("log.txt", "".join(f"Loss after iteration {e}000: {t}\naccuracy: {140 + e}\n" for e, t, _ in ROWS)))
    assert list(run.series) == ["train_loss"]


def test_seconds_that_are_called_costs_are_no_losses(write):
    lines = "[TRAIN] epoch: {e}, iter: {e}0/40, loss: {t}, lr: 0.01, batch_cost: 0.5, reader_cost: 0.01, ips: 8.0 samples/sec\n"
    run = read(write, lines)
    assert run.roles["train_loss"] == "loss"
    assert not run.step_series


def test_norms_of_weights_are_none_of_gradients(write):
    lines = "-- Epoch {e}\nNorm: {v}, NNZs: 10, Bias: 0.1, T: {e}00, Avg. loss: {t}\nTotal training time: 0.01 seconds.\n"
    run = read(write, lines)
    assert list(run.series) == ["train_loss"]


def test_what_the_best_model_was_saved_with_is_no_accuracy_in_chinese_either(write):
    lines = "Epoch: {e}, Average training loss: {t}\nAccuracy: 0.{e}\nAverage testing loss: {v}\n新的最佳模型保存，准确率: 0.{e}\n"
    assert "train_accuracy" not in read(write, lines).roles


def test_a_bar_without_figures_keeps_the_heading(write):
    lines = "Epoch {e} / 4\nTraining...\n  0%|   | 0/575 [00:00<?, ?it/s]\n Average training loss: {t}\nRunning Validation...\n  0%|   | 0/72 [00:00<?, ?it/s]\n  accuracy  0.{e}\n"
    run = read(write, lines)
    assert list(run.series["val_accuracy"].values) == [0.1, 0.2, 0.3, 0.4]


def test_remarks_behind_figures_leave_a_log_a_log(write):
    remarks = ("random init", "first sanity", "converging", "overfit starts")
    lines = [f"ep  {e}: loss={t}  dev_CER= {40 * v}%  ({said})\n" for (e, t, v), said in zip(ROWS, remarks, strict=True)]
    run = load(write("notes.md", "".join([*lines, "ep  5: loss=0.1  dev_CER= 30%  <- best\n"])))
    assert len(run.series["train_loss"]) == 5


TRACES = {
    "# weights:  31\ninitial  value 100.1\n{lines}final  value 0.9\nconverged\n": "iter {e:>3} value {t}\n",
    "{lines}": "At iteration {e}/{e}/{e}, Mean rms=5.1%, delta=20.1%, BCER train={t}%, BWER train=50.0%, skip ratio=0%,  New best BCER = 1\n",
}


@pytest.mark.parametrize("text", TRACES)
def test_traces_of_r_and_tesseract_are_read(write, text):
    run = load(write("log.txt", text.format(lines="".join(TRACES[text].format(e=e, t=t) for e, t, _ in ROWS))))
    assert list(run.series["train_loss"].values) == TRAIN
    assert list(run.series["train_loss"].steps) == [1, 2, 3, 4]


def test_units_behind_metrics_are_theirs(write):
    lines = "Epoch   {e}/4 | Train Loss: {t} | Val Loss: {v} | Val RMSE: {v}mm | Val MAE: {v} meV\n"
    run = read(write, lines)
    assert run.roles["val_metric"] in ("Val RMSE", "Val MAE")


def test_hyphens_part_losses_from_their_values(write):
    lines = "[epoch-{e}/30, train loss-{t}, valid loss-{v}, valid acc-80.12%\n"
    run = read(write, lines)
    expect_both(run)
    assert run.roles["val_accuracy"] == "valid acc"


def test_a_bonus_for_exploring_is_no_loss_of_the_whole(write):
    lines = "Learning iteration {e}/4\n  Mean value_function loss: {t}\n  Mean entropy loss: 16.9\n  Mean reward: {e}.5\n"
    run = read(write, lines)
    assert "train_loss" not in run.roles
    assert run.roles["train_metric"] == "Mean reward"


def test_bars_tell_their_split_in_chinese_too(write):
    bars = "Epoch {e}/4 [训练]: 100%|███| 125/125 [02:15<00:00, loss={t}]\nEpoch {e}/4 [验证]: 100%|███| 32/32 [00:28<00:00, loss={v}]\n"
    expect_both(load(write("log.txt", "".join(bars.format(e=e, t=t, v=v) for e, t, v in ROWS))))


def test_one_loss_of_an_earlier_training_is_passed_over(write):
    meta = "meta: {'iteration': 34, 'train_loss': 1.52, 'best_val_loss': 1.95}\n"
    run = load(write("log.txt", meta + "".join(f"    epoch {e}/4  loss={t}\n" for e, t, _ in ROWS)))
    assert list(run.series["train_loss"].values) == TRAIN


COMMON = {
    "names as markdown escapes them": "epoch {e}: train\\_rmse {t} | dev\\_rmse {v} m | ADE 0.772 m",
    "held-out data": "It: {e} \t train NLL: {t} \t held-out NLL: {v} \t Learning rate: 1.0",
    "in japanese, by parts": "エポック {e}/8\n  時間: 1.2秒\n  方策損失: 9.1\n  価値損失: 0.5\n  合計損失: {t}\n検証損失: {v} (Best: 0.03)",
    "hugging face's flax": "Step... ({e}00 | Loss: {t}, Learning Rate: 0.0005)\nStep... ({e}00 | Loss: {v}, Acc: 0.{e})",
    "keras' guide": "Start of epoch {e}\nTraining loss (for one batch) at step 0: {t}\nTraining acc over epoch: 0.5\nValidation loss: {v}\n",
    "points": "[{e}: 10/500] train loss: {t} accuracy: 0.4\n[{e}: 10/500] test loss: {v} accuracy: 0.3",
    "counts of training and test": "Train {e}, loss: {t}, train acc: 0.4\nTest {e}, loss: {v}, test acc: 0.3",
    "costs on data": "Epoch {e} training complete\nCost on training data: {t}\nCost on evaluation data: {v}",
    "julia's single precision": "[ Info: Start\nEpoch: {e}   Train: (loss = {t}f0, acc = 89.9)   Test: (loss = {v}f0, acc = 90.1)",
    "trax": "Step     {e}: Ran 9 train steps in 3.01 secs\nStep     {e}: train CrossEntropyLoss |  {t}\n"
    "Step     {e}: eval  CrossEntropyLoss |  {v}\nStep     {e}: eval          Accuracy |  0.4375",
    "a log line right behind a bar": " 2{e}%|██▉       | 2{e}/100 [04:09<10:09,  8.59s/it]2026-08-28 20:33:35,429 - INFO - Epoch {e} | "
    "Train Loss: {t} | Val Loss: {v}",
    "in korean, with particles": "Epoch {e}: train loss는 {t}, val loss는 {v}",
    "behind a sentence": "[Epoch {e} 60000/60000] Throughput is 500.1 records/second. Loss is {t}. \nVal. loss {v}",
}


@pytest.mark.parametrize("spelling", COMMON)
def test_both_curves_are_found_in_what_tutorials_print(write, spelling):
    expect_both(load(write("train.log", "\n".join(COMMON[spelling].format(e=e, t=t, v=v) for e, t, v in ROWS) + "\n")))


def test_a_cross_entropy_alone_is_what_is_trained_on(write):
    lines = "Step {e}00: Train accuracy = 9{e}.0%\nStep {e}00: Cross entropy = {t}\nStep {e}00: Validation accuracy = 8{e}.0% (N=100)\n"
    assert read(write, lines).roles["train_loss"] == "Cross entropy"


def test_a_running_loss_stands_before_its_parts(write):
    lines = "Epoch: {e} | Iteration: 9 | Classification loss: {v} | Regression loss: 0.5 | Running loss: {t}\n"
    assert read(write, lines).roles["train_loss"] == "Running loss"


def test_scipys_minimiser_is_read_with_the_exponents_of_fortran(write):
    lines = "At iterate {e:>4}    f=  {t}D+00    |proj g|=  1.50000D-01\n\n"
    run = load(write("log.txt", "RUNNING THE L-BFGS-B CODE\n\n" + "".join(lines.format(e=e, t=t) for e, t, _ in ROWS)))
    assert list(run.series["train_loss"].values) == TRAIN
    assert run.series["grad_norm"].values[0] == 0.15


def test_scores_of_snapshots_are_one_run(write):
    line = '{{"results": {{"fid50k_full": {v}}}, "metric": "fid50k_full", "total_time": 100.1, "snapshot_pkl": "network-{e}.pkl"}}\n'
    run = load(write("metric-fid50k_full.jsonl", "".join(line.format(e=e, v=v) for e, _, v in ROWS)))
    assert list(run.series["val_metric"].values) == VAL


def test_the_best_so_far_is_not_taken_for_an_evaluation_of_its_own(write):
    lines = "Epoch {e}/4 | lr=0.1\ntrain_loss={t} train_acc=7{e}.1 | test_loss={v} test_acc=7{e}.5 | time=4.8s\nSaved new best checkpoint: acc=7{e}.5%\n"
    run = read(write, lines)
    expect_both(run)
    assert run.roles["val_accuracy"] == "test_acc"


def test_ranking_is_measured_on_held_out_data_though_a_line_is_of_training(write):
    lines = "INFO (lightning/MainThread) Training: Epoch=  {e} [recall@10=0.{e} ndcg@10=0.{e}1 train_loss={t}]\n"
    assert read(write, lines).roles["val_metric"] == "ndcg@10"


def test_a_perplexity_alone_is_of_training(write):
    lines = "| epoch {e} |  iter 1 / 19 | time 0[s] | perplexity {t}\n"
    assert read(write, lines).roles["train_metric"] == "perplexity"


def test_a_total_stands_before_a_part_that_says_its_split(write):
    lines = "Epoch {e} train Loc Loss: 9.1 Cls Loss: 8.1 Tot Loss: {t} Accu :0.1{e}\nEpoch {e} val Loc Loss: 9.2 Cls Loss: 8.2 Tot Loss: {v} Accu :0.1\n"
    expect_both(read(write, lines))


def test_what_a_mean_is_taken_over_is_no_figure(write):
    lines = "Training epoch: {e}\n\tMean training loss: {t}.  Mean training acc: 8{e}.1%.\nEval epoch: {e}\n\tMean test loss of 258 batches: {v}.\n\tTop1: 7{e}.1%\n"
    run = read(write, lines)
    expect_both(run)
    assert run.series["val_accuracy"].values[0] == 71.1


def test_a_number_of_batches_alone_breaks_nothing(write):
    text = "".join(f"epoch {e}\nloss over many batches: {t}\nbatches: {100 + e}\nloss {v}\n" for e, t, v in ROWS)
    assert "train_loss" in load(write("log.txt", text)).roles


def test_records_may_be_called_by_their_split(write):
    record = '{{"name": "{name}", "epoch": {e}, "cumulative loss": 57.6, "average loss": {x}}}\n'
    text = [record.format(name=name, e=e, x=x) for e, t, v in ROWS for name, x in (("train", t), ("validation", v))]
    expect_both(load(write("log.jsonl", "".join(text))))


def test_caffes_outputs_are_parts_of_its_loss(write):
    lines = (
        "I0413 06:41:54.831908 22206 solver.cpp:242] Iteration {e}00 (0.26 iter/s, 149.3s/40 iter), loss = {t}\n"
        "I0413 06:41:54.831998 22206 solver.cpp:261]     Train net output #0: loss_bbox = 9.1 (* 2 = 18.2 loss)\n"
        "I0413 06:41:54.832008 22206 solver.cpp:261]     Train net output #1: loss_coverage = 0.1 (* 1 = 0.1 loss)\n"
    )
    run = read(write, lines)
    assert run.roles["train_loss"] == "loss"


def test_losses_of_zero_beside_wrong_answers_were_not_measured(write):
    lines = "Epoch: [{e}][100/107]   Loss {t} ({t})    Prec@1 93.0 (91.{e})\nTest: [0/100]   Time 0.1 (0.1)   Loss 0.0000 (0.0000)   Prec@1 51.0 (48.{e})\n"
    run = read(write, lines)
    assert "val_loss" not in run.series
    assert len(run.series["val_accuracy"]) == 4
    assert any("not every answer is right" in note for note in run.notes)


def test_accy_is_accuracy(write):
    lines = "Task 0, Epoch {e}/4 => Loss {t}, Train_accy 5{e}.1, Test_accy 4{e}.1\n"
    run = read(write, lines)
    assert (run.roles["train_accuracy"], run.roles["val_accuracy"]) == ("Train_accy", "Test_accy")


def test_how_many_epochs_there_are_is_no_count_of_them(write):
    bar = "200/200 [==============================] - 4883s 24s/step - loss: {t} - val_loss: {v}\n"
    said = "why is the accuracy always 0.5 until 8/30 epoch?\n\n" + bar.format(t=3.1, v=3.2)
    run = load(write("log.txt", said + "".join(f"Epoch {e + 1}/30\n{bar.format(t=t, v=v)}" for e, t, v in ROWS)))
    assert len(run.series["train_loss"]) == 5
    assert not run.about.get("sessions")
