"""Columns → roles: which one is the training loss, which the validation accuracy, and what stays unused.

A loss is taken where one column stands before all others: the one without a further word in its name, the total,
or the only one. Parts are summed where they are known to be the parts. Otherwise the role stays open, and the
notes say how to name it with --map.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from advisor.readers.base import Column, Table
from advisor.readers.by_values import PERPLEXITY, bounds, split_by_exponent
from advisor.readers.choosing import best_loss, best_metric, best_of, is_usable, varies
from advisor.readers.names import Name, understood, words
from advisor.readers.vocabulary import ENTROPY, EVALUATED, JUDGED, LOSS_LIKE, SECONDS, WEIGHTS
from advisor.text import printable

SPLITS = ("train", "val", "test")
VALUE_ROLES = ("train_loss", "val_loss", "test_loss", "train_accuracy", "val_accuracy", "train_metric", "val_metric", "lr", "grad_norm")
AXIS_ROLES = ("epoch", "step", "time")
FIRST_OF_SEVERAL = tuple(
    re.compile(rf"^(?:validation|valid|eval)_{number}\b|^(?:validation|valid|eval)_{number}(?=[-'/_])") for number in (0, 1)
)
# The two sides of adversarial training, and what preference training calls the answers it compares.
JUDGES = frozenset(("d", "dis", "disc", "discriminator", "critic"))
PLAYERS = frozenset(("g", "gen", "generator"))
ACTORS = frozenset(("policy", "actor", "pg", "surrogate"))  # what is minimised there changes with every step, and shows no progress
CHOICES = frozenset(("reward", "rewards"))
RANKED = frozenset(("recall", "precision"))
LETTERS = {"t": "train", "v": "val"}
PERCENT = 100.5


@dataclass(frozen=True)
class Roles:
    """What plays which role in one table."""

    axes: Mapping[str, str] = field(default_factory=dict)  # epoch, step, time -> column
    series: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role -> the columns it sums
    by_step: Mapping[str, str] = field(default_factory=dict)  # role -> a second column, with a value a step
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> set[str]:
        """Every column that has a role."""
        parts = (column for columns in self.series.values() for column in columns)
        return {*self.axes.values(), *self.by_step.values(), *parts}


def find(table: Table) -> Roles:
    """The roles of a table's columns, by their names and by which of them are logged together."""
    filled = {text: column for text, column in table.columns.items() if len(column)}
    names = [_with_known_split(understood(text), table) for text in filled if text not in table.roles.values()]
    names = _of_the_model(bounds(names, filled), filled)
    axes = {kind: found for kind in AXIS_ROLES if (found := _axis(kind, names, filled))}
    judged = _with_split(_lettered([name for name in names if name.kind in JUDGED]), filled)
    series, by_step, notes = _judged(judged, filled)
    series |= {role: (found,) for role in ("lr", "grad_norm") if (found := best_of(role, names, filled))}
    said = {role: (column,) for role, column in table.roles.items() if column in filled and role not in AXIS_ROLES}
    axes |= {role: column for role, column in table.roles.items() if column in filled and role in AXIS_ROLES}
    return Roles(axes, _in_order(series | said), by_step, notes)


def _is_share(column: Column) -> bool:
    """Whether an accuracy is one; numbers of right answers are none."""
    return not (column.values > PERCENT).any()


def _of_the_model(names: list[Name], filled: Mapping[str, Column]) -> list[Name]:
    """Without what only looks like a figure of merit.

    So do the accuracies of one player against another, near a half where both play well, and those of choices between two answers;
    counts of right answers; seconds and norms of weights that some tools call costs and norms; the loss of an actor beside its reward.
    """
    names = [name for name in names if name.kind != "accuracy" or _is_share(filled[name.text])]
    if SECONDS.intersection(filled):
        names = [name for name in names if name.text != "batch_cost"]
    if WEIGHTS in filled:
        names = [name for name in names if name.kind != "grad_norm"]
    losses = [set(name.rest) for name in names if name.kind == "loss"]
    if len(losses) == 1 and losses[0] & ACTORS and any(name.kind == "metric" and _is_reward(name) for name in names):
        names = [name for name in names if name.kind != "loss"]
    play = any(rest & JUDGES for rest in losses) and any(rest & PLAYERS for rest in losses)
    return [name for name in names if name.kind != "accuracy" or not (set(name.rest) & (JUDGES | CHOICES) or (play and not name.split))]


def _with_known_split(name: Name, table: Table) -> Name:
    if name.split or name.text not in table.splits or (table.splits[name.text] == "train" and _is_evaluated(name)):
        return name
    return replace(name, split=table.splits[name.text])


