"""The counters on a line of console output: which epoch, step and batch it is about; each is blanked out once it is found."""

import re

from advisor.readers import patterns
from advisor.readers.vocabulary import SPLITS

Span = tuple[int, int]
Counts = dict[str, Span]


def blank(match: patterns.Match) -> str:
    """As much space as a match takes."""
    return " " * len(match[0])


def without(text: str, match: patterns.Match) -> str:
    """The text with a match blanked out, so that everything else stays in its place."""
    return text[: match.start()] + "|".center(len(match[0])) + text[match.end() :]


def epoch(text: str, counts: Counts) -> tuple[str, str]:
    """The text without its epoch, which goes into `counts` with a batch right behind it; and the split that stands with it."""
    pair = patterns.PAIR_OF_COUNTS.match(text)
    if pair:
        counts |= {"epoch": pair.span(1), "batch": pair.span(2)}
        return without(text, pair), ""
    match = patterns.EPOCH.search(text) or _foreign(patterns.FOREIGN_EPOCH, text)
    if match is None:
        return _epoch_after_its_number(text, counts), ""
    counts["epoch"] = match.span(2)
    if match[4]:
        counts |= {"batch": match.span(4), "batches": match.span(5)}
    return without(text, match), known_split(match[1])


def _foreign(pattern: re.Pattern[str], text: str) -> patterns.Match | None:
    return None if text.isascii() else pattern.search(text)


def _epoch_after_its_number(text: str, counts: Counts) -> str:
    match = patterns.EPOCH_BEFORE.search(text)
    if match is None:
        return text
    counts["epoch"] = match.span(match.lastindex or 1)
    return without(text, match)


def step(text: str, counts: Counts) -> tuple[str, str]:
    """The text without its step, which goes into `counts`; within an epoch, `Step [100/600]`, it is a batch."""
    before = patterns.STEP_BEFORE.search(text)
    if before:
        counts["step"] = before.span(before.lastindex or 1)
        return without(text, before), ""
    match = patterns.GLOBAL_STEP.search(text) or patterns.STEP.search(text) or _foreign(patterns.FOREIGN_STEP, text)
    if match is None:
        return _step_behind_a_stamp(text, counts), ""
    if "epoch" in counts and match[3]:  # Step [100/600] within an epoch
        counts |= {"batch": match.span(2), "batches": match.span(3)}
    else:
        counts["step"] = match.span(2)
    return without(text, match), known_split(match[1])


def _step_behind_a_stamp(text: str, counts: Counts) -> str:
    match = patterns.GLOG_STEP.match(text)
    if match is None or counts:
        return text
    counts["step"] = match.span(1)
    return text[: match.start(1)] + " " * (match.end(1) - match.start(1)) + text[match.end(1) :]


def step_behind_its_name(text: str, counts: Counts) -> str:
    """The text without a step between a loss and its value."""
    match = patterns.STEP_BEHIND.search(text)
    if match is None or counts:
        return text
    counts["step"] = match.span(1)
    return text[: match.start(1)] + " " * (match.end() - match.start(1)) + text[match.end() :]


def closed(text: str, counts: Counts) -> str:
    """The text without what is left of the counters between a name and its number, so that the two belong together."""
    for match in patterns.BETWEEN.finditer(text) if counts else ():
        if any(match.start() < at[0] < match.end() for at in counts.values()):
            text = text[: match.start()] + blank(match) + text[match.end() :]
    return text


def batch(text: str, counts: Counts) -> str:
    """The text without its batch and the number of batches, which go into `counts`."""
    match = patterns.BATCH.search(text) or patterns.BAR.match(text) or patterns.DRAWN_COUNT.search(text)
    if match is None and patterns.BEGUN_BAR.match(text):
        match = patterns.LAST_COUNT.search(text)
    if match is None or "batch" in counts or (match.re.pattern == patterns.DRAWN_COUNT.pattern and "step" in counts):
        return text
    found = [match.span(k) for k, group in enumerate(match.groups(), start=1) if group and group[0].isdigit()]
    counts |= dict(zip(("batch", "batches"), found, strict=False))
    return without(text, match)


def known_split(word: str | None) -> str:
    """The split that a word means, as `validating` or `eval` do; empty for any other."""
    said = (word or "").lower()
    return SPLITS.get(said.removesuffix("ing"), "") or SPLITS.get(said, "") or SPLITS.get(said.removesuffix("uating"), "")
