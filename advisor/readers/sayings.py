"""Lines of console output → what each says, with what the lines before it told: counters, headings, whose evaluation it ends."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from advisor.readers.bare_splits import split_of_bare
from advisor.readers.names import understood
from advisor.readers.patterns import BARE_VALUE, BEST_OF_ALL, BEST_YET
from advisor.readers.phrases import AFTER, HELD_OUT, LEADS, Phrase, phrases
from advisor.readers.vocabulary import JUDGED

OTHERS = ("wandb:", "Region ", "v3 (")  # how lines begin that repeat what is said elsewhere, or tell of parts of it
SET = frozenset({"lr", "grad_norm"})
SHORT = 80  # characters of a line that holds a name alone
TRAINED = ("", "train")
FEWER = 0.9  # of the epochs must end with a second, shorter bar before that is taken for validation
Names = tuple[str, ...]
Meaning = tuple[str, str, Names]  # split, kind and further words of a figure


class Kind(NamedTuple):
    """What all lines of one print statement have in common."""

    names: Names  # of counters, then of figures
    split: str
    pattern: str  # their words
    shape: Names
    counted: bool  # whether the line itself has a counter
    tells: bool  # whether it names a figure of merit
    sets: bool  # whether all it names is a learning rate or a gradient norm
    averaged: bool  # whether it tells means over an evaluation so far
    sums_up: bool  # whether it ends an evaluation whose batches have lines of their own


class Said(NamedTuple):
    """A phrase as it is kept, small: a log has hundreds of thousands of them."""

    place: int
    kind: Kind
    packed: bytes  # the numbers, in the order of the names

    @property
    def numbers(self) -> list[float]:
        """What stands under each name."""
        return list(struct.unpack(f"{len(self.packed) // 8}d", self.packed))


@dataclass
class Context:
    """What the lines so far have told."""

    counts: dict[str, float] = field(default_factory=dict)  # the epoch and step that hold
    last: dict[str, float] = field(default_factory=dict)  # every counter as it was last seen
    heading: str = ""
    held: bool = False  # whether a line with a counter went by under this heading
    evaluated: str = ""  # the split whose batches were last seen
    before: tuple[object, ...] = ()
    worded: int = 0  # how often a line named an epoch in words
    counts_epochs: bool = False  # whether these are counts, from the first or several, and not the number that is planned

    def heard(self, phrase: Phrase) -> str:
        """Takes a phrase in; the split that it is about."""
        if phrase.heads:
            self.heading, self.held = phrase.split, False
        elif phrase.counts and not (phrase.bar and not phrase.values):
            self.held = bool(self.heading) and self._stays(phrase)
            self.heading = self.heading if self.held else ""
        self.counts = self._counted(phrase)
        self.last |= phrase.counts
        if phrase.split in HELD_OUT and "batch" in phrase.counts:
            self.evaluated = phrase.split
        return (self.evaluated or "val") if phrase.split == AFTER else phrase.split or self.heading

    def _stays(self, phrase: Phrase) -> bool:
        """Whether a line with a counter is still about the part that a heading named: none of its counters went on."""
        if self.heading not in HELD_OUT or not phrase.values:
            return False
        if "epoch" in phrase.counts and phrase.counts["epoch"] != self.last.get("epoch"):
            return False
        within = [name for name in ("step", "batch") if name in phrase.counts]
        return (self.held and "epoch" not in phrase.counts) or all(phrase.counts[name] <= self.last.get(name, 0) for name in within)

    def _counted(self, phrase: Phrase) -> dict[str, float]:
        is_heading = "epoch" in phrase.counts and not phrase.values and not phrase.bar  # [Epoch 0/30] [10/11940], above what it is about
        said = {name: count for name, count in phrase.counts.items() if is_heading or name in ("epoch", "step")}
        if not said and not phrase.values and "batch" in phrase.counts and "epoch" not in self.counts:
            said = {"step": phrase.counts["batch"]}  # a heading of its own: [batch=10/4800]:
        return said if "epoch" in said else self.counts | said

    def repeats(self, phrase: Phrase) -> bool:
        """Whether the same was just said, to another place or in other words."""
        judged = [value for name, value in phrase.values.items() if understood(name).kind in JUDGED]
        now = (judged, self.counts)
        same = bool(judged) and "step" in self.counts and now == self.before
        self.before = now
        return same


def told(lines: Iterable[str], drawn: bool = False) -> Iterator[Said]:
    """Every phrase with a number worth keeping, with its line; `drawn`: bars on their way as well."""
    context = Context()
    kinds: dict[tuple[object, ...], Kind] = {}
    passed = False
    for place, line in _closed_up(lines):
        if passed or line.startswith(OTHERS):
            passed = False
            continue
        passed = line.endswith(":") and BEST_OF_ALL.search(line) is not None
        if ("est" in line or "最" in line) and BEST_YET.search(line):
            continue
        for phrase in phrases(line, drawn):
            phrase = _with_leading(phrase, context)
            split = context.heard(phrase)
            if phrase.values and (drawn or not phrase.bar) and not context.repeats(phrase):
                all_said = context.counts | phrase.counts | phrase.values
                key = (tuple(all_said), split, phrase.pattern, phrase.split)
                kind = kinds.get(key) or kinds.setdefault(key, _kind(phrase, tuple(all_said), split, context))
                yield Said(place, kind, struct.pack(f"{len(all_said)}d", *all_said.values()))


def _closed_up(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines with their places; a name and its value on the next line are one."""
    held = ""
    for place, line in enumerate(lines, start=1):
        if held:
            if BARE_VALUE.match(line[:SHORT]):
                yield place, f"{held} {line}"
                held = ""
                continue
            yield place - 1, held
            held = ""
        if line.endswith(":") and len(line) < SHORT:
            held = line
        else:
            yield place, line
    if held:
        yield place, held


