"""Steps of the wrong size, too few or too many samples a step, and too few steps."""

from collections.abc import Callable, Iterator

from injected.faults.base import POOR, UNSTABLE, Fault, Level, has_hidden_layers, is_plain, suited
from injected.programs import Program

TOO_LARGE = ("learning-rate-too-high", "huge-updates")
TOO_SMALL = ("learning-rate-too-low", "tiny-updates", "slow-learning")
ADVICE = ("stopped-too-early",)  # a little too slow and a little too short are the same


def _rates(*factors: float) -> Callable[[Program], Iterator[Level]]:
    def levels(program: Program) -> Iterator[Level]:
        rate = float(program.get("optim.lr", 0.001))
        return iter([(f"x{factor:g}", {"optim.lr": float(f"{rate * factor:.3g}")}) for factor in factors])

    return levels


def _momentum(program: Program) -> Iterator[Level]:
    if program.get("optim.name") == "sgd":
        yield "0.99", {"optim.momentum": 0.99}
        yield "0.997", {"optim.momentum": 0.997}


def _plain_descent(program: Program) -> Iterator[Level]:
    """Another optimiser at a rate that is not for it."""
    if program.get("optim.name", "adam") == "adam":
        yield "rate 2", {"optim.name": "sgd", "optim.lr": 2.0}
        yield "rate 8", {"optim.name": "sgd", "optim.lr": 8.0}


def _faint_descent(program: Program) -> Iterator[Level]:
    if program.get("optim.name", "adam") == "adam":
        yield "rate 1e-3", {"optim.name": "sgd", "optim.lr": 0.001}
        yield "rate 1e-4", {"optim.name": "sgd", "optim.lr": 0.0001}


def _clipped(program: Program) -> Iterator[Level]:
    if program.get("optim.name") == "sgd":
        yield "0.01", {"optim.clip_norm": 0.01}
        yield "0.0001", {"optim.clip_norm": 0.0001}


def _adagrad(program: Program) -> Iterator[Level]:
    yield "1e-4", {"optim.name": "adagrad", "optim.lr": 1e-4, "optim.momentum": 0.0}


def _single(program: Program) -> Iterator[Level]:
    """One sample a step, at a rate that suits batches."""
    if program.get("model.norm") != "batch":
        rate, epochs = float(program.get("optim.lr", 0.001)), int(program.get("train.epochs"))
        yield "2", {"data.batch_size": 2, "optim.lr": float(f"{rate * 10:.3g}"), "train.epochs": max(3, epochs // 3)}


def _whole(program: Program) -> Iterator[Level]:
    yield "full", {"data.batch_size": "full"}
    yield "256", {"data.batch_size": 256}


def _short(program: Program) -> Iterator[Level]:
    epochs = int(program.get("train.epochs", 30))
    yield "a fifth", {"train.epochs": max(6, epochs // 5)}  # fewer points tell nothing


def _early_decay(program: Program) -> Iterator[Level]:
    rate = float(program.get("optim.lr", 0.001))
    yield "step", {"optim.schedule": "step", "optim.lr": rate / 10}
    yield "warmup", {"optim.warmup": 0.5, "optim.schedule": "cosine", "optim.lr": rate / 10}


def _unlike_the_few(program: Program) -> bool:
    return "few" not in program.traits


FAULTS = (
    Fault("rate-too-high", "updates", TOO_LARGE, suited(_unlike_the_few, _rates(10, 30, 100, 1000)), UNSTABLE),
    Fault("rate-too-low", "updates", TOO_SMALL, suited(_unlike_the_few, _rates(0.1, 0.03, 0.01, 0.0001)), POOR, ADVICE),
    Fault("momentum-too-high", "updates", (*TOO_LARGE, "oscillating-loss"), _momentum, UNSTABLE, is_special=True),
    Fault("sgd-too-fast", "updates", TOO_LARGE, suited(is_plain, _plain_descent), UNSTABLE),
    Fault("sgd-too-slow", "updates", TOO_SMALL, suited(is_plain, _faint_descent), POOR, ADVICE),
    Fault("clipped-to-nothing", "updates", TOO_SMALL, _clipped, POOR, ADVICE, is_special=True),
    Fault("adagrad-too-slow", "updates", TOO_SMALL, suited(has_hidden_layers, _adagrad), POOR, ADVICE),
    Fault("single-samples", "updates", (*TOO_LARGE, "oscillating-loss"), suited(has_hidden_layers, _single), UNSTABLE),
    Fault("batch-too-large", "updates", ("slow-learning", "learning-rate-too-low", "tiny-updates"),
        suited(is_plain, _whole), POOR, ADVICE),
    Fault("too-few-epochs", "curve", ("stopped-too-early", "slow-learning"), suited(is_plain, _short), POOR),
    Fault("schedule-too-low", "curve", TOO_SMALL, suited(is_plain, _early_decay), POOR, ADVICE),
)  # fmt: skip
