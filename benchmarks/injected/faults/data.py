"""Inputs out of scale, batches in order, rare classes, wrong labels."""

from collections.abc import Iterator

from injected.faults.base import BY_HEART, POOR, UNSTABLE, Fault, Level, is_plain, suited
from injected.programs import Program

# No rule names wrong labels; the first of these sends the reader to look at them, the others say what they do to the curves.
LABELS = ("underfitting", "overfitting", "generalization-gap", "suspicious-validation")
OFF_SCALE = UNSTABLE | POOR | {"learning-rate-too-high", "huge-updates", "saturated-units", "dead-units", "bad-initialization"}


def _multiplied(program: Program) -> Iterator[Level]:
    if program.get("model.norm") == "batch":
        return
    for factor in (100.0, 1000.0, 0.01, 0.001):
        yield f"x{factor:g}", {"data.multiply": factor}


def _raw(program: Program) -> Iterator[Level]:
    yield "as they are", {"data.scale": "none"}


def _in_order(program: Program) -> Iterator[Level]:
    yield "off", {"data.shuffle": False}


def _unweighted(program: Program) -> Iterator[Level]:
    yield "none", {"train.class_weights": "none"}
    yield "fewer epochs", {"train.class_weights": "none", "train.epochs": int(program.get("train.epochs")) // 2}
    yield "sgd", {"train.class_weights": "none", "optim.name": "sgd", "optim.lr": 0.05}


def _wrong_labels(program: Program) -> Iterator[Level]:
    for share in (0.3, 0.6):
        yield f"{share:g}", {"data.label_noise": share if not program.is_regression else share * 4}


FAULTS = (
    Fault("inputs-off-scale", "data", ("unscaled-inputs",), suited(is_plain, _multiplied), OFF_SCALE),
    Fault("raw-inputs", "data", ("unscaled-inputs",), suited(lambda program: "raw" in program.traits, _raw), OFF_SCALE, is_special=True),
    Fault("unshuffled", "data", ("unshuffled-data",), suited(lambda program: "sorted" in program.traits, _in_order), UNSTABLE | POOR
        | {"learning-rate-too-high", "huge-updates"}, is_special=True),
    Fault("rare-class", "data", ("class-imbalance",), suited(lambda program: "rare" in program.traits, _unweighted), POOR | BY_HEART,
        is_special=True),
    Fault("wrong-labels", "data", LABELS, suited(is_plain, _wrong_labels), POOR
        | BY_HEART, is_curable=False),
)  # fmt: skip
