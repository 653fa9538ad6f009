"""What stands around the curves: lines at round values, the axes, and each curve's name where it ends."""

from collections.abc import Iterator, Sequence

import numpy as np

from advisor.charts.frame import Area, x_ticks
from advisor.charts.plot import curve_style
from advisor.charts.scale import short
from advisor.report._html.frame import AXIS, HEIGHT, LETTER, TOP, Frame, anchor
from advisor.report._html.tags import Markup, tag
from advisor.report._html.thinning import UNITS, heights
from advisor.text import cells, cut

TICKS = 5
X_CELLS = 64  # what ticks of the x axis are chosen for
LONGEST_NAME = 24
GAP = 15.0  # pixels between two names


def grid(frame: Frame) -> Iterator[Markup]:
    """Lines behind the curves, and the x axis."""
    for y, _ in _ticks(frame):
        yield tag("line", class_="grid", x1=0, x2="100%", y1=y, y2=y)
    floor = TOP + HEIGHT
    yield tag("line", class_="axis", x1=0, x2="100%", y1=floor, y2=floor)
    for x in x_ticks(Area(X_CELLS, 1, 0, *frame.ends)):
        yield tag("line", class_="axis", x1=frame.x(x), x2=frame.x(x), y1=floor, y2=floor + 4)
        yield tag("text", short(x), class_="tick", x=frame.x(x), y=floor + 17, text_anchor=anchor(frame.percent(x)))


def _ticks(frame: Frame) -> list[tuple[float, str]]:
    """Heights in pixels with their labels."""
    scale = frame.scale
    return [(frame.y((scale.top - at) / (scale.top - scale.bottom) * UNITS), label) for at, label in scale.ticks(TICKS)]


def gutter(frame: Frame) -> Markup:
    """The labels of the y axis, left of the curves."""
    ticks = _ticks(frame)
    width = 10 + LETTER * max((len(label) for _, label in ticks), default=0)
    texts = (tag("text", label, class_="tick", x=width - 8, y=y + 4, text_anchor="end") for y, label in ticks)
    return tag("svg", *texts, class_="gutter", width=width, height=TOP + HEIGHT + AXIS, aria_hidden="true")


def names(frame: Frame) -> Markup:
    """Each curve's name where it ends, moved apart where they would touch; left out where the page is narrow."""
    curves = frame.plot.curves
    last = [curve.y[np.isfinite(curve.y)][-1:] for curve in curves]
    wanted = sorted((frame.y(float(heights(y, frame.scale)[0])), i) for i, y in enumerate(last) if len(y))
    texts = [_short(curve.label) for curve in curves]
    placed = zip(apart([y for y, _ in wanted]), (i for _, i in wanted), strict=True)
    drawn = (tag("text", texts[i], class_=f"name {curve_style(curves, i)}", x=8, y=y + 4) for y, i in placed)
    width = 14 + LETTER * max(map(cells, texts), default=0)
    return tag("svg", *drawn, class_="names", width=width, height=TOP + HEIGHT + AXIS, aria_hidden="true")


def _short(label: str) -> str:
    """A curve's name and last value, of which the value is never cut."""
    name, _, value = label.rpartition(" ")
    return f"{cut(name, LONGEST_NAME)} {value}".strip()


def apart(wanted: Sequence[float], gap: float = GAP) -> list[float]:
    """Ascending heights moved as far apart as names need, downward first, then up again where the floor is reached.

    >>> apart([100.0, 102.0, 200.0], 15)
    [100.0, 115.0, 200.0]
    """
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + gap) if placed else y)
    floor = float(TOP + HEIGHT)
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], floor - (len(placed) - 1 - i) * gap)
    return placed
