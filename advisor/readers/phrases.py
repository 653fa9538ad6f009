"""A line of console output → what it says: counters, named numbers, and the split it is about.

A print statement writes the same line again and again with other digits. What a line says is found out once for
each pattern of digits; after that its numbers are cut out at the same places.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from advisor import languages
from advisor.readers import counting, patterns
from advisor.readers.counting import Span, blank, known_split, without
from advisor.readers.known_lines import known
from advisor.readers.names import understood, words
from advisor.readers.numbers import number
from advisor.readers.vocabulary import JUDGED

LONGEST = 4000  # characters of one phrase; a longer line is no log line
LONGEST_HEADING = 120
MOST_TEMPLATES = 5000
ZEROES = str.maketrans("123456789", "000000000")
# Words that lead up to a name and are no part of it.
FILLERS = frozenset(
    {"info", "debug", "warning", "error", "root", "log", "results", "result", "finished", "complete", "completed", "done", "end", "ended"}
    | {"of", "at", "with", "after", "and", "the", "is", "now", "then", "in", "for", "to", "on", "s"}
)
FOLLOWERS = frozenset({"is", "was", "of", "at", "to", "set"})  # words that lead from a name to its number
CODE = frozenset({"return", "map", "range"})  # before a number these are as often a line of a program
LONGEST_NAME = 4  # words
ABBREVIATED = 6  # characters of a word cut short, with its full stop
SUMMARY = "train_runtime"
UNITS = frozenset({"", "%", "/", "db", "mm", "cm", "m", "km", "px", "deg", "ev", "mev"})  # behind a figure of merit; a time is none
NUMBERS = ("lr", "grad_norm", "time")
LEADS = "leading"  # a number that begins a line and may count epochs or steps
AFTER = "after"  # the split of a line that ends an evaluation
HELD_OUT = ("val", "test")
COUNTERS = ("epoch", "step", "batch", "batches")  # what counts is no figure
BARE = ("train", "val")  # as in `250 val 6.43`
PAIR = (("one", "first"), ("other", "second"))  # the groups of train/val loss: 0.5/0.6
SIDES = (("train", "one"), ("val", "other"))  # the groups of loss 0.5/0.6
PRINTED_BEHIND = ("]{", "it/s]", "s/it]")  # how a progress bar ends, on a line that may go on with something else
Told = tuple[str, Span, Span | None]  # a name, its number, and what this is a share of
Found = tuple[str, Span, Span | None, Span]  # a name, its number, what this is a share of, and where the name stands


class Phrase(NamedTuple):
    """What one line says."""

    values: dict[str, float]  # by the name as printed
    counts: dict[str, float]  # epoch, step, batch, batches
    split: str = ""
    bar: bool = False  # a progress bar that has not reached its end
    heads: bool = False  # whether it only says what the next lines are about
    averaged: bool = False  # whether its figures are means over an evaluation so far
    pattern: str = ""  # the words of the line, the same for every line of one print statement

    @property
    def tells(self) -> bool:
        """Whether it names a loss or another figure of merit."""
        return any(understood(name).kind in JUDGED for name in self.values)

    @property
    def shape(self) -> tuple[str, ...]:
        """What lines of the same print statement have in common."""
        return (*self.values, *self.counts)


@dataclass(frozen=True)
class Template:
    """Where the numbers lie in all lines that differ in nothing but their digits."""

    values: tuple[Told, ...]
    counts: tuple[tuple[str, Span], ...]
    split: str
    bar: bool
    heads: bool
    digits: tuple[tuple[Span, str], ...]  # digits that belong to names and must be the same
    pattern: str = ""
    averaged: bool = False

    def fits(self, text: str) -> bool:
        """Whether the names in a line are those of the template."""
        return not self.digits or all(text[start:end] == name for (start, end), name in self.digits)


NOTHING = Phrase({}, {})
_templates: dict[str, Template] = {}


def phrases(line: str, drawn: bool = False) -> Iterator[Phrase]:
    """What a line says; carriage returns and backspaces part it, of a bar that was drawn again and again the last stays.

    `drawn` keeps every drawing of a bar, each with its own count.
    """
    parted = not line.isprintable() or any(sign in line for sign in PRINTED_BEHIND)
    pieces = patterns.PARTED.split(patterns.ESCAPES.sub("", line)) if parted else [line]
    last: Phrase | None = None
    for piece in pieces:
        phrase = _phrase(piece[:LONGEST])
        if not (phrase.values or phrase.counts or phrase.heads):
            continue
        if last is not None and last.values and (drawn or not set(last.values) <= set(phrase.values)):
            yield last
        last = phrase
    if last is not None:
        yield last


def _phrase(text: str) -> Phrase:
    key = text.translate(ZEROES)
    if "0" not in key and "nan" not in key.lower() and "inf" not in key.lower():
        return _heading(text)
    template = _templates.get(key)
    if template is None or not template.fits(text):
        if len(_templates) > MOST_TEMPLATES:
            _templates.clear()
        template = _templates[key] = _template(text)
    values = {name: value for name, at, whole in template.values if (value := _value(name, text, at, whole)) is not None}
    counts = {name: float(text[start:end].replace(",", "")) for name, (start, end) in template.counts}
    on_the_way = template.bar and counts.get("batch", 0) <= counts.get("batches", 1) - 1
    return Phrase(values, counts, template.split, on_the_way, template.heads, template.averaged, template.pattern)


def _value(name: str, text: str, at: Span, whole: Span | None) -> float | None:
    said = text[at[0] : at[1]]
    if "," in said:
        said = said.replace(",", "." if _is_decimal(said, name) else "")
    if "f" in said and said[-1].isdigit():  # as Julia writes single precision: 0.35f0
        said = said.replace("f", "e")
    value = number(said)
    if value is None or whole is None:
        return value
    return value / (float(text[whole[0] : whole[1]]) or 1.0)  # Accuracy: 9824/10000


def _is_decimal(said: str, name: str) -> bool:
    """Whether a comma stands before decimals: 0,69. Nobody sets thousands apart in a loss without decimals: 1,234 is one and a bit."""
    alone = said.count(",") == 1 and "." not in said
    return alone and (understood(name).kind in ("loss", "accuracy") or not patterns.THOUSANDS.fullmatch(said))


def _heading(text: str) -> Phrase:
    """A line without numbers that says which part of the data the next lines are about."""
    found = patterns.HEADING.match(text) if len(text) < LONGEST_HEADING else None
    return Phrase({}, {}, known_split(found[1]), heads=True) if found else NOTHING


def _template(text: str) -> Template:
    plain = text.replace("',", "  ").replace('",', "  ") if patterns.PYTHON_2.match(text) else text
    plain = patterns.OF_MANY.sub(blank, patterns.BARRED.sub(r"\1:", plain.replace("\\_", "__")))  # as Markdown escapes names
    plain = patterns.ARROW.sub(": ", plain)
    plain = patterns.HYPHENED.sub(":", patterns.STAMP.sub(blank, plain.translate(patterns.QUOTES)))
    if by_form := known(plain):
        return Template(by_form.values, by_form.counts, "", False, False, (), by_form.pattern)
    if patterns.COCO_PART.search(plain):
        return _of_coco(plain)
    windowed = patterns.WINDOW.search(plain) is not None
    plain = patterns.WINDOW.sub(blank, plain)
    counts: dict[str, Span] = {}
    rest, paired = _paired(plain)
    rest, mode = counting.epoch(rest, counts)
    rest, more = counting.step(rest, counts)
    rest = counting.batch(rest, counts)
    rest = counting.closed(counting.step_behind_its_name(rest, counts), counts)
    rest, slashed = _slashed(rest) if set(counts) == {"epoch"} else (rest, [])
    found = [*paired, *slashed, *(one for one in _named(rest) if understood(one[0]).kind != "step" or "step" not in counts)]
    if windowed and not counts:  # beside a line for each single episode, a mean of its own
        found = [(f"last {name}", at, whole, own) for name, at, whole, own in found]
    if not counts and found and (leading := patterns.LEADING.match(rest)):
        counts["step" if found[0][0] in BARE else LEADS] = leading.span(1)
    is_summary = any(name == SUMMARY for name, *_ in found)
    first = next((own[0] for name, _, _, own in found if understood(name).kind in JUDGED), len(plain))
    split = mode or more or _split(plain, first) or _of_held_out(found)
    by_part = () if is_summary else tuple(_by_part(plain, found))
    digits = tuple((span, text[span[0] : span[1]]) for _, _, _, span in found if any(map(str.isdigit, text[span[0] : span[1]])))
    bar = bool(patterns.DRAWN.search(plain) or patterns.BAR.match(plain) or patterns.BEGUN_BAR.match(plain))
    if patterns.UNFINISHED.match(plain):
        bar, counts = True, {name: span for name, span in counts.items() if name not in ("batch", "batches")}
    heading = None if by_part else patterns.HEADING.match(plain)
    split = split or known_split(heading and heading[1])
    means = tuple(_means(plain, by_part)) if split in HELD_OUT and "batch" in counts else ()
    words_of_it = " ".join(patterns.WORDS.findall(plain))
    return Template(means or by_part, tuple(counts.items()), split, bar, heading is not None, digits, words_of_it, bool(means))


def _of_coco(text: str) -> Template:
    """A line of the COCO evaluation: the precision over all areas is kept, the others are parts of it."""
    found = patterns.COCO.match(text)
    told = ((("AP" if found[1] else "AP50"), found.span(2), None),) if found else ()
    return Template(told, (), "val", False, False, (), "AP")


def _means(text: str, told: Sequence[Told]) -> Iterator[Told]:
    """The same figures, as the means in brackets behind those of one batch; nothing where a loss or metric has none."""
    means = [patterns.AVERAGE.match(text, at[1]) for _, at, _ in told]
    if not any(mean and understood(name).kind in JUDGED for mean, (name, *_) in zip(means, told, strict=True)):
        return
    for mean, (name, at, whole) in zip(means, told, strict=True):
        yield name, mean.span(1) if mean else at, whole


def _by_part(text: str, found: list[Found]) -> Iterator[Told]:
    """The names of a line that is about several splits, each with that of its part of the line."""
    parts = [(match.start(), split) for match in patterns.MARKER.finditer(text) if (split := known_split(match[1]))]
    several = len({split for _, split in parts}) > 1
    if not several and len({name for name, *_ in found}) < len(found):  # train loss 0.5 acc 0.8 | val loss 0.6 acc 0.7
        parts = [(own[0], split) for name, _, _, own in found if (split := understood(name).split)]
        several = len({split for _, split in parts}) > 1
    for name, at, whole, own in found:
        before = [split for start, split in parts if start <= own[0]]
        told = several and before and not understood(name).split and understood(name).kind in JUDGED
        yield (f"{before[-1]}/{name}" if told else name), at, whole


def _paired(text: str) -> tuple[str, list[Found]]:
    """The text without the figures that stand for two splits at once, and these."""
    found: list[Found] = []
    for match in patterns.PAIRED.finditer(text):
        name = match["last"] or match["name"] or "loss"
        found += [(f"{match[split]}/{name}", match.span(value), None, match.span(split)) for split, value in PAIR]
        text = without(text, match)
    return text, found


def _slashed(text: str) -> tuple[str, list[Found]]:
    """The text without figures of training and validation that no word tells apart, and these; a loss must be among them."""
    pairs = [match for match in patterns.SLASHED.finditer(text) if understood(match["name"]).kind in JUDGED]
    if not any(understood(match["name"]).kind == "loss" for match in pairs):
        return text, []
    found: list[Found] = []
    for match in pairs:
        found += [(f"{split}/{match['name']}", match.span(value), None, match.span("name")) for split, value in SIDES]
        text = without(text, match)
    return text, found


def _named(text: str) -> Iterator[Found]:
    """Every name with the places of its number, of what that is a share of, and of itself."""
    for match in patterns.NAMED.finditer(text):
        name = _name(match[1])
        kind = understood(name).kind
        if name in COUNTERS:
            continue  # of 258 batches: 0.5
        if match[5] == "%" and text[match.end() : match.end() + 1] in ("|", "["):
            continue  # how far a bar is drawn, behind what it is about
        if kind in JUDGED and text[match.start(3) - 1] == "[" and text[match.end() : match.end() + 1] == ",":
            continue  # several in one list, and nothing says which is which
        if _is_meant(name, kind, match[2].strip(), match[5].strip()):
            yield name, match.span(3), match.span(4) if match[4] and kind == "accuracy" else None, match.span(1)


def _is_meant(name: str, kind: str, sign: str, unit: str) -> bool:
    """Whether a word and a number belong together: by a sign between them, or because the word is a known one."""
    if kind in JUDGED:
        return unit.lower() in UNITS and (bool(sign) or name.lower() not in CODE)
    if kind in ("epoch", "step") and unit in ("%", "s", "ms"):
        return False  # how far a bar is drawn, how long one takes
    return bool(sign) or kind in NUMBERS or name in BARE or (kind == "step" and "_" in name)


def _name(text: str) -> str:
    """The name without the words before and behind it that only lead up to it or to its number."""
    said = text.split(" ")
    while len(said) > 1 and said[-1].lower() in FOLLOWERS:
        said = said[:-1]
    ends = (place for place, word in enumerate(said[:-1]) if word.endswith(".") and len(word) > ABBREVIATED and not known_split(word[:-1]))
    said = said[next(ends, -1) + 1 :]  # Throughput is 5 records/second. Loss is 0.5
    if len(said) > LONGEST_NAME and known_split(said[0]):
        said = said[:LONGEST_NAME]  # validation accuracy using average model
    while (
        len(said) > 1
        and said[1].lower() != "rate"
        and (said[0].lower().strip(".-") in FILLERS or not words(said[0]) or len(said) > LONGEST_NAME)
    ):
        said = said[1:]
    return " ".join(said)


def _of_held_out(found: list[Found]) -> str:
    """The split of a line whose first figure is a test loss: what stands beside it was measured on the same data."""
    said = [understood(name).split for name, *_ in found if understood(name).kind in JUDGED]
    return said[0] if len(said) > 1 and said[0] in HELD_OUT and not any(said[1:]) else ""


def _split(text: str, first: int) -> str:
    """The split that a line is about, as the words before its first name say."""
    if in_bars := patterns.SPLIT_IN_BARS.search(text):
        return known_split(in_bars[1])
    if patterns.AFTER_TRAINING.search(text):
        return AFTER  # as the ImageNet example of PyTorch ends an evaluation
    if named := patterns.SPLIT_NAMED.search(text, 0, first):
        return known_split(named[1])
    if patterns.MACE.search(text):
        return "val"  # of the training it prints nothing
    known = known_split(leading[1]) if (leading := patterns.SPLIT.match(text)) else ""
    said = {known_split(match[1]) for match in patterns.SPLIT_BEFORE.finditer(text, 0, first)}
    if not text.isascii():
        said |= languages.splits(text[:first])
    return known or (said.pop() if len(said) == 1 else "")
