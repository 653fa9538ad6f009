"""Where names leave it open, the values tell."""

import math

import pytest

from advisor.readers import load
from advisor.signals.direction import higher_is_better

BOUND = [-2.6, -1.9, -1.4, -1.1, -1.0]
TOP = [(90.1, 50.2), (70.2, 30.1), (60.3, 25.4), (55.1, 20.2)]


def read(write, lines, name="log.txt"):
    return load(write(name, "".join(lines)))


def test_an_evidence_bound_that_is_raised_is_no_loss(write):
    run = read(write, [f"{k}00/500 | elbo: {value}\n" for k, value in enumerate(BOUND, start=1)])
    assert run.roles["train_metric"] == "elbo"
    assert higher_is_better("elbo")


def test_the_bound_of_validation_is_what_that_of_training_is(write):
    lines = [f"step: {k} train elbo: {value}\nstep: {k} valid elbo: {-1.5 - 0.1 * k}\n" for k, value in enumerate(BOUND)]
    assert read(write, lines).roles["val_metric"] == "valid elbo"


@pytest.mark.parametrize("name", ["elbo", "negative elbo", "elbo loss"])
def test_a_bound_turned_into_a_loss_is_one(write, name):
    values = [-value for value in BOUND] if name == "elbo" else BOUND
    assert read(write, [f"epoch {k}: {name} = {value}\n" for k, value in enumerate(values)]).roles["train_loss"] == name


def test_top1_and_top5_are_errors_where_five_guesses_are_wrong_less_often(write):
    lines = [f" | Epoch: [{k}][9/9]  Time 0.15  Err {3 - k / 2}  top1  {a}  top5  {b}\n" for k, (a, b) in enumerate(TOP, start=1)]
    run = read(write, lines)
    assert run.roles["train_loss"] == "Err"
    assert run.roles["train_metric"] == "top1 error"
    assert higher_is_better("top1 error") is False
    assert any("wrong" in note for note in run.notes)


def test_top1_and_top5_are_answers_where_five_guesses_are_right_more_often(write):
    run = read(write, [f"Epoch: [{k}] loss {3 - k / 2} top1 {100 - a} top5 {100 - b}\n" for k, (a, b) in enumerate(TOP, start=1)])
    assert run.roles["train_accuracy"] == "top1"


def test_a_mapped_column_keeps_its_name(write):
    log = write("log.csv", "epoch,top1,top5\n" + "".join(f"{k},{a},{b}\n" for k, (a, b) in enumerate(TOP)))
    assert load(log, mapping={"val_metric": "top1"}).roles["val_metric"] == "top1"


@pytest.mark.parametrize("base", [math.e, 2])
def test_a_perplexity_belongs_to_the_loss_that_is_its_logarithm(write, base):
    losses = [(2.65, 0.54), (0.37, 0.12), (0.13, 0.07)]
    lines = [f"Epoch {k}: Train Loss {t}, Test Loss {v}, PPL {base**v:.2f}\n" for k, (t, v) in enumerate(losses, start=1)]
    assert read(write, lines).roles["val_metric"] == "PPL"
    lines = [f"Epoch {k}: Train Loss {t}, Test Loss {v}, PPL {base**t:.2f}\n" for k, (t, v) in enumerate(losses, start=1)]
    assert read(write, lines).roles["train_metric"] == "PPL"
