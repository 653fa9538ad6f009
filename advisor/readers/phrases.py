"""A line of console output → what it says: counters, named numbers, and the split it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from advisor.readers.names import understood, words
from advisor.readers.numbers import number
from advisor.readers.vocabulary import SPLITS

LONGEST = 4000  # characters of one phrase; a longer line is no log line
# Every repetition here is possessive or short: lines of any shape must take time in proportion to their length.
ESCAPES = re.compile(r"\x1b\[[0-9;?]*+[A-Za-z]|\x1b[()][0-9A-Z]|\x1b\][^\x07]{0,200}\x07")
PARTED = re.compile(r"[\r\x08]+|(?<=\])(?=\{)")  # drawn over, or printed right behind a progress bar
QUOTES = str.maketrans("'\"`", "   ")
COUNT = r"\s*+[#:=]?+\s*+[\[(]?+\s*+(\d++(?:\.\d++)?+)(?!:\d|%)(?:\s*+/\s*+(\d++))?+\s*+[\])]?"
MODE = r"(?:\s?[\[(](\w{2,10})[\])])?+"
EPOCH = re.compile(
    rf"(?:\b(?:epoch|ep)\b|에포크|에폭){MODE}{COUNT}(?:\s*+,?+\s*+\[\s*+(\d++)\s*+/\s*+(\d++)[^\]]{{0,40}}\]?)?", re.IGNORECASE
)
GLOBAL_STEP = re.compile(rf"\bglobal[_ ]step\b{MODE}{COUNT}", re.IGNORECASE)
STEP = re.compile(rf"(?:\b(?:step|iteration|iter|iters|itr|update)s?\b|^\s*+s(?=:\d)){MODE}{COUNT}", re.IGNORECASE)
BATCH = re.compile(
    rf"(?<!\d)(\d++)\s*+/\s*+(\d++)\s++batches|^\W*+[A-Za-z]++:\s*+\[\s*+(\d++)\s*+/\s*+(\d++)\s*+\]|\b(?:mini_?)?batch\b{COUNT}",
    re.IGNORECASE,
)
BAR = re.compile(r"^\s*+(\d++)/(\d++)\s*+(?=[\[━ ].{0,400}?(?:step|\]|━))")  # Keras: 25/25 [=====] - 1s 3ms/step
DRAWN = re.compile(r"(?<!\d)(\d{1,2})%\|")  # tqdm, before it is at 100 %
PAIR_OF_COUNTS = re.compile(r"^\s*+\[\s*+(\d++)\s*+,\s*+(\d++)\s*+\]")  # [epoch, batch], as PyTorch's tutorials print
LEADING = re.compile(r"^[\s\[(]*+(\d++)\s*+(?:/\s*+\d++\s*+)?[\])|:,\t]")
STAMP = re.compile(r"\d{4}[-/]\d\d[-/]\d\d[T ]?|\d{1,2}:\d\d:\d\d(?:[.,]\d++)?")
VALUE = r"[-+]?(?:\d{1,3}(?:,\d{3})++(?:\.\d++)?|\d++\.?\d*+(?:[eE][-+]?\d++)?|\.\d++(?:[eE][-+]?\d++)?|nan\b|inf(?:inity)?\b)"
WORD = r"[^\W\d][\w@/.\-+]*+"
NAMED = re.compile(
    rf"(?<!\w)({WORD}(?: (?:\([A-Za-z]\w{{0,20}}\)|{WORD})){{0,5}}+)(?:\s*+\([A-Za-z%][^()]{{0,20}}\))?+"
    rf"(\s*+(?::|=++|->|→)\s*+|\s++)[\[(]?+\s*+(?:tensor\(\s*+)?+({VALUE})(?:\s?/\s?(\d++)\b)?(\s?%|[A-Za-z/]*+)(?!:?\d)",
    re.IGNORECASE,
)
SPLIT = re.compile(r"^\W*+(?:[A-Za-z_]++ - )*+(?:(?:info|debug|root)\W++)*+(?:\d++\s*+:\s*+)?\W*+([A-Za-z]++)", re.IGNORECASE)
SPLIT_IN_BARS = re.compile(r"\|\s*+(train|valid|val|validation|test|dev|eval)\s*+\|", re.IGNORECASE)
# Words that lead up to a name and are no part of it.
FILLERS = frozenset(
    {"info", "debug", "warning", "error", "root", "log", "results", "result", "finished", "done", "end", "of", "at", "with", "after", "and"}
    | {"the", "is", "now", "then", "in", "for", "to", "on", "s"}
)
CODE = frozenset({"return", "map", "range"})  # before a number these are as often a line of a program
LONGEST_NAME = 4  # words
SUMMARY = "train_runtime"
JUDGED = ("loss", "accuracy", "metric")
NUMBERS = ("lr", "grad_norm", "time")


@dataclass(frozen=True)
class Phrase:
    """What one line says."""

    values: dict[str, float]  # by the name as printed
    counts: dict[str, float] = field(default_factory=dict)  # epoch, step, batch, batches
    split: str = ""
    bar: bool = False  # a progress bar that has not reached its end

    @property
    def tells(self) -> bool:
        """Whether it names a loss or another figure of merit."""
        return any(understood(name).kind in JUDGED for name in self.values)

    @property
    def shape(self) -> tuple[str, ...]:
        """What lines of the same print statement have in common."""
        return (*self.values, *self.counts)


def phrases(line: str) -> Iterator[Phrase]:
    """What a line says; carriage returns and backspaces part it, of a bar that was drawn again and again the last stays."""
    pieces = PARTED.split(ESCAPES.sub("", line)) if "]{" in line or not line.isprintable() else [line]
    last: Phrase | None = None
    for piece in pieces:
        if not any(character.isdigit() for character in piece[:LONGEST]) and "nan" not in piece[:LONGEST].lower():
            continue
        phrase = _phrase(piece[:LONGEST])
        if last is not None and not set(last.values) <= set(phrase.values):
            yield last
        last = phrase if phrase.values or phrase.counts else last
    if last is not None:
        yield last


def _phrase(text: str) -> Phrase:
    plain = STAMP.sub(" ", text.translate(QUOTES))
    counts: dict[str, float] = {}
    rest, mode = _epoch(plain, counts)
    rest, more = _step(rest, counts)
    rest = _batch(rest, counts)
    values = dict(_values(rest))
    if not counts and values:
        _leading(rest, counts)
    if SUMMARY in values:
        values = {}
    return Phrase(values, counts, mode or more or _split(plain), _is_unfinished(plain, counts))


def _is_unfinished(text: str, counts: dict[str, float]) -> bool:
    """Whether a line is a progress bar on its way."""
    return bool(DRAWN.search(text) or (BAR.match(text) and counts.get("batch", 0) < counts.get("batches", 0)))


def _epoch(text: str, counts: dict[str, float]) -> tuple[str, str]:
    pair = PAIR_OF_COUNTS.match(text)
    if pair:
        counts |= {"epoch": float(pair[1]), "batch": float(pair[2])}
        return text[pair.end() :], ""
    match = EPOCH.search(text)
    if match is None:
        return text, ""
    counts["epoch"] = float(match[2])
    if match[4]:
        counts |= {"batch": float(match[4]), "batches": float(match[5])}
    return f"{text[: match.start()]} | {text[match.end() :]}", _known_split(match[1])


def _step(text: str, counts: dict[str, float]) -> tuple[str, str]:
    match = GLOBAL_STEP.search(text) or STEP.search(text)
    if match is None:
        return text, ""
    if "epoch" in counts and match[3]:  # Step [100/600] within an epoch
        counts |= {"batch": float(match[2]), "batches": float(match[3])}
    else:
        counts["step"] = float(match[2])
    return f"{text[: match.start()]} | {text[match.end() :]}", _known_split(match[1])


def _batch(text: str, counts: dict[str, float]) -> str:
    match = BATCH.search(text) or BAR.match(text)
    if match is None or "batch" in counts:
        return text
    found = [group for group in match.groups() if group and group[0].isdigit()]
    counts["batch"] = float(found[0])
    if len(found) > 1:
        counts["batches"] = float(found[1])
    return f"{text[: match.start()]} | {text[match.end() :]}"


def _leading(text: str, counts: dict[str, float]) -> None:
    match = LEADING.match(text)
    if match:
        counts["epoch"] = float(match[1])


def _values(text: str) -> Iterator[tuple[str, float]]:
    for match in NAMED.finditer(text):
        name = _name(match[1])
        kind = understood(name).kind
        value = number(match[3].replace(",", ""))
        if value is None or not _is_meant(name, kind, match[2].strip(), match[5].strip()):
            continue
        if match[4] and kind == "accuracy" and float(match[4]) > 0:
            value /= float(match[4])  # Accuracy: 9824/10000
        yield name, value


def _is_meant(name: str, kind: str, sign: str, unit: str) -> bool:
    """Whether a word and a number belong together: by a sign between them, or because the word is a known one."""
    if kind in JUDGED:
        return unit in ("", "%", "/") and (bool(sign) or name.lower() not in CODE)
    return bool(sign) or kind in NUMBERS


def _name(text: str) -> str:
    """The name without the words before it that only lead up to it."""
    said = text.split(" ")
    while len(said) > 1 and (said[0].lower().strip(".-") in FILLERS or not words(said[0]) or len(said) > LONGEST_NAME):
        said = said[1:]
    return " ".join(said)


def _split(text: str) -> str:
    in_bars = SPLIT_IN_BARS.search(text)
    if in_bars:
        return _known_split(in_bars[1])
    if text.lstrip().startswith("* "):
        return "val"  # as the ImageNet example of PyTorch ends an evaluation
    first = SPLIT.match(text)
    return _known_split(first[1]) if first else ""


def _known_split(word: str | None) -> str:
    return SPLITS.get((word or "").lower().removesuffix("ing"), "") or SPLITS.get((word or "").lower(), "")
