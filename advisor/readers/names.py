"""A column's name → what it says: which split, what kind of value, how often it is logged, and what else.

Names are free text everywhere; the words in them are few. Whatever no word explains is left over as `rest`,
and a name with a rest stands behind one without.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from advisor import languages
from advisor.readers.vocabulary import (
    ABOUT,
    ACCURACY,
    BESIDE_EPOCH,
    BESIDE_STEP,
    BEST,
    ENTROPY,
    EPOCH,
    JUDGED,
    LOSS,
    LOSS_LIKE,
    NEUTRAL,
    NOT_FIRST,
    OFTEN,
    PLANS,
    RATE,
    SHORTHAND,
    SPLITS,
    STEP,
    TIME,
)  # fmt: skip
from advisor.signals.direction import as_one_word, higher_is_better

GLUED = re.compile(
    r"^(training|train|validation|valid|val|testing|test|tr|dev|eval)(loss|acc|accuracy|error|err|f1|ppl|auc|mse|mae|iou|dice)$"
    r"|^([a-z]{1,8})(loss)$"  # bceloss, avgloss
)


SECONDS = (("reader", "cost"), ("data", "cost"))  # as PaddlePaddle calls them
CROSS_ENTROPY = re.compile(r"\bcross[ \-]entropy\b(?![ \-/]*loss)")
LETTER_LOSS = re.compile(r"^l_(?!(?:r|rate|inf|\d+)(?:_|$))")  # l_total, l_pix: as BasicSR calls losses
HELD_OUT = re.compile(r"\bheld[ _\-]out\b", re.IGNORECASE)


@dataclass(frozen=True)
class Name:
    """A column's name, understood."""

    text: str  # as it stands in the file
    split: str  # "train", "val", "test", or "" where it does not say
    kind: str  # "loss", "accuracy", "metric", "lr", "grad_norm", "epoch", "step", "time", or "" for anything else
    level: str  # "step", "epoch", or ""
    rest: tuple[str, ...]  # the words that say none of this

    @property
    def total(self) -> bool:
        """Whether it names a sum over parts."""
        return any(word in ("total", "overall", "combined") for word in words(self.text))


@lru_cache(maxsize=1 << 15)
def understood(text: str) -> Name:
    """What a column's name says.

    >>> understood("Validation Loss")
    Name(text='Validation Loss', split='val', kind='loss', level='', rest=())
    >>> understood("train/box_loss").rest, understood("train_BinaryAccuracy").kind, understood("lr-Adam/pg1").kind
    (('box',), 'accuracy', 'lr')
    >>> understood("train_loss_step").level, understood("loss_scale").kind, understood("eval_runtime").kind
    ('step', '', 'time')
    """
    said = words(text.rpartition(" - ")[2])  # a W&B chart puts the run before the metric
    kind = _kind(said)
    told = [SPLITS[word] for place, word in enumerate(said) if word in SPLITS and (place == 0 or word != "fit")]  # l_forw_fit is a part
    split = next((one for one in told if one != "train"), told[0] if told else "")
    return Name(text, split, kind, _level(said) if kind in JUDGED else "", _rest(said, kind))


def words(text: str) -> tuple[str, ...]:
    """The words of a name, in lower case: apart at signs, at capitals, and where they are known to be glued."""
    apart = as_one_word(LETTER_LOSS.sub("loss ", text[:200]))
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z0-9])|(?<=[0-9])(?=[A-Z][a-z])", " ", apart)
    apart = HELD_OUT.sub("heldout", apart)
    plain = re.findall(r"[^\W_]+", CROSS_ENTROPY.sub("crossentropy", languages.spaced(apart.lower().replace("_", " "))))
    return tuple(part for word in languages.in_english(plain) for part in _unglued(word).split())


def _unglued(word: str) -> str:
    glued = GLUED.match(word)
    return " ".join(filter(None, glued.groups())) if glued else SHORTHAND.get(word, word)


def _kind(said: tuple[str, ...]) -> str:
    for kind, is_it in KINDS:
        if is_it(said):
            return kind
    return ""


