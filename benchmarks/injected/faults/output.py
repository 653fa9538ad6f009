"""Last layers and losses that do not belong together."""

from collections.abc import Iterator

from injected.faults.base import POOR, Fault, Level, is_plain, suited
from injected.faults.forward import is_own_with_classes, own
from injected.programs import Program

SILENT = frozenset({"dead-units", "vanishing-gradient", "zero-gradient"})  # an output that is cut off passes no gradient
MISMATCHED = ("mismatched-output-loss",)


def _classes(program: Program) -> Iterator[Level]:
    if not program.is_regression:
        yield "softmax", {"model.output": "softmax"}
        yield "sigmoid", {"model.output": "sigmoid"}
        yield "relu", {"model.output": "relu"}


def _numbers(program: Program) -> Iterator[Level]:
    if program.is_regression:
        yield "relu", {"model.output": "relu"}
        yield "sigmoid", {"model.output": "sigmoid"}
        yield "tanh", {"model.output": "tanh"}
        yield "softmax", {"model.output": "softmax"}


def _own(program: Program) -> Iterator[Level]:
    yield "softmax", own("two_softmaxes")


FAULTS = (
    Fault("wrong-output", "output", MISMATCHED, suited(is_plain, _classes), POOR | SILENT, by="loss"),
    Fault("wrong-output-for-numbers", "output", MISMATCHED, suited(is_plain, _numbers), POOR | SILENT),
    Fault("own-softmax-twice", "output", MISMATCHED, suited(is_own_with_classes, _own), POOR, is_special=True, by="loss"),
)
