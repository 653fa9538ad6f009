"""JSON in all the shapes that tools write: Trainer states, lines, documents."""

import json

import numpy as np
import pytest

from advisor.errors import ReadError
from advisor.readers import load, load_all


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


STATE = {
    "epoch": 2.0,
    "global_step": 20,
    "log_history": [
        {"epoch": 0.5, "grad_norm": 1.0, "learning_rate": 1e-4, "loss": 0.9, "step": 5},
        {"epoch": 1.0, "eval_loss": 0.8, "eval_accuracy": 0.6, "eval_runtime": 1.0, "step": 10},
        {"epoch": 1.5, "grad_norm": float("nan"), "learning_rate": 5e-5, "loss": 0.0, "step": 15},
        {"epoch": 2.0, "eval_loss": float("nan"), "eval_accuracy": 0.5, "eval_runtime": 1.0, "step": 20},
        {"epoch": 2.0, "step": 20, "total_flos": 1, "train_loss": 0.4, "train_runtime": 3.0},
    ],
}


def test_a_trainer_state_keeps_its_records_apart(write):
    run = load(write("out/trainer_state.json", json.dumps(STATE, indent=1)))
    assert (run.format, run.name, run.unit) == ("trainer-state", "out", "records")
    assert list(run.series["train_loss"].values) == [0.9, 0.0]
    assert list(run.series["train_loss"].epochs) == [0.5, 1.5]
    assert list(run.series["val_loss"].places) == [2, 4]
    assert np.isnan(run.series["val_loss"].values[1])
    assert np.isnan(run.series["grad_norm"].values[1])
    assert run.about["trainer"]["summary"]["train_loss"] == 0.4


def test_a_trainer_state_that_was_cut_gives_what_it_holds(write):
    text = json.dumps(STATE)
    run = load(write("trainer_state.json", text[: text.index('"epoch": 1.5')]))
    assert len(run.series["train_loss"]) == 1
    assert any("ends in the middle" in note for note in run.notes)


def test_several_evaluation_sets_have_roles_of_their_own(write):
    history = [{"step": k, "loss": 1 / k} for k in (1, 2)]
    history += [{"step": k, f"eval_{name}_loss": 1.0, f"eval_{name}_runtime": 1.0} for k in (1, 2) for name in ("news", "wiki")]
    run = load(write("trainer_state.json", json.dumps({"log_history": history})))
    assert run.roles["val_loss"] == "eval_news_loss"
    assert run.roles["val_loss:wiki"] == "eval_wiki_loss"


def test_the_newest_checkpoint_speaks_for_its_folder(write, tmp_path):
    for step in (9, 10):
        write(f"out/checkpoint-{step}/trainer_state.json", json.dumps({**STATE, "global_step": step}))
    assert load(tmp_path).about["trainer"]["global_step"] == 10
    write("out/trainer_state.json", json.dumps({**STATE, "global_step": 11}))
    assert load(tmp_path).about["trainer"]["global_step"] == 11


def test_event_files_beside_checkpoints_tell_of_the_same_training(write, events, tmp_path):
    events("out/runs/host/events.out.tfevents.1.host", [("train/loss", step, 1 / step) for step in (1, 2, 3)])
    assert load(tmp_path).format == "event-files"
    write("out/checkpoint-9/trainer_state.json", "{")
    assert load(tmp_path).format == "event-files"
    write("out/checkpoint-10/trainer_state.json", json.dumps({**STATE, "global_step": 10}))
    assert [run.format for run in load_all(tmp_path)] == ["trainer-state"]
    assert [run.format for run in load_all(tmp_path / "out")] == ["trainer-state"]


def test_json_lines_are_read_with_junk_between(write):
    text = "<<<<<<< HEAD\n" + lines({"step": 50, "loss": 7.1, "lr": 1e-4}, {"step": 100, "loss": float("inf")}) + "not json {\n\n"
    run = load(
        write("train.jsonl", text + lines({"step": 100, "epoch": 1, "train_loss": 6.5, "val_loss": "NaN"}, {"step": 150, "loss": 6.0}))
    )
    assert run.format == "json-lines"
    assert run.roles["train_loss"] == "train_loss"
    assert list(run.step_series["train_loss"].places) == [2, 3, 7]
    assert np.isnan(run.series["val_loss"].values[0])


def test_detectron_has_a_total_and_iterations(write):
    text = lines(
        *({"iteration": 20 * k + 19, "total_loss": 2.0 / (k + 1), "loss_cls": 1.0, "loss_box_reg": 0.5, "lr": 0.1} for k in range(3))
    )
    run = load(write("metrics.json", text))
    assert run.roles["train_loss"] == "total_loss"
    assert run.steps == 59


def test_without_a_total_the_parts_of_a_detector_are_summed(write):
    text = lines(*({"iteration": k, "loss_cls": 1.0, "loss_box_reg": 0.5, "loss_rpn_cls": 0.25} for k in range(3)))
    assert list(load(write("metrics.json", text)).series["train_loss"].values) == [1.75] * 3


def test_a_step_that_counts_epochs_is_taken_for_one(write):
    records = []
    for epoch in (1, 2, 3):
        records += [{"epoch": epoch, "step": epoch * 100, "loss": 1 / epoch, "lr": 0.1}, {"accuracy/top1": 10.0 * epoch, "step": epoch}]
    run = load(write("scalars.json", lines(*records)))
    assert run.roles["val_accuracy"] == "accuracy/top1"
    assert list(run.series["val_accuracy"].epochs) == [1, 2, 3]


def test_records_that_name_their_mode_are_told_apart(write):
    records = [{"mode": mode, "epoch": epoch, "loss": 1.0 if mode == "train" else 2.0} for epoch in (1, 2) for mode in ("train", "val")]
    run = load(write("log.json", lines(*records)))
    assert list(run.series["train_loss"].values) == [1, 1]
    assert list(run.series["val_loss"].values) == [2, 2]


