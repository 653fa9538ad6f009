"""What is marked in a figure: the places of findings, the best value, lost values, and where the pointer finds numbers."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from advisor.charts import Mark
from advisor.charts.scale import short
from advisor.findings import Finding
from advisor.report._html.frame import HEIGHT, TOP, Frame, anchor
from advisor.report._html.readings import Reading
from advisor.report._html.tags import Markup, tag, together
from advisor.report._html.thinning import UNITS, positions
from advisor.run import Floats

LANE = 22  # pixels for the place of a finding
MOST_LANES = 8
MIDDLE = 55  # hundredths of the width: places that begin right of it have their words end with them
MOST_SHADED = 95  # hundredths of the width
LEAST, LAST = 0.6, 99.4  # hundredths of the width: of a place that is a single point, and where one may begin


def bands(frame: Frame) -> Iterator[Markup]:
    """The places of findings behind the curves."""
    places = {_across(frame, mark): mark.style for mark in reversed(frame.plot.marks)}  # of several at one place the first
    for (start, width), style in places.items():
        if width < MOST_SHADED:  # a shade over everything shows nothing
            yield tag("rect", class_=f"band {style}", x=f"{start:.2f}%", width=f"{width:.2f}%", y=TOP, height=HEIGHT)


def _across(frame: Frame, mark: Mark) -> tuple[float, float]:
    start, end = frame.percent(mark.start), frame.percent(mark.end)
    start = min(start, LAST)
    return start, max(end - start, LEAST)


def lanes(frame: Frame, findings: Sequence[Finding], base: str) -> Markup:
    """The places of findings below the axis, one under the other, each a link to what is said of it."""
    rules = {str(nth): finding.rule for nth, finding in enumerate(findings, start=1)}
    shown = frame.plot.marks[:MOST_LANES]
    links = [tag("a", *_lane(frame, mark, nth, rules.get(mark.label, "")), href=f"#{base}{mark.label}") for nth, mark in enumerate(shown)]
    return tag("svg", *links, class_="lanes", width="100%", height=LANE * len(shown)) if shown else Markup("")


def _lane(frame: Frame, mark: Mark, nth: int, rule: str) -> tuple[Markup, Markup]:
    """A bar, and its words where there is room for them."""
    start, width = _across(frame, mark)
    y = LANE * nth
    bar = tag("rect", class_=f"place {mark.style}", x=f"{start:.2f}%", width=f"{width:.2f}%", y=y + 3, height=LANE - 6, rx=3)
    at, shift, side = (start, 6, "start") if start < MIDDLE else (start + width, -6, "end")
    words = f"{mark.label} {rule}"
    return bar, tag("text", words, class_=f"mark {mark.style}", x=f"{at:.2f}%", dx=shift, y=y + 15, text_anchor=side)


def best(frame: Frame) -> Iterator[Markup]:
    """Where the best value lies."""
    place = frame.plot.best
    if place is None:
        return
    x = frame.x(place)
    yield tag("line", class_="best", x1=x, x2=x, y1=TOP, y2=TOP + HEIGHT)
    yield tag("text", f"★ best {short(place)}", class_="best", x=x, y=TOP - 7, text_anchor=anchor(frame.percent(place)))


def lost(frame: Frame) -> Iterator[Markup]:
    """Values that have no place on the axis: at its upper border, -inf at the lower one."""
    for curve in frame.plot.curves:
        missing = ~np.isfinite(curve.y) & np.isfinite(curve.x)
        for low in (False, True):
            chosen = missing & ((curve.y == -np.inf) == low)
            for x in _apart(positions(curve.x[chosen], frame.ends) / UNITS * 100):
                yield tag("text", "×", class_="lost", x=f"{x:.5g}%", y=TOP + (HEIGHT if low else 4), text_anchor="middle")


def _apart(places: Floats) -> Floats:
    """Of places that fall into one hundredth of the width the first."""
    return places[np.unique(np.round(places), return_index=True)[1]]


def hits(frame: Frame, told: Sequence[Reading]) -> Iterator[Markup]:
    """Where the pointer finds values: columns that meet halfway between their neighbours."""
    middles = [(frame.percent(one.start) + frame.percent(one.end)) / 2 for one in told]
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), 100.0]
    for nth, one in enumerate(told):
        lines = [f"{frame.plot.axis} {one.extent}"]
        lines += [f"{plain(curve.label)}: {value}" for curve, value in zip(frame.plot.curves, one.values, strict=True) if value]
        says = tag("title", together(lines, "\n"))
        yield tag("rect", says, class_="hit", x=f"{edges[nth]:.2f}%", width=f"{edges[nth + 1] - edges[nth]:.2f}%", y=TOP, height=HEIGHT)


def plain(label: str) -> str:
    """A curve's name without the last value that its label ends with."""
    return label.rpartition(" ")[0] or label
