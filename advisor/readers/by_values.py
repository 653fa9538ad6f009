"""What the values of a column tell where its name leaves it open: errors or answers, a bound or a loss, whose perplexity."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from advisor.readers.base import Column, Table
from advisor.readers.names import Name, understood, words
from advisor.run import Floats

PERPLEXITY = frozenset({"ppl", "perplexity"})
BASES = (np.e, 2.0)  # of a perplexity; fairseq takes 2
NEAR = 0.02  # of the loss: both are printed with a few digits
NEGATED = frozenset({"neg", "negative", "minus", "loss"})  # beside elbo


def with_errors_named(table: Table, mapped: Collection[str]) -> Table:
    """The table, with columns called top1 and top5 named as errors where that is what they are; a mapped column keeps its name.

    The right answer is among five guesses at least as often as it is the first: shares that are smaller for five are of wrong answers.
    """
    twins = {text: twin for text in table.columns if (twin := _of_five(text, table.columns)) and not {text, twin} & {*mapped}}
    errors = {text for top1, top5 in twins.items() if _is_below(table.columns[top5], table.columns[top1]) for text in (top1, top5)}
    if not errors:
        return table
    renamed = {text: f"{text} error" if text in errors else text for text in table.columns}
    note = "top1 and top5 are shares of wrong answers: of five guesses fewer are wrong than of one"
    return replace(
        table,
        columns={renamed[text]: column for text, column in table.columns.items()},
        splits={renamed.get(text, text): split for text, split in table.splits.items()},
        notes=(*table.notes, note),
    )


def _of_five(text: str, columns: Iterable[str]) -> str:
    """The column of the first five guesses beside one of the first; empty where there is none."""
    if understood(text).kind != "accuracy" or "1" not in text:
        return ""
    place = text.rindex("1")
    twin = f"{text[:place]}5{text[place + 1 :]}"
    return twin if twin in columns and "top" in text.lower() else ""


def _is_below(one: Column, other: Column) -> bool:
    first, second = _together(one, other)
    return len(first) > 0 and bool((first <= second).all() and (first < second).any())


def _together(one: Column, other: Column) -> tuple[Floats, Floats]:
    """The finite values of two columns in the rows that have both."""
    _, mine, yours = np.intersect1d(one.rows, other.rows, assume_unique=True, return_indices=True)
    first, second = one.values[mine], other.values[yours]
    finite = np.isfinite(first) & np.isfinite(second)
    return first[finite], second[finite]


def bounds(names: list[Name], filled: Mapping[str, Column]) -> list[Name]:
    """The names; an evidence bound that ends higher than it began is the bound itself, which is raised, and not the loss made of it."""
    told = [name for name in names if name.kind == "loss" and "elbo" in words(name.text) and not NEGATED.intersection(words(name.text))]
    if not told or not max((filled[name.text] for name in told), key=len).ends_higher:
        return names
    return [
        replace(name, kind="metric", split=name.split or "train", rest=("elbo", *name.rest)) if name in told else name for name in names
    ]


def split_by_exponent(name: Name, by_split: Mapping[str, list[Name]], filled: Mapping[str, Column]) -> str:
    """The split whose loss is the logarithm of a perplexity that says none; empty where it is that of no loss, or of several."""
    if not PERPLEXITY.intersection(words(name.text)):
        return ""
    found = {
        split
        for split, others in by_split.items()
        if any(other.kind == "loss" and _is_logarithm(filled[other.text], filled[name.text]) for other in others)
    }
    return found.pop() if len(found) == 1 else ""


def _is_logarithm(loss: Column, perplexity: Column) -> bool:
    small, large = _together(loss, perplexity)
    if len(small) < 2 or not (large > 0).all():
        return False
    return any(bool((np.abs(np.log(large) / np.log(base) - small) <= NEAR * np.maximum(np.abs(small), 1)).all()) for base in BASES)
