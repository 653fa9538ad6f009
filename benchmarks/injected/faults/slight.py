"""Weaker strengths of faults that stand elsewhere: most of these cost a few points, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from injected.faults import data, fit, steps
from injected.faults.base import Fault, Level, has_hidden_layers, is_plain, suited
from injected.programs import Edits, Program

BY_NAME = {fault.name: fault for family in (steps, data, fit) for fault in family.FAULTS}


def _rate(for_descent: float, for_others: float) -> Callable[[Program], Iterator[Level]]:
    def levels(program: Program) -> Iterator[Level]:
        factor = for_descent if program.get("optim.name") == "sgd" else for_others
        yield f"x{factor:g}", {"optim.lr": float(f"{float(program.get('optim.lr', 0.001)) * factor:.3g}")}

    return levels


def _one(name: str, edits: Edits) -> Callable[[Program], Iterator[Level]]:
    return lambda program: iter([(name, edits)])


def _weaker(name: str, levels: Callable[[Program], Iterator[Level]], wanted: Callable[[Program], bool] = is_plain) -> Fault:
    return replace(BY_NAME[name], levels=suited(wanted, levels), is_special=True)


def _is_not_normed(program: Program) -> bool:
    return is_plain(program) and program.get("model.norm") != "batch"


FAULTS = (
    _weaker("rate-too-high", _rate(6, 20)),
    _weaker("rate-too-low", _rate(0.06, 0.2)),
    _weaker("l2-too-strong", _one("0.03", {"optim.l2": 0.03})),
    _weaker("l1-too-strong", _one("0.004", {"optim.l1": 0.004})),
    _weaker("dropout-too-strong", _one("0.65", {"model.dropout": 0.65})),
    _weaker("inputs-off-scale", _one("x20", {"data.multiply": 20.0}), _is_not_normed),
    _weaker("too-narrow", _one("4 units", {"model.hidden": [4], "model.norm": "none"}), has_hidden_layers),
    _weaker("wrong-labels", _one("0.2", {"data.label_noise": 0.2}), lambda program: is_plain(program) and not program.is_regression),
)
