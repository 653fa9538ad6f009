"""Among columns that could play one role: the one to take, the parts to sum, or a tie."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from advisor.readers.base import Column
from advisor.readers.names import Name, understood, words
from advisor.readers.vocabulary import AXES, ENTROPY, LOSS_LIKE, MAIN_LOSSES, METRICS, PARTS, SPREAD
from advisor.signals.direction import higher_is_better
from advisor.text import first_of, printable

LISTED = 6  # names in a note
OF_GUESSES = frozenset({"top", "top1", "top5"})
SHARE = 0.3  # of the cells of the fullest axis that another must have to be taken before it


@dataclass(frozen=True)
class Loss:
    """What was found for the loss of one split."""

    columns: tuple[str, ...] = ()  # more than one: their sum
    by_step: str = ""
    further: Mapping[str, str] = field(default_factory=dict)  # further evaluation sets by name
    tie: tuple[str, ...] = ()

    def notes(self, split: str) -> list[str]:
        """What the reader of the report should know about the choice."""
        if self.tie:
            several = first_of(self.tie, LISTED)
            return [f"{len(self.tie)} losses ({several}) and none of them the whole; name it with --map {split}_loss=COLUMN"]
        if len(self.columns) > 1:
            return [f"{split}_loss is the sum of its parts {', '.join(map(printable, self.columns))}"]
        return []


def best_loss(names: Sequence[Name], filled: Mapping[str, Column], like_loss: bool) -> Loss:
    """The loss among the columns of one split; `like_loss` takes mse, nll and their kin for losses."""
    losses = [name for name in names if name.kind == "loss"]
    for alike in (ENTROPY, LOSS_LIKE - {"kl"} | {"l1", "l2"} if like_loss else frozenset()):
        losses = losses or [name for name in names if name.kind == "metric" and _is_alike(words(name.text), alike)]
    explicit = [name for name in losses if name.split]
    plain = [name for name in losses if not name.split]
    if _are_parts_of(plain, explicit):
        return _among(plain, filled)  # the whole beside parts, of which one says its split
    if explicit and plain and all(name.rest for name in explicit) and _is_whole(plain, explicit, filled):
        return _among(plain, filled)
    if explicit and plain:
        return _two_kinds(_among(explicit, filled), _among(plain, filled), filled)
    return _among(losses, filled)


def _is_whole(plain: Sequence[Name], explicit: Sequence[Name], filled: Mapping[str, Column]) -> bool:
    """Whether a loss without a further word is logged as rarely as those that have one: `loss` beside `train_loss_box`."""
    most = max(len(filled[name.text]) for name in explicit)
    return any(not name.rest and len(filled[name.text]) <= most for name in plain)


def _is_alike(said: tuple[str, ...], alike: frozenset[str]) -> bool:
    return bool(alike.intersection(said)) and not OF_GUESSES.intersection(said)  # top1 error: a share of answers


def _are_parts_of(plain: Sequence[Name], explicit: Sequence[Name]) -> bool:
    """Whether losses that are said to be of a split are the parts of one that is not: beside a total, or told by their line alone."""
    if not explicit or not all(name.rest for name in explicit):
        return False
    by_line = not any(understood(name.text).split for name in explicit)
    return any(name.total or (by_line and not name.rest) for name in plain)


def _two_kinds(explicit: Loss, plain: Loss, filled: Mapping[str, Column]) -> Loss:
    """`train_loss` beside `loss`: an epoch's mean beside a value a step, or one mean of the whole run."""
    if not explicit.columns or not plain.columns:
        return explicit if explicit.columns else plain if plain.columns else explicit
    many, few = len(filled[plain.columns[0]]), len(filled[explicit.columns[0]])
    alone, among = filled[explicit.columns[0]].rows, filled[plain.columns[0]].rows
    if few == 1 and not among[0] <= alone[0] <= among[-1]:
        return plain
    return Loss(explicit.columns, explicit.by_step or (plain.columns[0] if many > few else ""), explicit.further, explicit.tie)


def _among(losses: Sequence[Name], filled: Mapping[str, Column]) -> Loss:
    if not losses:
        return Loss()
    often = [name for name in losses if name.level == "step"]
    rare = [name for name in losses if name.level != "step"] or often
    if rare is not often and all(name.rest for name in rare) and not all(name.rest for name in often):
        return _whole(often, filled)  # a running loss beside its parts
    chosen = _whole(rare, filled)
    if not chosen.columns or rare is often:
        return chosen
    twin = [name for name in often if name.rest == _rest_of(chosen, rare)]
    return Loss(chosen.columns, twin[0].text if twin and len(chosen.columns) == 1 else "", chosen.further)


def _rest_of(chosen: Loss, names: Sequence[Name]) -> tuple[str, ...]:
    return next(name.rest for name in names if name.text == chosen.columns[0])


