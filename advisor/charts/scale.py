"""Axes: from where to where, linear or logarithmic, and at which round numbers to mark them."""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.charts.raster import HUGE, TINY, Transform, linear, logarithm
from advisor.run import Floats

# From two decades on, a linear axis shows nothing of what happens at the low end.
LOG_RATIO = 100.0
SUFFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Scale:
    """A y axis; `bottom` and `top` in transformed units (powers of ten on a log axis)."""

    bottom: float
    top: float
    log: bool

    @property
    def ends(self) -> tuple[float, float]:
        """Bottom and top."""
        return self.bottom, self.top

    @property
    def transform(self) -> Transform:
        """From values to the units of `bottom` and `top`."""
        return logarithm if self.log else linear

    def ticks(self, count: int) -> list[tuple[float, str]]:
        """At most `count` round places within the axis, in its own units, with their labels."""
        if not self.log:
            return _labelled(nice(self.bottom, self.top, count))
        decades = range(math.ceil(self.bottom - 1e-9), math.floor(self.top + 1e-9) + 1)
        if len(decades) >= 2:
            return [(power, power_label(power)) for power in decades[:: math.ceil(len(decades) / max(count, 1))]]
        values = nice(10**self.bottom, 10**self.top, count)
        return [(math.log10(value), label) for value, label in _labelled(values) if value > 0]


@dataclass(frozen=True)
class Reach:
    """From where to where values go, as far as they are finite."""

    low: float = math.inf
    high: float = -math.inf
    positive: float = math.inf  # the least of those above zero
    is_finite: bool = True  # all of them


def reach(values: Floats) -> Reach:
    """The reach of a curve.

    >>> reach(np.array([-1.0, 2.0, np.inf]))
    Reach(low=-1.0, high=2.0, positive=2.0, is_finite=False)
    """
    known = np.isfinite(values)
    is_finite = bool(known.all())
    finite = values if is_finite else values[known]
    if len(finite) == 0:
        return Reach(is_finite=is_finite)
    low = float(finite.min())
    positive = low if low > 0 else float(np.min(finite, where=finite > 0, initial=math.inf))
    return Reach(low, float(finite.max()), positive, is_finite)


def scale_of(values: Iterable[Floats], log: bool | None, limits: tuple[float, float] | None = None) -> Scale:
    """The axis on which all values fit; logarithmic where `log` is None and they span two decades or more."""
    return scale_over([reach(part) for part in values], log, limits)


def scale_over(reaches: Sequence[Reach], log: bool | None, limits: tuple[float, float] | None = None) -> Scale:
    """The axis for values that reach so far."""
    low, high = limits or _ends(reaches)
    if log is None:
        log = low > 0 and high / low >= LOG_RATIO
    if not log:
        return Scale(*_apart(low, high), log=False)
    positive = min((part.positive for part in reaches), default=math.inf)
    positive = positive if math.isfinite(positive) else 1.0
    low, high = max(low, positive) if low <= 0 else low, max(high, positive)
    return Scale(*_apart(math.log10(low), math.log10(high)), log=True)


def _ends(reaches: Sequence[Reach]) -> tuple[float, float]:
    known = [part for part in reaches if part.low <= part.high]
    return (min(part.low for part in known), max(part.high for part in known)) if known else (0.0, 1.0)


def _apart(low: float, high: float) -> tuple[float, float]:
    """Room around a curve that never moves."""
    low, high = max(low, -HUGE), min(high, HUGE)
    if high - low > max(abs(low) * 1e-12, TINY):
        return low, high
    room = abs(low) * 0.1 if abs(low) > TINY * 1e3 else 1.0
    return low - room, low + room


def nice(low: float, high: float, count: int) -> list[float]:
    """At most `count` (one at least) multiples of 1, 2 or 5 times a power of ten within low..high.

    >>> nice(0.0, 1.0, 3), nice(1.0, 30.0, 5)
    ([0.0, 0.5, 1.0], [10.0, 20.0, 30.0])
    """
    width = high - low
    if not (math.isfinite(width) and width > 0):
        return [low]
    power = 10.0 ** math.floor(math.log10(width / max(count, 1)))
    for step in (power * factor for factor in (1, 2, 5, 10, 20, 50)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < max(count, 1):
            return [float(f"{i * step:.12g}") for i in range(first, last + 1)] or [low]
    return [low]


def _labelled(values: list[float]) -> list[tuple[float, str]]:
    if len(values) > 1 and all(value == int(value) for value in values if abs(value) < 1e15):
        return [(value, short(value)) for value in values]
    step = min((b - a for a, b in itertools.pairwise(values)), default=0.0)
    decimals = min(max(0, -math.floor(math.log10(step))), 12) if step > 0 else None
    return [(value, short(value) if decimals is None or decimals > 6 else f"{value:.{decimals}f}") for value in values]


def power_label(power: float) -> str:
    """Ten to a whole power, as short as it can be read.

    >>> power_label(-5), power_label(-1), power_label(3), power_label(12)
    ('1e-5', '0.1', '1000', '1e12')
    """
    return f"{10.0**power:g}" if -4 < power < 4 else f"1e{int(power)}"


def short(value: float) -> str:
    """A number in few cells: 200k, 1.5M, 0.25, 3e-7.

    >>> [short(value) for value in (30.0, 200_000.0, 1_500_000.0, 0.25, 3e-7, 2e12)]
    ['30', '200k', '1.5M', '0.25', '3e-7', '2e12']
    """
    if value == int(value) and abs(value) < 10_000:
        return str(int(value))
    for size, suffix in SUFFIXES:
        if size <= abs(value) < size * 1e3:
            return f"{value / size:.4g}{suffix}"
    text = f"{value:.3g}"
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text
