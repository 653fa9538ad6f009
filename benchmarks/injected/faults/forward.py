"""Networks through which signal or gradient does not pass: activations, depth, weights to start from, cuts, dead and pinned units."""

from collections.abc import Callable, Iterator

from injected.faults.base import POOR, SHRUNK, UNSTABLE, Fault, Level, each, has_hidden_layers, suited
from injected.programs import Program

FADED = POOR | {"deep-saturating-activation", "saturated-units", "zero-gradient", "bad-initialization"}


def is_own(program: Program) -> bool:
    return "own" in program.traits


def is_own_with_classes(program: Program) -> bool:
    return is_own(program) and not program.is_regression


def own(function: str, **more: object) -> dict[str, object]:
    """The edit to a module of `own.py`."""
    return {"model.kind": f"own.py:{function}", **{key.replace("__", "."): value for key, value in more.items()}}


def _deep(activation: str) -> Callable[[Program], Iterator[Level]]:
    def levels(program: Program) -> Iterator[Level]:
        for depth in (4, 7, 12):
            yield f"{depth} layers", {"model.hidden": [24] * depth, "model.activation": activation, "model.norm": "none"}

    return levels


def _autotrainer(program: Program) -> Iterator[Level]:
    """AutoTrainer's nets for Blob and Circle: many layers of five units."""
    if program.data in {"blobs", "circles", "moons"}:
        yield "sigmoid", {"model.hidden": [5] * 10, "model.activation": "sigmoid", "optim.name": "sgd", "optim.lr": 0.01}
        yield "tanh tiny", {"model.hidden": [5] * 10, "model.activation": "tanh", "model.init": "tiny"}


def _faint(program: Program) -> Iterator[Level]:
    yield "tiny", {"model.init": "tiny", "model.hidden": [32] * 4, "model.norm": "none"}


FAULTS = (
    Fault("deep-sigmoid", "gradient", ("vanishing-gradient",), suited(has_hidden_layers, _deep("sigmoid")), FADED),
    Fault("deep-small-nets", "gradient", ("vanishing-gradient", "bad-initialization"), suited(has_hidden_layers, _autotrainer), FADED,
        is_special=True),
    Fault("own-deep-sigmoid", "gradient", ("vanishing-gradient",), suited(is_own, each(four=own("deep_sigmoid_4"),
        eight=own("deep_sigmoid"))), FADED, is_special=True),
    Fault("own-fading", "gradient", ("vanishing-gradient", "bad-initialization"), suited(is_own, each(half=own("fading"))), FADED | SHRUNK,
        is_special=True),
    Fault("own-growing", "gradient", ("exploding-gradient", "bad-initialization"), suited(is_own, each(six=own("growing"))), UNSTABLE
        | {"huge-updates", "learning-rate-too-high"}, is_special=True),
    Fault("own-ratios", "gradient", ("exploding-gradient", "loss-spikes"), suited(is_own, each(ratio=own("ratios"))), UNSTABLE,
        is_curable=False, is_special=True),
    Fault("cut-off", "gradient", ("zero-gradient",), suited(is_own, each(detached=own("cut_off"))), POOR, is_curable=False,
        is_special=True),
    Fault("zero-weights", "activation", ("bad-initialization", "zero-gradient"), suited(has_hidden_layers,
        each(zeros={"model.init": "zeros"})), POOR | UNSTABLE),
    Fault("large-weights", "activation", ("bad-initialization",), suited(has_hidden_layers, each(large={"model.init": "large"})),
        UNSTABLE | POOR),
    Fault("tiny-weights", "activation", ("bad-initialization", "vanishing-gradient"), suited(has_hidden_layers, _faint), POOR | SHRUNK),
    Fault("dead-relu", "activation", ("dead-units",), suited(is_own, each(many=own("dead_many"), most=own("dead_most"))), POOR
        | {"zero-gradient"}, is_special=True),
    Fault("pinned-tanh", "activation", ("saturated-units", "bad-initialization"), suited(is_own, each(some=own("saturated_some"),
        most=own("saturated"))), POOR | {"overfitting", "generalization-gap", "vanishing-gradient", "huge-updates",
        "learning-rate-too-high"}, is_special=True),
    Fault("never-cleared", "gradient", ("gradients-not-cleared",), suited(is_own, each(sums=own("never_cleared"))), UNSTABLE
        | {"huge-updates", "learning-rate-too-high"}, is_curable=False, is_special=True),
    Fault("wrong-sign", "curve", ("diverging-loss",), suited(is_own, each(midway=own("wrong_sign"))), UNSTABLE, is_curable=False,
        is_special=True),
    Fault("half-precision", "numbers", ("non-finite-loss",), suited(is_own, each(overflow=own("half_precision"))), UNSTABLE,
        is_curable=False, is_special=True),
)  # fmt: skip