def _whole(losses: Sequence[Name], filled: Mapping[str, Column]) -> Loss:
    common = _in_common(losses)
    plain = [name for name in losses if not Counter(name.rest) - common]
    if plain:
        return Loss((max(plain, key=lambda name: _standing(name, filled)).text,))
    if len(losses) == 1:
        return Loss((losses[0].text,))
    return _sum(losses) or _main(losses) or _sets(losses) or Loss(tie=tuple(name.text for name in losses))


def _in_common(losses: Sequence[Name]) -> Counter[str]:
    """The words that stand in the names of all of several losses, as a path to them does: they tell none apart."""
    several = [Counter(name.rest) for name in losses] if len(losses) > 1 else []
    return reduce(and_, several, several[0]) if several else Counter()


def _standing(name: Name, filled: Mapping[str, Column]) -> tuple[bool, bool, int, bool, int]:
    several = len(filled[name.text]) > 1
    says_split = bool(understood(name.text).split) and "/" not in name.text  # printed so, and not put together from a heading
    return (several, name.total, len(filled[name.text]), says_split, -len(name.text))


def _sum(losses: Sequence[Name]) -> Loss | None:
    """All of them, where each is one of the parts that a known tool sums."""
    known = any(all(parts.intersection(name.rest) and set(name.rest) - parts <= {"loss"} for name in losses) for parts in PARTS)
    return Loss(tuple(name.text for name in losses)) if known else None


def _main(losses: Sequence[Name]) -> Loss | None:
    named = [name for name in losses if set(name.rest) <= MAIN_LOSSES and name.rest != ("entropy",)]  # a bonus for exploring
    return Loss((named[0].text,)) if len(named) == 1 else None


def _sets(losses: Sequence[Name]) -> Loss | None:
    """Further evaluation sets, as eval_NAME_loss; the first one is the main one."""
    losses = [name for name in losses if len(name.rest) == min(len(other.rest) for other in losses)]
    by_set = {"_".join(name.rest): name for name in losses}
    numbered = all(len(name.rest) == 1 and name.rest[0][-1:].isdigit() and name.text.startswith(("eval", "val")) for name in losses)
    if not numbered or len(by_set) < len(losses):
        return None
    first, *others = by_set.items()
    return Loss((first[1].text,), further={key: name.text for key, name in others})


def best_metric(kind: str, names: Sequence[Name], filled: Mapping[str, Column], twin: str | None = None) -> str | None:
    """The accuracy, or another metric, of one split: the twin of what validation has, else the most telling one."""
    fitting = [name for name in names if name.kind == kind]
    rare = [name for name in fitting if name.level != "step"] or fitting
    if not rare:
        return None
    if twin is not None:
        return next((name.text for name in rare if _bare(name.text) == _bare(twin)), None) or min(rare, key=_metric_standing).text
    if kind == "accuracy":
        return min(rare, key=lambda name: _accuracy_standing(name, filled)).text
    return min(rare, key=_metric_standing).text


def varies(column: Column) -> bool:
    """False for a summary copied to every row."""
    return len(column) < 3 or bool((column.values != column.values[0]).any())


def _accuracy_standing(name: Name, filled: Mapping[str, Column]) -> tuple[int, bool, bool, int, int, int]:
    column = filled[name.text]
    return (
        len(name.rest),
        "aux" in name.rest,
        len(column) == 1 or not understood(name.text).split,
        _accuracy_place(name),
        -len(column),
        len(name.text),
    )


def _accuracy_place(name: Name) -> int:
    said = words(name.text)
    return next((place for place, word in enumerate(("accuracy", "acc", "top1", "top")) if word in said), 9)


def _metric_standing(name: Name) -> tuple[int, bool, bool, int]:
    said = set(words(name.text))
    if "95" in said and {"map50", "map"} & said:
        return (-1, False, not name.total, len(said))
    place = next((place for place, group in enumerate(METRICS) if said & group), len(METRICS))
    return (place, bool(said & SPREAD), not name.total, len(said))


def _bare(text: str) -> tuple[str, ...]:
    return words(text)[1:] if len(words(text)) > 1 else words(text)


def best_of(kind: str, names: Sequence[Name], filled: Mapping[str, Column]) -> str | None:
    """The column for a role that one column plays: an axis, the learning rate, the gradient norm."""
    fitting = [name for name in names if name.kind == kind and not (kind == "time" and name.split)]
    if kind == "step":
        fitting = [name for name in fitting if varies(filled[name.text])]
    if not fitting:
        return None
    order, most = AXES.get(kind, ()), max(len(filled[name.text]) for name in fitting)
    known = [name for name in fitting if len(filled[name.text]) >= SHARE * most]
    return min(known, key=lambda name: (_axis_place(name, order), len(name.rest), -len(filled[name.text]))).text


def _axis_place(name: Name, order: Sequence[str]) -> int:
    said = " ".join(words(name.text))
    return next((place for place, word in enumerate(order) if word in said), len(order))


def is_usable(role: str, columns: Sequence[str]) -> bool:
    """Whether a rule knows which way this role is better."""
    if role.startswith(("train_loss", "val_loss", "test_loss")) or role.endswith("accuracy"):
        return True
    return role.endswith("_metric") and any(higher_is_better(column) is not None for column in columns)
