"""run-folder: what `advisor train` and `watch` write."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from advisor import as_trained, dotted
from advisor.dotted import Tree
from advisor.errors import ReadError
from advisor.readers.base import Reader, Source, Table
from advisor.readers.grids import Grid, columns_of, grid
from advisor.readers.opening import named, opened
from advisor.run import Layers
from advisor.text import printable

EPOCHS, STEPS, LAYERS, CONFIG, ABOUT = "run.csv", "steps.csv", "layers.csv", "config.toml", "run.json"
KEYS = ("step", "epoch", "layer", "kind")
ROLES = {role: role for role in ("epoch", "step", "train_loss", "val_loss", "train_accuracy", "val_accuracy", "lr", "grad_norm")} | {
    "time": "seconds"
}
STEP_ROLES = {"step": "step", "epoch": "epoch", "train_loss": "loss", "grad_norm": "grad_norm", "lr": "lr"}
NO_EPOCH = "no epoch has ended yet: these are its steps"
UNSOUND = f"{CONFIG} is no Config and left aside; `advisor config check` says what is wrong with it"
# Keys of a Config that rules calculate with.
NUMBERS = (
    *(f"optim.{key}" for key in ("lr", "momentum", "l1", "l2", "clip_norm", "warmup")), "model.dropout", "model.freeze",
    *(f"data.{key}" for key in ("multiply", "label_noise", "augment_noise")),
    *(f"train.{key}" for key in ("epochs", "early_stopping", "seed")),
)  # fmt: skip
TEXTS = (
    *(f"model.{key}" for key in ("kind", "activation", "output", "norm", "init")), "optim.name", "optim.schedule",
    "train.loss", "train.class_weights", "data.source",
)  # fmt: skip


class RunFolder(Reader):
    """A folder with run.csv, steps.csv, layers.csv, config.toml and run.json; also while it is being written."""

    def recognises(self, source: Source) -> float:
        """By the files that advisor itself writes."""
        written = [name for name in (EPOCHS, STEPS, CONFIG, ABOUT) if (source.path / name).is_file()] if source.is_folder else []
        return 1.0 if len(written) >= 2 and {EPOCHS, ABOUT}.intersection(written) else 0.0

    def read(self, source: Source) -> Iterator[Table]:
        """One table of epochs, with steps, layers, Config and facts."""
        folder = source.path
        epochs, steps = _table(folder / EPOCHS, ROLES), _table(folder / STEPS, STEP_ROLES)
        main = epochs or steps
        if main is None:
            raise ReadError(f"{named(folder)}: a run folder in which nothing is recorded yet; wait for the first epoch, or train again")
        about, config, said = _json(folder / ABOUT), *_config(folder)
        notes = (*(() if epochs else (NO_EPOCH,)), *said, *_ended_early(about))
        kept = {key: value for key, value in about.items() if key != "facts"}
        yield replace(
            main, name=folder.resolve().name, path=folder, notes=notes, layers=_layers(folder / LAYERS, about), config=config,
            facts=_facts(about), about=kept, steps=steps if epochs else None,
        )  # fmt: skip


def _table(path: Path, roles: Mapping[str, str]) -> Table | None:
    """The table in one of the files; None where it has no finished row yet."""
    cells = _grid(path)
    if cells is None:
        return None
    columns = columns_of(cells)
    if not any(len(column) for column in columns.values()):
        return None
    sets = {name: name for name in columns if name.startswith("val_loss:")}  # further validation sets, by the name of their role
    return Table(path.parent.name, path.parent, columns, len(cells.rows), roles={**roles, **sets}, file=str(path))


def _grid(path: Path) -> Grid | None:
    """The finished lines of a file; None where it is not there or empty. A kill can leave half a line, which does not count."""
    if not path.is_file() or path.stat().st_size == 0:
        return None
    data = opened(path).whole()
    lines = data[: data.rfind(b"\n") + 1].decode("utf-8", errors="replace").split("\n")[:-1]
    try:
        cells = grid(lines, ",") if lines else None
    except csv.Error as reason:
        if path.name != EPOCHS:  # the rest tells without it
            return None
        raise ReadError(f"{named(path)}: is damaged ({reason}), expected rows of cells; put it back as it was, or train again") from None
    return cells if cells and cells.rows else None


def _layers(path: Path, about: Mapping[str, Any]) -> Layers | None:
    cells = _grid(path)
    if cells is None or not set(KEYS) <= set(cells.names):
        return None
    at = {name: place for place, name in enumerate(cells.names)}
    names = list(dict.fromkeys(row[at["layer"]] for row in cells.rows))
    kinds = {row[at["layer"]]: row[at["kind"]] for row in cells.rows}
    recording, steps, epochs, lines = _recordings(cells, at)
    which = np.array([names.index(row[at["layer"]]) for row in cells.rows], dtype=np.int64)
    statistics, recorded = {}, {}
    for name, column in columns_of(cells).items():
        if name not in KEYS:
            values = np.full((len(steps), len(names)), np.nan)
            seen = np.zeros(values.shape, dtype=bool)
            values[recording[column.rows], which[column.rows]] = column.values
            seen[recording[column.rows], which[column.rows]] = True
            statistics[name], recorded[name] = values, seen
    kinds_in_order = tuple(kinds[name] for name in names)
    return Layers(tuple(names), kinds_in_order, epochs, steps, statistics, recorded, lines, str(path), _unseen(about))


def _recordings(cells: Grid, at: Mapping[str, int]) -> tuple[Any, Any, Any, Any]:
    """Which recording each row belongs to; the steps, epochs and lines (first, last) of the recordings."""
    numbers = columns_of(Grid(cells.names, cells.rows, cells.lines))
    by_row = np.full(len(cells.rows), np.nan)
    by_row[numbers["step"].rows] = numbers["step"].values
    epoch_by_row = np.full(len(cells.rows), np.nan)
    epoch_by_row[numbers["epoch"].rows] = numbers["epoch"].values
    starts = np.append(0, np.flatnonzero(by_row[1:] != by_row[:-1]) + 1)
    ends = np.append(starts[1:], len(by_row)) - 1
    recording = np.repeat(np.arange(len(starts)), ends - starts + 1)
    lines = np.asarray(cells.lines)
    return recording, by_row[starts], epoch_by_row[starts], np.stack([lines[starts], lines[ends]], axis=1)


def _ended_early(about: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a training that was watched has fewer epochs than were planned."""
    rule = about.get("hopeless")
    return (f"ended early by --auto-fix: nothing could come of it any more, by {printable(rule)}",) if isinstance(rule, str) else ()