def _is_evaluated(name: Name) -> bool:
    """Whether it is a figure of what nobody measures on the data that is trained on."""
    return name.kind == "metric" and bool(EVALUATED.intersection(words(name.text)))


def _is_ranking(name: Name, silent: Sequence[Name], filled: Mapping[str, Column]) -> bool:
    """Whether it is a recall or precision of what is ranked, in the row of a figure that only rankings have."""
    return bool(RANKED.intersection(words(name.text))) and _is_beside(name, [other for other in silent if _is_evaluated(other)], filled)


def _lettered(names: list[Name]) -> list[Name]:
    """t_loss beside v_loss: training and validation, by their letters."""
    letters = {(name.rest[0], name.kind) for name in names if name.rest and not name.split}
    if not any(("t", kind) in letters and ("v", kind) in letters for kind in JUDGED):
        return _numbered(names)
    return [
        replace(name, split=LETTERS[name.rest[0]], rest=name.rest[1:]) if name.rest and name.rest[0] in LETTERS else name for name in names
    ]


def _numbered(names: list[Name]) -> list[Name]:
    """validation_0 beside validation_1, and no training set: boosting libraries number what they are given, the training set first."""
    if any(name.split == "train" for name in names) or not any(FIRST_OF_SEVERAL[1].search(name.text) for name in names):
        return names
    return [replace(name, split="train") if FIRST_OF_SEVERAL[0].search(name.text) else name for name in names]


def _in_order(series: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    known = {role: series[role] for role in VALUE_ROLES if role in series}
    return known | dict(series)


def _axis(kind: str, names: Sequence[Name], filled: Mapping[str, Column]) -> str | None:
    return best_of(kind, names, filled)


def _judged(
    by_split: Mapping[str, list[Name]], filled: Mapping[str, Column]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str], tuple[str, ...]]:
    series: dict[str, tuple[str, ...]] = {}
    by_step: dict[str, str] = {}
    notes: list[str] = []
    like_loss = not any(name.kind == "loss" for names in by_split.values() for name in names)
    for split in ("val", "train", "test"):
        found = best_loss(by_split[split], filled, like_loss)
        notes += found.notes(split)
        if found.columns:
            series[f"{split}_loss"] = found.columns
        if found.by_step and split == "train":
            by_step[f"{split}_loss"] = found.by_step
        series |= {f"{split}_loss:{name}": (column,) for name, column in found.further.items()}
        if split != "test":
            series |= _metrics(split, by_split[split], filled, series)
    if not any(name.split == "val" for name in by_split["val"]) and "val_loss" not in series:
        notes += _stand_in(by_split["test"], filled, series)
    elif "val_loss" not in series and "test_loss" in series and len(filled[series["test_loss"][0]]) > 1:
        series["val_loss"] = series.pop("test_loss")  # Eval epoch: 3, Mean test loss: one evaluation by two names
        notes.append(f"no validation loss: {', '.join(map(printable, series['val_loss']))} taken in its place")
        series = _metrics("val", by_split["test"], filled, series) | series
    return series, by_step, tuple(notes)


