"""The curves of a Run that tell how well it went, all turned so that lower is better."""

import re
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.run import Bools, Floats, Ints, Run, Series
from advisor.signals.direction import higher_is_better
from advisor.signals.noise import staircase
from advisor.signals.smoothing import blocks
from advisor.text import number, position

# Losses first: they move before accuracies do. A metric counts only where its name tells which way is better.
KINDS = ("loss", "accuracy", "metric")
PARTS = {"train": "training", "val": "validation"}
# Accuracies are shares or percentages; nothing but a percentage exceeds this.
PERCENT_ABOVE = 1.5
# What a column is named after that holds more than "a loss".
MEASURE = re.compile(r"(?<![a-z])(?:r?mse|mae|mape|nll|b?ce|ctc|kld?|dice|huber|perplexity|ppl|xent)(?![a-z])")
# Nearly every rule asks for the same curves of a run; they are made once, and kept as long as the run is.
_CURVES: WeakKeyDictionary[Run, dict[str, "Curve"]] = WeakKeyDictionary()
# What only the losses of an agent that plays are named after.
AGENT = re.compile(r"(?<![a-z])(?:policy|value[_ ]loss|approx[_ ]kl|clip[_ ]fraction|td[_ ](?:error|loss)|q[_ ](?:value|loss)|ep[_ ]len)")
REWARD = re.compile(r"(?<![a-z])(?:(?:reward|rew|return)(?:s|mean)?(?![a-z])|win[ _-]?rate)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Curve:
    """One series, lower is better: a loss as logged, the error 1 - accuracy (100 - in percent), a metric with its sign."""

    role: str
    values: Floats  # (points,) finite
    x: Floats  # (points,)
    points: Ints  # (points,) which point of the Run's series each one is, or ends with
    unit: str  # of x: "epoch", "step", or "row" where the log has neither
    perfect: float | None = None  # what the values were taken from, or None where they were not turned around
    each: int = 1  # of how many logged values each one is the median
    _thinned: dict[int, "Curve"] = field(default_factory=dict, init=False, repr=False)  # many rules ask for the same

    def __len__(self) -> int:
        return len(self.values)

    @property
    def title(self) -> str:
        """What was logged, in words."""
        part, _, kind = self.role.partition("_")
        return f"{PARTS.get(part, part)} {kind}"

    @property
    def rises(self) -> bool:
        """Whether it stands in the log the other way round: there it gets better as it rises."""
        return self.perfect is not None

    def at(self, i: int) -> str:
        """Where point `i` lies, in words: `epoch 3`."""
        return f"{self.unit} {position(float(self.x[i]))}"

    def logged(self, value: float) -> str:
        """A value of this curve as it stands in the log, where higher may be better."""
        return number(value if self.perfect is None else self.perfect - value)

    def told(self, i: int) -> str:
        """Point `i` in words that can be looked up in the log: `0.772 (epoch 3)`."""
        of = f"median of {self.each} up to " if self.each > 1 else ""
        return f"{self.logged(float(self.values[i]))} ({of}{self.at(i)})"

    def told_end(self, tail: int) -> str:
        """The median of the last `tail` points, in words that say so."""
        last = min(tail, len(self)) * self.each
        shown = self.logged(float(np.median(self.values[-tail:])))
        return f"{shown} (median of the last {last})" if last > 1 else shown

    def until(self, points: int) -> "Curve":
        """Its first `points` points."""
        return replace(self, values=self.values[:points], x=self.x[:points], points=self.points[:points])

    def since(self, first: int) -> "Curve":
        """Its points from index `first` on."""
        return replace(self, values=self.values[first:], x=self.x[first:], points=self.points[first:])

    def thinned(self, most: int) -> "Curve":
        """At most `most` medians of equally long stretches; of a staircase each step counts once."""
        if most not in self._thinned:
            self._thinned[most] = self._thin(most)
        return self._thinned[most]

    def _thin(self, most: int) -> "Curve":
        new = self.new_values(most)
        return replace(self, values=self.values[new], x=self.x[new], points=self.points[new]).in_blocks(most)

    def new_values(self, most: int) -> Bools:
        """Which points say something new, where there are more than `most`: all, but of a staircase only the end of each step."""
        return staircase(self.values) if len(self) > most else np.ones(len(self), dtype=bool)

    def in_blocks(self, most: int) -> "Curve":
        """At most `most` medians of equally long stretches."""
        values, ends = blocks(self.values, most)
        each = self.each * int(ends[0] + 1)
        return Curve(self.role, values, self.x[ends], self.points[ends], self.unit, self.perfect, each)


def curve(run: Run, role: str) -> Curve:
    """The curve of a role, of the last session where a log holds restarts; raises SignalUnavailable without one."""
    known = _CURVES.setdefault(run, {})
    if role not in known:
        known[role] = _curve(run, role)
    return known[role]


def _curve(run: Run, role: str) -> Curve:
    series = run.need(role)
    first = _last_start(series)
    kept = np.flatnonzero(np.isfinite(series.values[first:])) + first
    if len(kept) == 0:
        raise SignalUnavailable(f"{role} has no finite value")
    top = _turned_from(run, role)
    values = series.values if top is None else top - series.values
    return Curve(role, values[kept], series.x[kept], kept, _unit(series), top)


def training(run: Run) -> Curve:
    """The curve that training itself followed: its loss, or a training metric of known direction.

    Of an agent that plays, its rewards: its losses grow with what there is to win, and tell how well it foresees that.
    """
    return curve(run, "train_metric") if _earns(run) else _first_of(run, "train")


def validation(run: Run) -> Curve:
    """The same on held-out data."""
    return _first_of(run, "val")


def any_curve(run: Run) -> Curve:
    """The training curve, or the validation curve where training was not logged."""
    try:
        return training(run)
    except SignalUnavailable:
        return validation(run)


def paired(run: Run) -> tuple[Curve, Curve]:
    """Training and validation of the same kind at the same points: `(training, validation)`.

    Training is averaged over what lies between two validations, so that a noisy step log reads like an epoch log.
    Raises SignalUnavailable where no kind was logged for both, or nothing tells which points belong together.
    """
    for kind in KINDS:
        roles = f"train_{kind}", f"val_{kind}"
        if all(_usable(run, role) for role in roles) and not _unlike(*(run.series[role].name for role in roles)):
            return _aligned(run, *roles)
    raise SignalUnavailable("training and validation were not both logged with the same measure")


def thinned_together(train: Curve, val: Curve, most: int) -> tuple[Curve, Curve]:
    """A pair with at most `most` points, at the same places.

    Each step of a validation that is a staircase counts once, and training is averaged over it.
    """
    new = val.new_values(most)
    if new.all() and train.new_values(most).all():
        return train.thinned(most), val.thinned(most)
    first = np.append(0, np.flatnonzero(new)[:-1] + 1)
    means = np.add.reduceat(train.values, first) / np.diff(first, append=len(new))
    train = replace(train, values=means, x=train.x[new], points=train.points[new])
    val = replace(val, values=val.values[new], x=val.x[new], points=val.points[new])
    return train.in_blocks(most), val.in_blocks(most)


def _unlike(train: str, val: str) -> bool:
    """Whether two columns name different measures, so that their values are no gap.

    >>> _unlike("train/nll_loss", "val/rmse_loss"), _unlike("train/nll_loss", "val_loss"), _unlike("mse", "val_mse")
    (True, False, False)
    """
    a, b = (set(MEASURE.findall(name.lower())) for name in (train, val))
    return bool(a and b) and not a & b


def of_episodes(run: Run) -> bool:
    """Whether the run learns from episodes that it plays: rewards were logged, or numbers by episode, or losses that only agents have."""
    names = (*(series.name for series in run.series.values()), *run.unused)
    told = any(REWARD.search(name) or AGENT.search(name.lower()) for name in names)
    return told or "episode" in str(run.roles.get("epoch", "")).lower()


def _earns(run: Run) -> bool:
    """Whether the training metric is what an agent earns: rewards by name, or its score, or R, in an episode."""
    name = run.series["train_metric"].name if _usable(run, "train_metric") else ""
    return bool(REWARD.search(name)) or (("score" in name.lower() or name == "R") and of_episodes(run))


def _first_of(run: Run, part: str) -> Curve:
    for kind in KINDS:
        if _usable(run, f"{part}_{kind}"):
            return curve(run, f"{part}_{kind}")
    raise SignalUnavailable(f"neither a {part}_loss nor a {part} metric of known direction in this log")


def _usable(run: Run, role: str) -> bool:
    series = run.get(role)
    known = series is not None and bool(np.isfinite(series.values).any())
    return known and (not role.endswith("_metric") or _metric_direction(run, role) is not None)


def _metric_direction(run: Run, role: str) -> bool | None:
    column = run.roles.get(role)
    named = higher_is_better(column) if isinstance(column, str) else None
    return higher_is_better(run.series[role].name) if named is None else named


def _turned_from(run: Run, role: str) -> float | None:
    """What a series is taken from so that lower is better; None where it already is."""
    if role.endswith("_accuracy"):
        return perfect(run.series[role].values)
    return 0.0 if role.endswith("_metric") and _metric_direction(run, role) else None


def perfect(accuracies: Floats) -> float:
    """What a perfect accuracy is written as: 1, or 100 where they are percentages.

    >>> perfect(np.array([0.2, 0.9])), perfect(np.array([20.0, 90.0]))
    (1.0, 100.0)
    """
    return 100.0 if np.nanmax(accuracies, initial=0.0, where=np.isfinite(accuracies)) > PERCENT_ABOVE else 1.0


def _unit(series: Series) -> str:
    return series.axis if series.axis == "epoch" or np.isfinite(series.steps).all() else "row"


def _last_start(series: Series) -> int:
    """The first point of the last session: where epochs and steps, as far as known, last went backwards."""
    back = np.zeros(len(series), dtype=bool)
    for along in (series.epochs, series.steps):
        back[1:] |= np.diff(along) < 0
    return int(np.flatnonzero(back)[-1]) if back.any() else 0


def _aligned(run: Run, train_role: str, val_role: str) -> tuple[Curve, Curve]:
    train, val = curve(run, train_role), curve(run, val_role)
    at_train, at_val = _common_axis(run, train, val)
    if np.array_equal(at_train, at_val):
        return train, val
    edges = np.searchsorted(at_train, at_val, side="right")
    sums = np.concatenate([[0.0], np.cumsum(train.values)])
    before = np.concatenate([[0], edges[:-1]])
    counts = edges - before
    filled = counts > 0
    means = (sums[edges] - sums[before]) / np.maximum(counts, 1)
    means[~filled] = np.interp(at_val[~filled], at_train, train.values)
    return Curve(train_role, means, val.x, train.points[np.clip(edges - 1, 0, None)], val.unit, train.perfect), val


def _common_axis(run: Run, train: Curve, val: Curve) -> tuple[Floats, Floats]:
    a, b = run.series[train.role], run.series[val.role]
    for along in ("steps", "epochs"):
        at_train, at_val = getattr(a, along)[train.points], getattr(b, along)[val.points]
        if np.isfinite(at_train).all() and np.isfinite(at_val).all():
            return at_train, at_val
    if len(train) == len(val):
        return train.x, train.x
    raise SignalUnavailable("nothing tells which training values belong to which validation values")