def _config(folder: Path) -> tuple[Tree | None, tuple[str, ...]]:
    """The Config that the run was trained with, and what is to be said of it; None where none is there that could be one."""
    now, then = (_if_sound(as_trained.tree_of(folder / file)) for file in (as_trained.CONFIG, as_trained.KEPT))
    if then is not None and (changes := as_trained.edited(folder)):
        return then, (f"{as_trained.CONFIG} was edited after it was trained ({changes}); it is judged by what it was trained with",)
    return now, ((UNSOUND,) if now is None and (folder / as_trained.CONFIG).is_file() else ())


def _if_sound(tree: Tree | None) -> Tree | None:
    """The tree, unless somebody wrote into it what no Config holds."""
    return tree if tree is not None and all(isinstance(section, dict) for section in tree.values()) and _is_sound(tree) else None


def _is_sound(tree: Mapping[str, Any]) -> bool:
    """Whether what rules calculate with is of the kind that they expect; the rest is for those who train."""
    given = {path: dotted.get(tree, path) for path in (*NUMBERS, *TEXTS)}
    numbers = [given[path] for path in NUMBERS if given[path] is not None]
    numbers += [size for size in [dotted.get(tree, "data.batch_size")] if size not in (None, "full")]
    hidden = dotted.get(tree, "model.hidden", [])
    return (
        all(_is_number(value) for value in numbers)
        and all(isinstance(given[path], str | None) for path in TEXTS)
        and isinstance(hidden, list)
        and all(_is_number(width) for width in hidden)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _json(path: Path) -> dict[str, Any]:
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _unseen(about: Mapping[str, Any]) -> str:
    """Why nothing is known of the layers' outputs, where `watch` said so."""
    unseen = about.get("unseen")
    return str(unseen.get("activations", "")) if isinstance(unseen, dict) else ""


def _facts(about: Mapping[str, Any]) -> dict[str, Any]:
    facts = about.get("facts")
    return facts if isinstance(facts, dict) else {}