def test_a_list_of_records_is_read(write):
    run = load(write("log", json.dumps([{"main/loss": 1.0, "validation/main/loss": 1.1, "epoch": 1}, {"main/loss": 0.5, "epoch": 2}])))
    assert run.format == "json-document"
    assert len(run.series["train_loss"]) == 2


def test_skorch_records_are_epochs(write):
    history = [
        {"epoch": k, "batches": [{"train_loss": 9.0}], "train_loss": 1 / k, "train_loss_best": True, "valid_loss": 1.0} for k in (1, 2)
    ]
    run = load(write("history.json", json.dumps(history)))
    assert list(run.series["train_loss"].values) == [1, 0.5]


def test_a_history_of_lists_is_read(write):
    run = load(
        write("history.json", json.dumps({"loss": [1, 0.5], "val_loss": [1.1, 0.7], "accuracy": [0.1, 0.2], "val_accuracy": [0.1, 0.2]}))
    )
    assert len(run.series["val_loss"]) == 2
    assert run.roles["train_accuracy"] == "accuracy"


def test_ludwig_statistics_are_read(write):
    part = {"combined": {"loss": [1.0, 0.5]}, "label": {"accuracy": [0.5, 0.6], "loss": [1.0, 0.5]}}
    document = {"evaluation_frequency": {"frequency": 1}, "training": part, "validation": part, "test": part}
    run = load(write("training_statistics.json", json.dumps(document)))
    assert run.roles["train_loss"] == "training/combined/loss"
    assert run.roles["val_loss"] == "validation/combined/loss"
    assert run.roles["val_accuracy"] == "validation/label/accuracy"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"loss": [1, 2', "[1e99999]", '{"loss": "x"}', "{}", "[]", '{"loss": ' + "9" * 5000 + "}"]
)
def test_unusual_json_is_a_run_or_a_refusal(write, text):
    try:
        run = load(write("log.json", text))
    except ReadError:
        return
    assert len(run.series)


RESULTS = {
    "by sample": [{"id": k, "label": k % 2, "score": 0.1 * k} for k in range(5)],
    "by model": [{"model": name, "accuracy": 0.9, "f1": 0.8} for name in ("small", "middle", "large")],
    "a report": {"accuracy": 0.9, "f1": 0.8, "confusion_matrix": [[50, 2], [3, 45]]},
    "models by name": {"small": {"acc": 0.8}, "large": {"acc": 0.9}},
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_no_run(write, name):
    with pytest.raises(ReadError, match="results"):
        load(write("results.json", json.dumps(RESULTS[name])))


def test_a_list_of_predictions_is_not_read_as_console_output(write):
    lines = "".join(json.dumps({"question": f"q{k}", "pred": "b", "score": 0.1 * k}) + "\n" for k in range(9))
    with pytest.raises(ReadError, match="a list of results by question"):
        load(write("predictions.jsonl", lines))


def test_a_history_of_one_epoch_is_a_run(write):
    assert list(load(write("history.json", json.dumps({"loss": [0.5], "val_loss": [0.6]}))).series["val_loss"].values) == [0.6]


def test_lists_in_the_plural_are_what_they_hold(write):
    document = {"train_losses": [3.0, 2.0], "val_losses": [3.1, 2.2], "val_accs": [0.1, 0.2], "steps": [10, 20]}
    assert set(load(write("history.json", json.dumps(document))).series) == {"train_loss", "val_loss", "val_accuracy"}
    assert load(write("rewards.json", json.dumps({"rewards": [1.0, 2.0, 3.0]}))).roles["train_metric"] == "rewards"


def test_a_list_of_one_record_of_results_is_no_run_either(write):
    with pytest.raises(ReadError, match="one record of results"):
        load(write("history.json", '[{"config": {"window": 64}, "baseline": {"accuracy": 0.34, "n": 100}, "router": {"accuracy": 0.3}}]'))


def test_a_stamp_in_brackets_is_no_json(write):
    with pytest.raises(ReadError, match="text in which no line names a loss"):
        load(write("log.txt", "[20230831 13:35:06 INFO    ] Loading weights\n[20230831 13:35:08 INFO    ] number of test scenes: 871\n"))


def test_lists_of_records_by_split_are_put_together(write):
    text = (
        '{"train": [{"epoch": 1, "loss": 0.9}, {"epoch": 2, "loss": 0.8}, {"epoch": 3, "loss": 0.7}], "val": [{"epoch": 2, "loss": 0.85}]}'
    )
    run = load(write("history.json", text))
    assert list(run.series["train_loss"].values) == [0.9, 0.8, 0.7]
    assert (list(run.series["val_loss"].values), list(run.series["val_loss"].epochs)) == ([0.85], [2])


def test_pairs_of_a_step_and_a_value_are_read(write):
    run = load(write("log.json", '{"train_loss": [[10, 0.9], [20, 0.8], [30, 0.7]], "val_loss": [[20, 0.85], [40, 0.75]]}'))
    assert list(run.series["train_loss"].steps) == [10, 20, 30]
    assert (list(run.series["val_loss"].values), list(run.series["val_loss"].steps)) == ([0.85, 0.75], [20, 40])


def test_samples_by_split_are_no_run(write):
    record = '{{"question": "why {0}?", "answer": "so {0}", "score": 0.{0}}}'
    parts = [", ".join(record.format(n) for n in range(start, start + 4)) for start in (1, 5)]
    with pytest.raises(ReadError, match="results by question"):
        load(write("data.json", f'{{"train": [{parts[0]}], "test": [{parts[1]}]}}'))
