"""Tables of many tools are read with the right roles; cells keep their three states and their lines."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import load, load_all


def test_a_list_within_a_sentence_is_no_header(write):
    report = Path(__file__).parents[1] / "report" / "goldens" / "several.txt"
    with pytest.raises(ReadError):
        load(write("report.txt", report.read_text(encoding="utf-8")))
    listed = "epoch, train_loss, val_loss\n" + "".join(f"{k} {1 / k:.4f} {2 / k:.4f}\n" for k in range(1, 6))
    assert set(load(write("log.txt", listed)).series) == {"train_loss", "val_loss"}


def test_keras_epochs_count_from_one_and_na_is_absent(write):
    run = load(write("log.csv", "epoch,accuracy,loss,lr,val_accuracy,val_loss\n0,0.5,1.0,0.1,NA,NA\n1,0.6,0.9,0.1,0.55,1.1\n"))
    assert run.format == "table"
    assert dict(run.roles) == {
        "epoch": "epoch", "train_loss": "loss", "val_loss": "val_loss",
        "train_accuracy": "accuracy", "val_accuracy": "val_accuracy", "lr": "lr",
    }  # fmt: skip
    assert list(run.series["train_loss"].epochs) == [1, 2]
    assert list(run.series["val_loss"].places) == [3]


def test_cells_have_three_states(write):
    run = load(write("log.csv", "epoch,loss\n1,0.5\n2,\n3,nan\n4,inf\n5,-Infinity\n6,1e400\n7,null\n8,0.1\n9,0.1\n"))
    loss = run.series["train_loss"]
    assert list(loss.epochs) == [1, 3, 4, 5, 6, 8, 9]
    assert np.isnan(loss.values[1])
    assert list(loss.values[2:5]) == [math.inf, -math.inf, math.inf]
    assert list(loss.places) == [2, 4, 5, 6, 7, 9, 10]


def test_blanks_after_the_values_stopped_are_nan(write):
    run = load(write("log.csv", "epoch,loss,accuracy\n1,0.5,0.1\n2,0.9,0.2\n3,,0.1\n4,,0.1\n"))
    loss = run.series["train_loss"]
    assert np.isnan(loss.values[2:]).all()
    assert list(loss.places) == [2, 3, 4, 5]
    assert any("read as NaN" in note for note in run.notes)


def test_blanks_between_values_are_absent(write):
    run = load(write("log.csv", "epoch,train_loss,val_loss\n1,0.5,\n2,0.4,0.6\n3,0.3,\n4,0.2,\n5,0.1,\n"))
    assert len(run.series["val_loss"]) == 1


def test_lightning_rows_are_put_together_by_step(write):
    text = """epoch,lr-Adam,step,train_acc,train_loss_epoch,train_loss_step,val_loss