def _with_leading(phrase: Phrase, context: Context) -> Phrase:
    """A number that begins a line counts epochs, unless the log has named steps, or has counted epochs in words: then batches."""
    if LEADS not in phrase.counts:
        if "epoch" in phrase.counts:
            context.counts_epochs |= context.worded > 0 or phrase.counts["epoch"] <= 1
            context.worded += 1
        return phrase
    said = phrase._replace(counts={"epoch": phrase.counts[LEADS]})
    if context.counts_epochs:
        return phrase._replace(counts={"batch": phrase.counts[LEADS]})
    return phrase._replace(counts={"step": phrase.counts[LEADS]}) if "step" in context.counts else said


def _kind(phrase: Phrase, names: Names, split: str, context: Context) -> Kind:
    tells = phrase.tells or (bool(phrase.counts) and any(map(split_of_bare, phrase.values)))
    ends = phrase.split == AFTER and bool(context.evaluated)
    said = {understood(name).kind for name in phrase.values}
    sets = bool(said & SET) and said <= SET | {"time"}
    return Kind(names, split, phrase.pattern, phrase.shape, bool(phrase.counts), tells, sets, phrase.averaged, ends)


def summed_up(said: list[Said]) -> set[tuple[str, str]]:
    """Split and name of the figures that lines at the end of evaluations give; those of single batches say less."""
    kinds = {one.kind for one in said if one.kind.sums_up}
    return {(kind.split, name) for kind in kinds for name in kind.names if understood(name).kind in JUDGED}


def means_of_epochs(said: list[Said]) -> set[str]:
    """The figures of training that some lines tell batch by batch and others, under the same name, once an epoch: `Train: loss 0.5`."""
    kinds = {one.kind for one in said}
    by_batch = {name for kind in kinds if kind.split in TRAINED and _within_epoch(kind) for name in kind.names}
    by_epoch = {name for kind in kinds if tells_means(kind) for name in kind.names}
    return {name for name in by_batch & by_epoch if understood(name).kind in JUDGED and not understood(name).split}


def told_by_batch(said: list[Said]) -> dict[Kind, set[str]]:
    """The figures of single batches whose means over each epoch are told as well, in another word or for held-out data."""
    means: dict[Meaning, set[str]] = {}
    epochs: dict[Meaning, set[float]] = {}
    for one in said:
        if "epoch" in one.kind.names and not _within_epoch(one.kind):
            for name in filter(_is_mean, one.kind.names):
                means.setdefault(_meaning(name, one.kind), set()).add(name)
                epochs.setdefault(_meaning(name, one.kind), set()).add(_counts(one)["epoch"])
    by_batch: dict[Kind, set[str]] = {}
    for kind in {one.kind for one in said if "epoch" in one.kind.names and _within_epoch(one.kind)}:
        told = {name for name in filter(_is_mean, kind.names) if len(epochs.get(_meaning(name, kind), ())) > 1}
        by_batch[kind] = {name for name in told if name not in means[_meaning(name, kind)] or _meaning(name, kind)[0] in HELD_OUT}
    return by_batch


def _is_mean(name: str) -> bool:
    return understood(name).kind in JUDGED and not understood(name).level


