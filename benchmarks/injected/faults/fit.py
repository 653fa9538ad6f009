"""Networks that are too small or too large for their data, held down too hard or not at all."""

from collections.abc import Iterator

from injected.faults.base import BY_HEART, POOR, SHRUNK, Fault, Level, has_hidden_layers, is_plain, suited
from injected.programs import Program

HELD_DOWN = (
    POOR
    | SHRUNK
    | {"saturated-units", "suspicious-validation", "noisy-validation", "diverging-loss", "exploding-gradient", "non-finite-loss"}
)
TOO_SMALL = ("underfitting", "undersized-model")


def _narrow(program: Program) -> Iterator[Level]:
    yield "1 unit", {"model.hidden": [1], "model.norm": "none"}
    yield "2 units", {"model.hidden": [2], "model.norm": "none"}
    yield "2 then 2", {"model.hidden": [2, 2], "model.norm": "none"}


def _straight(program: Program) -> Iterator[Level]:
    yield "linear", {"model.activation": "linear"}
    yield "perceptron", {"model.kind": "perceptron", "model.norm": "none"}


def _large(program: Program) -> Iterator[Level]:
    """Wide, without any restraint, and trained until the end."""
    free = {"model.dropout": 0.0, "optim.l2": 0.0, "train.early_stopping": 0}
    epochs = int(program.get("train.epochs"))
    yield "64 wide", {**free, "model.hidden": [64, 64], "train.epochs": epochs}
    yield "256 wide", {**free, "model.hidden": [256, 256], "train.epochs": epochs}
    yield "noisy labels", {**free, "model.hidden": [128, 128], "train.epochs": epochs, "optim.lr": 0.003}


def _dropout(program: Program) -> Iterator[Level]:
    yield "0.8", {"model.dropout": 0.8}
    yield "0.95", {"model.dropout": 0.95}


def _l2(program: Program) -> Iterator[Level]:
    for strength in (0.1, 1.0, 10.0):
        yield f"{strength:g}", {"optim.l2": strength, **_scale_for_decay(program)}


def _l1(program: Program) -> Iterator[Level]:
    for strength in (0.01, 0.1):
        yield f"{strength:g}", {"optim.l1": strength}


def _scale_for_decay(program: Program) -> dict[str, object]:
    """adamw multiplies its decay by the rate: at 0.001 a decay of 1 is hardly felt."""
    return {"optim.name": "adam"} if program.get("optim.name") == "adamw" else {}


def _frozen(program: Program) -> Iterator[Level]:
    yield "all but the head", {"model.freeze": len(program.get("model.hidden", [64, 64]))}


FAULTS = (
    Fault("too-narrow", "capacity", TOO_SMALL, suited(has_hidden_layers, _narrow), POOR | {"dead-units"}),
    Fault("no-non-linearity", "capacity", TOO_SMALL,
        suited(lambda program: has_hidden_layers(program) and "straight" not in program.traits, _straight), POOR),
    Fault("too-large", "regularisation", ("overfitting", "generalization-gap"), suited(lambda program: "few" in program.traits,
        _large), BY_HEART, by="loss", is_special=True),
    Fault("dropout-too-strong", "regularisation", ("excessive-regularization",), suited(is_plain, _dropout), HELD_DOWN),
    Fault("l2-too-strong", "regularisation", ("excessive-regularization",), suited(is_plain, _l2), HELD_DOWN),
    Fault("l1-too-strong", "regularisation", ("excessive-regularization",), suited(is_plain, _l1), HELD_DOWN),
    Fault("frozen-at-random", "gradient", ("underfitting", "zero-gradient", "undersized-model"), suited(has_hidden_layers, _frozen), POOR),
)  # fmt: skip