,0.01,0,,,,
0,,49,,,0.9,
0,,99,,,0.8,
0,,100,,,,0.7
0,,100,0.6,0.85,,
,0.01,101,,,,
1,,149,,,0.6,
1,,201,,,,0.5
1,,201,0.7,0.65,,
"""
    run = load(write("metrics.csv", text))
    assert run.roles["train_loss"] == "train_loss_epoch"
    assert run.step_series["train_loss"].name == "train_loss_step"
    assert list(run.series["train_loss"].epochs) == [1, 2]
    assert list(run.series["val_loss"].epochs) == [1, 2]
    assert run.step_series["train_loss"].epochs[0] == pytest.approx(0.49)
    assert run.series["lr"].name == "lr-Adam"


def test_components_are_summed_where_they_are_the_parts(write):
    header = "epoch, train/box_loss, train/cls_loss, train/dfl_loss, metrics/mAP50(B), metrics/mAP50-95(B)"
    header += ", val/box_loss, val/cls_loss, val/dfl_loss, lr/pg0"
    rows = "  1,  1, 2, 3, 0.1, 0.05, 4, 5, 6, 0.01\n  2,  1, 1, 1, 0.2, 0.15, 2, 2, 2, 0.01\n"
    run = load(write("results.csv", f"{header}\n{rows}"))
    assert run.roles["train_loss"] == ["train/box_loss", "train/cls_loss", "train/dfl_loss"]
    assert list(run.series["val_loss"].values) == [15, 6]
    assert run.roles["val_metric"] == "metrics/mAP50-95(B)"
    assert run.unused == ("metrics/mAP50(B)",)


def test_a_tie_between_losses_asks_for_a_map(write):
    path = write("log.csv", "epoch,recon_loss,kl_loss\n1,3,1\n2,2,1\n")
    with pytest.raises(ReadError, match=r"none of them the whole.*--map train_loss=COLUMN"):
        load(path)
    run = load(path, {"train_loss": ["recon_loss", "kl_loss"]})
    assert list(run.series["train_loss"].values) == [4, 3]
    assert run.roles["train_loss"] == ["recon_loss", "kl_loss"]


def test_a_map_of_an_unknown_role_or_column_names_what_is_close(write):
    path = write("log.csv", "epoch,loss,valloss\n1,3,1\n2,2,1\n")
    with pytest.raises(ReadError, match="did you mean val_loss"):
        load(path, {"val_los": "valloss"})
    with pytest.raises(ReadError, match="did you mean loss"):
        load(path, {"train_loss": "los"})


def test_a_sparse_table_has_a_loss_an_evaluation_and_a_loss_a_step(write):
    rows = "".join(f"{step},{1 / (step + 1)},,\n" for step in range(1, 30)) + "30,,0.4,0.5\n31,0.03,,\n60,,0.3,0.4\n"
    run = load(write("m.csv", f"global_step,loss,train/loss,validation/loss\n0,1,,\n0,,2,2\n{rows}"))
    assert run.roles["train_loss"] == "train/loss"
    assert run.roles["val_loss"] == "validation/loss"
    assert len(run.step_series["train_loss"]) == 31


def test_a_chart_of_several_runs_is_several_runs(write):
    text = '"Step","a-1 - train/loss","a-1 - train/loss__MIN","b-2 - train/loss","b-2 - train/loss__MAX"\n'
    text += '"1","0.5","0.5","0.7","0.7"\n"2","0.4","0.4","","",\n'
    runs = load_all(write("chart.csv", text))
    assert [run.name for run in runs] == ["a-1", "b-2"]
    assert [len(run.series["train_loss"]) for run in runs] == [2, 1]
    with pytest.raises(ReadError, match=r"holds 2 runs \(a-1, b-2\)"):
        load(write("chart.csv", text))


def test_accuracy_alone_is_validation(write):
    run = load(write("log.tsv", "\ufeffepoch\thours\ttop1Accuracy\r\n1\t0.1\t40.5\r\n2\t0.2\t60\r\n"))
    assert dict(run.roles) == {"epoch": "epoch", "time": "hours", "val_accuracy": "top1Accuracy"}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "  "])
def test_any_delimiter_will_do(write, delimiter):
    lines = [
        delimiter.join(cells) for cells in (["epoch", "loss", "val_loss"], ["0", "0.5", "0.6"], ["1", "0.4", "0.5"], ["2", "0.3", "0.45"])
    ]
    run = load(write("log.csv", "\n".join(lines)))
    assert list(run.series["val_loss"].values) == [0.6, 0.5, 0.45]


def test_decimal_commas_are_read(write):
    run = load(write("log.csv", "epoch;loss\n1;0,5\n2;0,25\n"))
    assert list(run.series["train_loss"].values) == [0.5, 0.25]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_with_accents_are_read_in_windows_encoding_too(write, encoding):
    path = write("log.csv", "")
    path.write_bytes("époque;perte\n1;0,9\n2;0,4\n".encode(encoding))
    run = load(path)
    assert (run.roles["epoch"], run.roles["train_loss"]) == ("époque", "perte")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_any_usual_encoding_will_do(write, encoding):
    run = load(write("log.csv", "에포크,손실,비고\n1,0.5,좋음\n2,0.4,나쁨\n".encode(encoding)))
    assert list(run.series["train_loss"].values) == [0.5, 0.4]


def test_utf_16_is_read_without_its_mark(write):
    run = load(write("log.csv", "epoch,loss\n1,0.5\n2,0.4\n".encode("utf-16-le")))
    assert list(run.series["train_loss"].values) == [0.5, 0.4]


def test_packed_files_are_read(write):
    run = load(write("log.csv.gz", gzip.compress(b"epoch,loss\n1,0.5\n2,0.4\n")))
    assert run.name == "log"
    assert len(run.series["train_loss"]) == 2


def test_a_cell_that_was_cut_is_left_out(write):
    run = load(write("log.csv", "epoch,loss,val_loss\n1,0.5,0.6\n2,0.4,0.5\n3,0.3"))
    assert list(run.series["train_loss"].values) == [0.5, 0.4]


def test_doubled_line_ends_do_not_hide_rows(write):
    run = load(write("log.csv", "epoch,loss\r\r\n1,0.5\r\r\n2,0.4\r\r\n"))
    assert len(run.series["train_loss"]) == 2


def test_a_header_that_changes_on_the_way_is_followed(write):
    run = load(write("log.csv", "epoch,loss\n1,0.5\n2,0.4\nepoch,loss,val_loss\n3,0.3,0.5\n4,0.2,0.6\n"))
    assert list(run.series["train_loss"].values) == [0.5, 0.4, 0.3, 0.2]
    assert list(run.series["val_loss"].places) == [5, 6]


def test_a_download_of_tensorboard_takes_its_tag_from_the_file_name(write):
    run = load(write("run-validation-tag-epoch_loss.csv", "Wall time,Step,Value\n1.7e9,0,0.5\n1.7e9,1,0.4\n"))
    assert run.roles["val_loss"] == "validation/epoch_loss"


def test_a_monitor_of_episodes_is_read(write):
    run = load(write("monitor.csv", '#{"t_start": 1.0, "env_id": null}\nr,l,t\n-105,62,2.0\n-90,14,2.1\n'))
    assert run.roles["train_metric"] == "r"


def test_a_large_table_is_read_the_same_way(write, monkeypatch):
    text = "step,loss,val_loss\n" + "".join(f"{i},{1 / i if i != 7 else 'nan'},{'' if i % 3 else 2 / i}\n" for i in range(1, 500))
    path = write("log.csv", text)
    slow = load(path)
    monkeypatch.setattr("advisor.readers.formats.table.LARGE", 100)
    fast = load(path)
    for role in ("train_loss", "val_loss"):
        for part in ("values", "steps", "places"):
            np.testing.assert_array_equal(getattr(slow.series[role], part), getattr(fast.series[role], part))


def test_a_loss_whose_cells_hold_no_number_is_named_in_the_refusal(write):
    with pytest.raises(ReadError, match=r"has the columns epoch, loss \(loss without a number\), but neither a loss"):
        load(write("log.csv", "epoch,loss\n1,foo\n2,bar\n"))


def test_a_table_without_anything_to_judge_by_is_refused(write):
    with pytest.raises(ReadError, match="has the columns epoch, apples, pears, but neither a loss nor a metric"):
        load(write("log.csv", "epoch,apples,pears\n1,2,3\n2,3,4\n"))


def test_a_header_alone_is_refused(write):
    with pytest.raises(ReadError, match="a header and no rows"):
        load(write("log.csv", "epoch,loss,val_loss\n"))


def test_names_are_harmless_in_messages(write):
    with pytest.raises(ReadError) as refusal:
        load(write("log.csv", "epoch,app\x1b[31mles\n1,2\n2,3\n"))
    assert "\x1b" not in str(refusal.value)


def test_a_column_with_a_very_long_name_does_not_hide_the_others(write):
    rows = "".join(f"{e},{2 / e},{e}\n" for e in range(1, 9))
    run = load(write("log.csv", f"epoch,train_loss,{'x' * 500}\n{rows}"))
    assert (run.roles["train_loss"], run.epochs) == ("train_loss", 8)


def test_a_line_of_code_is_no_header(write):
    with pytest.raises(ReadError):
        load(write("code.py", 'def fit(\n    self,\n    loss="hinge",\n    n_jobs=None,\n    1,\n    2,\n):\n'))


def test_rows_filled_with_zeros_where_nothing_was_validated_are_no_perfect_validation(write):
    rows = "".join(f"{k},{5 - k},0,0,0\n" for k in range(1, 4)) + "4,1,0.5,1.2,0.6\n"
    run = load(write("results.csv", "epoch,train/loss,metrics/mAP50-95(B),val/box_loss,val/cls_loss\n" + rows))
    assert list(run.series["val_loss"].epochs) == [4]
    assert list(run.series["val_metric"].values) == [0.5]
    assert len(run.series["train_loss"]) == 4
    assert any("3 rows hold 0" in note for note in run.notes)


def test_zeros_of_the_validation_loss_between_others_stand_where_none_was_held(write):
    rows = "".join(f"{k},{5 - k / 10},{4.9 if k in (0, 5, 9) else 0:.6f}\n" for k in range(10))
    run = load(write("loss_log.csv", "step,loss,val_loss\n" + rows))
    assert list(run.series["val_loss"].values) == [4.9, 4.9, 4.9]
    assert any("7 rows hold 0" in note for note in run.notes)


def test_a_validation_loss_that_falls_to_zero_and_stays_is_kept(write):
    rows = "".join(f"{k},{5 - k / 10},{max(0.0, 2 - k)}\n" for k in range(10))
    assert len(load(write("log.csv", "epoch,loss,val_loss\n" + rows)).series["val_loss"]) == 10


def test_headers_without_a_number_below_hold_nothing_yet(write):
    with pytest.raises(ReadError, match="a header and no numbers"):
        load(write("metrics.csv", "epoch,train_loss,test_loss,top1,\n" * 2))


def test_micro_steps_and_steps_of_the_optimizer_are_steps(write):
    rows = "".join(f"{50 * k},{6 * k},{4 - k / 10},{0.7},{2e-4}\n" for k in range(1, 6))
    run = load(write("metrics.csv", "micro_step,opt_step,loss_avg,grad_norm_last,lr\n" + rows))
    assert run.roles["step"] == "micro_step"


def test_a_loss_of_zero_beside_a_perfect_accuracy_is_kept(write):
    run = load(write("log.csv", "epoch,loss,val_loss,val_accuracy\n1,0.5,0,1.0\n2,0.4,0,1.0\n3,0.3,0.1,0\n"))
    assert list(run.series["val_loss"].values) == [0, 0, 0.1]
    assert list(run.series["val_accuracy"].values) == [1, 1, 0]


def test_precision_cut_to_prec_is_a_metric_of_validation(write):
    run = load(write("log.csv", "epoch,train_loss,val_prec\n1,0.5,0.1\n2,0.4,0.2\n"))
    assert run.roles["val_metric"] == "val_prec"


def test_a_refusal_tells_once_how_to_name_the_loss(write):
    with pytest.raises(ReadError) as refusal:
        load(write("log.csv", "epoch,recon_loss,kl_loss\n1,3,1\n2,2,1\n"))
    assert str(refusal.value).count("--map") == 1


def test_results_of_several_models_are_refused_though_they_tell_the_time(write):
    rows = "LSTM,ADAM,0.5,0.88\nLSTM,SGD,0.6,0.99\nGRU,ADAM,0.7,1.75\nGRU,SGD,0.8,1.5\n"
    with pytest.raises(ReadError, match="a table of results by Model"):
        load(write("metrics.csv", "Model,Optimizer,Accuracy,Epoch Time (s)\n" + rows))


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("lambda,test_accuracy,sparsity\n0.5,43.1,62.4\n1.0,41.2,69.7\n2.0,42.0,79.0\n", "lambda"),
        ("shape,bits,mse\nuniform,2,133.3\nuniform,3,128.3\nnormal,2,0.87\nnormal,3,0.15\n", "shape"),
        ("method,f1,n_rounds\nbase,0.84,40\nretrain,0.83,40\ntuned,0.84,8\nbase,0.23,11\ntuned,0.24,8\n", "method"),
        ("batch_size,throughput,accuracy\n2,100,0.91\n4,200,0.92\n8,400,0.93\n", "batch_size"),
        ("id,label,pred,score\n1,0,0,0.9\n2,1,0,0.4\n3,1,1,0.8\n", "label"),
        (",mean_fit_time,param_C,mean_test_score\n0,0.1,1,0.8\n1,0.1,10,0.81\n2,0.1,100,0.82\n", "param_C"),
        ("student,math score,reading score\n1,72,90\n2,69,88\n3,90,95\n", "student"),
        ("depth,lr,val_acc,epochs\n2,0.1,0.5,20\n4,0.1,0.6,20\n2,0.2,0.55,15\n4,0.2,0.5,20\n", "depth"),
    ],
)
def test_what_finished_trainings_are_compared_by_is_named(write, text, by):
    with pytest.raises(ReadError, match=f"a table of results by {by}"):
        load(write("results.csv", text))


@pytest.mark.parametrize(
    "text",
    [
        "date,train_loss,val_loss\nMon,2.3,2.4\nTue,1.5,1.7\nWed,1.1,1.4\n",
        "train_loss,val_loss,note\n2.3,2.4,start\n1.5,1.7,better\n1.1,1.4,best\n",
        "stage,epoch,train_loss,val_loss\nhead,1,2.3,2.4\nhead,2,1.5,1.7\nall,3,1.1,1.4\n",
    ],
)
def test_words_in_a_log_do_not_make_it_a_table_of_results(write, text):
    assert list(load(write("log.csv", text)).series["val_loss"].values) == [2.4, 1.7, 1.4]


def test_steps_done_are_steps(write):
    run = load(write("progress.csv", "episode,episode_reward,steps_done\n0,168.0,389\n1,84.0,645\n2,168.0,975\n"))
    assert run.roles["step"] == "steps_done"


def test_evaluation_sets_with_numbers_do_not_tie_with_their_parts(write):
    header = "step,train_loss,eval/10/loss,eval/10/loop_loss,eval/20/loss,eval/20/loop_loss"
    run = load(write("log.csv", f"{header}\n0,2.3,2.4,2.5,2.6,2.7\n50,1.3,1.4,1.5,1.6,1.7\n"))
    assert run.roles["val_loss"] == "eval/10/loss"
    assert run.roles["val_loss:20"] == "eval/20/loss"


def test_settings_of_a_config_file_are_no_table(write):
    with pytest.raises(ReadError, match="settings, and no log"):
        load(write("train.toml", '[train]\nepochs = 30\nloss = "mse"\nlr = 0.1\nval_loss_weight = 0.5\n'))


def test_the_mean_stands_before_how_far_values_lie_apart(write):
    run = load(write("log.csv", "timestep,std_reward,max_reward,mean_reward\n100,1,5,2\n200,1,6,3\n"))
    assert run.roles["train_metric"] == "mean_reward"


def test_an_index_that_pandas_wrote_counts_epochs(write):
    run = load(write("history.csv", "Unnamed: 0,loss,val_loss\n0,0.5,0.6\n1,0.4,0.5\n"))
    assert run.roles["epoch"] == "Unnamed: 0"
    assert list(run.series["val_loss"].epochs) == [1, 2]


def test_yolo_of_old_is_read(write):
    header = (
        "               epoch,      train/box_loss,      train/obj_loss, metrics/mAP_0.5,metrics/mAP_0.5:0.95,"
        "        val/box_loss,        val/obj_loss,   x/lr0,   x/lr1"
    )
    run = load(
        write(
            "results.csv",
            header + "\n" + "".join(f"   {e},  0.{9 - e}, 0.{9 - e},  0.{e}, 0.0{e},  0.5, 0.5,  0.07,  0.003\n" for e in range(5)),
        )
    )
    assert run.roles["val_metric"] == "metrics/mAP_0.5:0.95"
    assert run.roles["lr"] == "x/lr0"


def test_trackers_that_export_a_row_a_run_are_refused(write):
    rows = "".join(f"run{k}a,FINISHED,10,0.{k},0.{k + 1}\n" for k in range(1, 6))
    with pytest.raises(ReadError, match="a table of results by"):
        load(write("runs.csv", "Name,Status,epochs,lr,loss\n" + rows))


def test_rewards_of_one_of_two_answers_are_no_return(write):
    run = load(write("log.csv", "step,loss,rewards/chosen,rewards/rejected,rewards/margins\n1,0.69,0.1,0.0,0.1\n2,0.6,0.2,0.1,0.1\n"))
    assert set(run.series) == {"train_loss"}


def test_a_line_of_thousands_of_words_in_a_table_is_no_header(write):
    run = load(write("log.csv", "epoch,loss\n1,0.5\n2,0.4\n" + "loss: x," * 2000 + "\n3,0.3\n"))
    assert list(run.series["train_loss"].values) == [0.5, 0.4, 0.3]
    assert run.unused == ()