def _meaning(name: str, kind: Kind) -> Meaning:
    one = understood(name)
    return one.split or kind.split or "train", one.kind, one.rest


def tells_means(kind: Kind) -> bool:
    """Whether lines tell of a whole epoch of training, by its number or by their split."""
    return not _within_epoch(kind) and (kind.split == "train" or (not kind.split and "epoch" in kind.shape))


def _within_epoch(kind: Kind) -> bool:
    return "batch" in kind.shape or "step" in kind.shape


def without_drafts(said: list[Said]) -> list[Said]:
    """The same without full bars that were drawn once more, with the figures of validation, and without evaluations on their way."""
    drafts = {k for k, (one, later) in enumerate(pairwise(said)) if _is_draft(one, later) or _goes_on(one, later)}
    return [one for k, one in enumerate(said) if k not in drafts] if drafts else said


def _goes_on(one: Said, later: Said) -> bool:
    """Whether an evaluation that tells its means batch by batch has not come to its end."""
    same = one.kind.averaged and later.kind.names == one.kind.names and later.kind.split == one.kind.split
    return same and _counts(later)["batch"] > _counts(one)["batch"]


def _is_draft(one: Said, later: Said) -> bool:
    if "batches" not in one.kind.names or one.kind.split != later.kind.split or not set(one.kind.names) < set(later.kind.names):
        return False
    first, second = _counts(one), _counts(later)
    return all(first.get(name) == second.get(name) for name in ("epoch", "batch", "batches"))


def with_second_bars(said: list[Said]) -> list[Said]:
    """The same; where each epoch ends with two full bars, the second of fewer batches, that one is validation."""
    full = [(k, one) for k, one in enumerate(said) if not one.kind.split and one.kind.tells and _is_full(one)]
    pairs = [(k, later) for (_, one), (k, later) in pairwise(full) if _follows(one, later)]
    if len(pairs) < 2 or 2 * len(pairs) < FEWER * len(full):
        return _with_evaluations(said, full)
    return _as_split("val", {k for k, _ in pairs}, said)


def _with_evaluations(said: list[Said], full: list[tuple[int, Said]]) -> list[Said]:
    """The same; an epoch ends with one full bar, and what is drawn in full behind it evaluates the trained model, once."""
    later = {k for (_, one), (k, other) in pairwise(full) if "epoch" in one.kind.names and _counts(one)["epoch"] == _counts(other)["epoch"]}
    return _as_split("test", later, said) if later and len(full) - len(later) >= len(later) else said


def with_second_prints(said: list[Said]) -> list[Said]:
    """The same; a loss without a learning rate that was printed for steps told with one, beside a metric, is of validation."""
    trained = {kind: _losses(kind) for kind in {one.kind for one in said} if not kind.split and _rated(kind)}
    others = {
        kind
        for kind in {one.kind for one in said}
        if not kind.split and not _rated(kind) and _losses(kind) in trained.values() and _measures(kind)
    }
    if not others:
        return said
    counted = {_count(one) for one in said if one.kind in trained}
    later = {k for k, one in enumerate(said) if one.kind in others}
    evaluates = len(later) > 1 and None not in counted and all(_count(said[k]) in counted for k in later)
    return _as_split("val", later, said) if evaluates else said


def _losses(kind: Kind) -> Names:
    return tuple(name for name in kind.names if understood(name).kind == "loss" and not understood(name).split)


def _rated(kind: Kind) -> bool:
    return bool(_losses(kind)) and any(understood(name).kind == "lr" for name in kind.names)


def _measures(kind: Kind) -> bool:
    return bool(_losses(kind)) and any(understood(name).kind in ("accuracy", "metric") for name in kind.names)


def _count(said: Said) -> tuple[float, ...] | None:
    counts = _counts(said)
    return tuple(counts[name] for name in ("epoch", "step") if name in counts) if "step" in counts else None


def _as_split(split: str, chosen: set[int], said: list[Said]) -> list[Said]:
    return [one._replace(kind=one.kind._replace(split=split)) if k in chosen else one for k, one in enumerate(said)]


def _counts(said: Said) -> dict[str, float]:
    return dict(zip(said.kind.names, said.numbers, strict=True))


def _is_full(said: Said) -> bool:
    return {"batch", "batches"} <= set(said.kind.names) and _counts(said)["batch"] == _counts(said)["batches"]


def _follows(one: Said, later: Said) -> bool:
    first, second = _counts(one), _counts(later)
    return one.kind.names == later.kind.names and first.get("epoch") == second.get("epoch") and second["batches"] < first["batches"]