def _metrics(
    split: str, names: Sequence[Name], filled: Mapping[str, Column], series: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    taken = {column for columns in series.values() for column in columns}
    free = [
        name
        for name in names
        if name.text not in taken and (name.kind == "accuracy" or name.split or not taken or varies(filled[name.text]))
    ]
    twin = series.get("val_metric") if split == "train" else None
    accuracy = best_metric("accuracy", free, filled)
    metric = best_metric("metric", free, filled, twin[0] if twin else None)
    return {f"{split}_{kind}": (column,) for kind, column in (("accuracy", accuracy), ("metric", metric)) if column}


def _stand_in(names: Sequence[Name], filled: Mapping[str, Column], series: dict[str, tuple[str, ...]]) -> list[str]:
    """Gives the test part the place of a validation part that is not there: measured as training went on, it serves as one."""
    before = dict(series)
    if "test_loss" in series:
        series["val_loss"] = series.pop("test_loss")
    series |= _metrics("val", names, filled, series) | {role: columns for role, columns in before.items() if role.startswith("val_")}
    stood_in = sorted(
        column for role in ("val_loss", "val_accuracy", "val_metric") if role not in before for column in series.get(role, ())
    )
    return [f"no validation part: {', '.join(map(printable, stood_in))} taken in its place"] if stood_in else []


def _with_split(names: Sequence[Name], filled: Mapping[str, Column]) -> dict[str, list[Name]]:
    """The names by split; those that do not say are given the one they are logged with."""
    by_split: dict[str, list[Name]] = {split: [name for name in names if name.split == split] for split in SPLITS}
    silent = [name for name in names if not name.split]
    for name in silent:
        by_split[_likely_split(name, by_split, silent, filled)].append(name)
    return by_split


def _likely_split(name: Name, by_split: Mapping[str, list[Name]], silent: Sequence[Name], filled: Mapping[str, Column]) -> str:
    if name.kind == "loss":
        return "train"
    if any(other.kind == name.kind and other.rest == name.rest for other in by_split["val"]):
        return "train"
    if of_loss := split_by_exponent(name, by_split, filled):
        return of_loss
    twin = any(other.kind == name.kind and other.rest == name.rest for other in by_split["test"])
    if (twin and _is_beside(name, by_split["train"], filled)) or _is_the_loss(name, by_split, silent):
        return "train"
    if name.text.lower().startswith(("metrics/", "test")) or _is_evaluated(name) or _is_ranking(name, silent, filled):
        return "val"
    losses = [other for other in silent if other.kind == "loss"]
    if not by_split["val"] and _is_beside(name, by_split["test"], filled) and not _is_beside(name, [*by_split["train"], *losses], filled):
        return "test"
    if by_split["val"] and not any(_logged_together(filled[name.text], filled[other.text]) for other in by_split["val"]):
        return "val" if _is_as_rare(name, by_split, silent, filled) else "train"
    beside = [other for other in losses if _logged_together(filled[name.text], filled[other.text])]
    if beside and not by_split["val"] and all(_now_and_then(name, other, filled) for other in beside):
        return "val"
    return "train" if beside or _is_reward(name) or _is_what_is_trained(name, silent) else "val"


def _is_the_loss(name: Name, by_split: Mapping[str, list[Name]], silent: Sequence[Name]) -> bool:
    """Whether it is a cross entropy where nothing else could be what training minimises."""
    others = [other for other in (*by_split["train"], *silent) if other is not name]
    return _is_entropy(name) and not any(other.kind == "loss" or _is_entropy(other) for other in others)


def _is_entropy(name: Name) -> bool:
    return name.kind == "metric" and bool(ENTROPY.intersection(words(name.text)))


def _is_beside(name: Name, others: Sequence[Name], filled: Mapping[str, Column]) -> bool:
    return any(_logged_together(filled[name.text], filled[other.text]) for other in others)


def _now_and_then(name: Name, loss: Name, filled: Mapping[str, Column]) -> bool:
    """Whether a figure has a value in some epochs only, where the loss has one in each: then it is an evaluation."""
    if 2 * len(filled[name.text]) > len(filled[loss.text]):
        return False
    epochs = [column for text, column in filled.items() if understood(text).kind == "epoch"]
    return any(len(np.unique(one.values)) == len(one) >= len(filled[loss.text]) for one in epochs)


def _is_what_is_trained(name: Name, silent: Sequence[Name]) -> bool:
    """Whether it is of the kind that is minimised, in a log that tells of nothing else."""
    return all(other.kind == "metric" and (LOSS_LIKE | PERPLEXITY).intersection(words(other.text)) for other in (name, *silent))


def _is_as_rare(name: Name, by_split: Mapping[str, list[Name]], silent: Sequence[Name], filled: Mapping[str, Column]) -> bool:
    """Whether a figure that is logged with nothing else comes as rarely as those of validation, and these no more often than training."""
    trained = [*by_split["train"], *(other for other in silent if other.kind == "loss")]
    if any(_logged_together(filled[name.text], filled[other.text]) for other in trained):
        return False
    held_out, often = (max((len(filled[other.text]) for other in names), default=0) for names in (by_split["val"], trained))
    return len(filled[name.text]) <= held_out <= often


def _is_reward(name: Name) -> bool:
    """Whether it is what an agent got while it learnt; a bare score is."""
    told = any(word in name.text.lower() for word in ("rew", "return", "success", "win rate", "win_rate", "winrate"))
    return told or name.rest in (("score",), ("last", "score"), ("r",))


def _logged_together(one: Column, other: Column) -> bool:
    common = len(np.intersect1d(one.rows, other.rows, assume_unique=True))
    return common > 0.5 * min(len(one), len(other))


def usable(series: Iterable[str], columns: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a rule could judge by any of these roles: a loss, an accuracy, or a metric of known direction."""
    return any(is_usable(role, columns[role]) for role in series)