def _is_rate(said: tuple[str, ...]) -> bool:
    named = said == ("l", "r") or "lr" in said or {"learning", "rate"} <= set(said)
    return named and not LOSS.intersection(said)


def _is_grad_norm(said: tuple[str, ...]) -> bool:
    of_gradient = {"grad", "gradient", "gradients"}.intersection(said) and "norm" in said
    return said in (("norm",), ("total", "norm")) or bool(of_gradient and "ratio" not in said)


def _is_time(said: tuple[str, ...]) -> bool:
    if said in SECONDS or {"cost", "time"} <= set(said):
        return True
    return (
        bool(TIME.intersection(said))
        and not RATE.intersection(said)
        and not (LOSS | ACCURACY | STEP - {"batch", "iter", "step"}).intersection(said)
        and said != ("time", "steps")
    )


def _is_about(said: tuple[str, ...]) -> bool:
    if any(word in LOSS | ENTROPY and after == "per" for word, after in pairwise(said)):
        return False  # nll_per_token: its unit
    if BEST.intersection(said):
        return True
    return bool(ABOUT.intersection(said)) and not {"reward", "return", "mean", "dice", "jaccard"}.intersection(said)


def _is_loss(said: tuple[str, ...]) -> bool:
    return bool(LOSS.intersection(said))


def _is_accuracy(said: tuple[str, ...]) -> bool:
    if {"err", "error"}.intersection(said):
        return False
    first = any(pair in pairwise(said) for pair in (("top", "1"), ("prec", "1"), ("acc", "1")))
    return first or bool(ACCURACY.intersection(said) and not NOT_FIRST.intersection(said))


def _is_metric(said: tuple[str, ...]) -> bool:
    by_norm = {"l1", "l2"}.intersection(said) and SPLITS.keys() & said  # as LightGBM calls the mean errors
    return (
        bool(by_norm or LOSS_LIKE.intersection(said))
        or higher_is_better(" ".join(word for word in said if word != "r" or len(said) == 1)) is not None
    )


def _is_epoch(said: tuple[str, ...]) -> bool:
    return bool(EPOCH.intersection(said)) and set(said) <= EPOCH | set(SPLITS) | BESIDE_EPOCH


def _is_step(said: tuple[str, ...]) -> bool:
    if said == ("example", "counter"):
        return True  # Vowpal Wabbit
    if "time" in said and ("time", "steps") not in pairwise(said):
        return False  # how long one takes
    return bool(STEP.intersection(said)) and set(said) <= STEP | set(SPLITS) | BESIDE_STEP and said not in PLANS


KINDS = (
    ("step", _is_step),
    ("epoch", _is_epoch),
    ("grad_norm", _is_grad_norm),
    ("time", _is_time),
    ("", _is_about),
    ("lr", _is_rate),
    ("loss", _is_loss),
    ("accuracy", _is_accuracy),
    ("metric", _is_metric),
)


def _level(said: tuple[str, ...]) -> str:
    if EPOCH.intersection(said):
        return "epoch"
    return "step" if OFTEN.intersection(said) else ""


def _rest(said: tuple[str, ...], kind: str) -> tuple[str, ...]:
    own = {"loss": LOSS, "accuracy": ACCURACY | {"top", "1"}}.get(kind, frozenset())
    known = set(SPLITS) | NEUTRAL | EPOCH | OFTEN | {"steps"} | own
    before_loss = {word for word, after in pairwise(said) if word == "value" and after in LOSS}  # value_loss is one of several
    return tuple(word for word in said if word not in known or word in before_loss)


def by_add_scalars(folder: str) -> bool:
    """Whether a folder is named TAG_KEY after a split, as torch's add_scalars names what it writes beside a run's own event file.

    >>> by_add_scalars("Loss_validation"), by_add_scalars("validation"), by_add_scalars("run_2")
    (True, False, False)
    """
    head, _, key = folder.rpartition("_")
    return bool(head) and understood(f"{key} {head}").split != "" and folder.lower() not in SPLITS
