"""Whether a run could be trained again as it was: what is tried beside it has to see the same data and the same network."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor.as_trained import check_as_trained
from advisor.config import Config, load
from advisor.errors import RunFolderError
from advisor.outcome import shown
from advisor.text import number, printable
from advisor.training.folder import load_document, load_weights
from advisor.training.measures import held_out, measured
from advisor.training.probes import first_loss
from advisor.training.repeatable import device_of, repeatable
from advisor.training.setup import Setup, set_up

# Another processor rounds otherwise, a graphics card more so; other data or another module differ by more.
ALIKE, ALIKE_ELSEWHERE = 1e-4, 1e-2
LEAST = 1e-6  # means of scaled inputs are zero but for rounding
LISTED = 4  # values of a list that are shown
DATA = (
    "samples", "validation_samples", "test_samples", "input_shape", "classes", "class_shares", "targets", "target_mean",
    "target_spread", "target_order", "input_mean", "input_spread", "input_means", "input_spreads",
)  # fmt: skip
RESULT, FIRST_LOSS = "validation loss of its result", "first loss"

Signs = Mapping[str, Any]  # figures by what they are called


def check_unchanged(folder: Path) -> None:
    """Raises AdvisorError where what a run was trained on, or with, is not there any more, or is not what it was.

    A module whose weights follow no seed is let pass: no two of its trainings are alike, and seeds tell how far that goes.
    """
    check_as_trained(folder)
    config, then = load(folder / "config.toml"), _recorded(folder)
    now = _present(config, folder)
    tolerance = ALIKE if {then.get("device") or "cpu", device_of(config).type} == {"cpu"} else ALIKE_ELSEWHERE
    if difference := _difference(then, now, tolerance):
        varying = _difference(now, _present(config, folder), tolerance)
        if varying == FIRST_LOSS == difference:
            return
        raise RunFolderError(f"{printable(shown(folder))}: {_said(varying or difference, then, now, is_varying=bool(varying))}")


def _recorded(folder: Path) -> Signs:
    """What was noted down when it was trained."""
    try:
        document = load_document(folder)
    except RunFolderError:
        return {}
    facts, result = document.get("facts") or {}, document.get("result") or {}
    losses = {FIRST_LOSS: (facts.get("probes") or {}).get("first_loss"), RESULT: result.get("val_loss")}
    return {name: facts.get(name) for name in (*DATA, "parameters")} | losses | {"device": document.get("device")}


def _present(config: Config, folder: Path) -> Signs:
    """The same of the data and the network as they are made today."""
    with repeatable(config):
        setup = set_up(config)
        signs: dict[str, Any] = {name: setup.data.facts.get(name) for name in DATA}
        signs["parameters"] = sum(parameter.numel() for parameter in setup.model.parameters())
        return signs | {FIRST_LOSS: first_loss(setup), RESULT: _result(setup, folder)}


def _result(setup: Setup, folder: Path) -> float | None:
    """The loss of the recorded weights on the validation part; None where they are not there or belong to another network."""
    try:
        load_weights(folder, setup.model)
    except RunFolderError:
        return None
    figure = measured(setup.model, setup.loss, held_out(setup.data, "val"), setup.data.task).get("val_loss")
    return None if figure is None else float(figure)


def _difference(then: Signs, now: Signs, tolerance: float) -> str:
    """What is known of both and differs, what tells most first; empty where nothing does."""
    known = (name for name in then if then[name] is not None and now.get(name) is not None)
    return next((name for name in known if not _alike(then[name], now[name], tolerance)), "")


def _alike(then: Any, now: Any, tolerance: float) -> bool:
    if isinstance(then, list) and isinstance(now, list):
        return len(then) == len(now) and all(_alike(*pair, tolerance) for pair in zip(then, now, strict=True))
    try:
        before, after = float(then), float(now)
    except ValueError:
        return bool(then == now)
    return math.isclose(before, after, rel_tol=tolerance, abs_tol=LEAST) or (math.isnan(before) and math.isnan(after))


def _said(what: str, then: Signs, now: Signs, *, is_varying: bool) -> str:
    name = what.replace("_", " ")
    if is_varying:
        return f"its data differ each time they are made ({name}), so nothing can be compared; let the function draw from a fixed seed"
    figures = f"{name} {_shown(then[what])} then, {_shown(now[what])} now"
    again = "train it again with advisor train and its config.toml"
    return f"its data or its module have changed since it was trained ({figures}), so nothing can be compared with it; {again}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value[:LISTED])) + " …" * (len(value) > LISTED)
    return number(float(value)) if isinstance(value, (int, float)) else printable(str(value))
