"""A Plot → a figure: curves as inline SVG that stretches to any width while its words stay as large as they are."""

from collections.abc import Iterator, Sequence

import numpy as np

from advisor.charts import Plot
from advisor.charts.plot import curve_style, x_limits
from advisor.charts.scale import scale_of
from advisor.findings import Finding
from advisor.report._html.axes import grid, gutter, names
from advisor.report._html.frame import AXIS, HEIGHT, INSET, TOP, Frame
from advisor.report._html.marks import bands, best, hits, lanes, lost, plain
from advisor.report._html.readings import Reading, readings
from advisor.report._html.tags import Markup, folded, items, table, tag
from advisor.report._html.thinning import UNITS, path


def figure(name: str, plot: Plot, findings: Sequence[Finding] = (), base: str = "") -> Markup:
    """A chart with its legend and a table of its numbers; marks lead to the findings whose ids begin with `base`."""
    frame = Frame(name, plot, scale_of([curve.y for curve in plot.curves], plot.log, plot.y_limits), x_limits(plot))
    title = f"{plot.title}{' (log)' if frame.scale.log else ''} by {plot.axis}"
    told = readings(plot)
    drawing = tag("div", gutter(frame), _drawing(frame, title, told), names(frame), lanes(frame, findings, base), class_="frame")
    return tag("figure", tag("figcaption", title), _legend(plot), drawing, _numbers(plot, title, told), class_="chart", id=name)


def _drawing(frame: Frame, title: str, told: Sequence[Reading]) -> Markup:
    plot, name = frame.plot, frame.name
    described = "; ".join(curve.label for curve in plot.curves) + ". The numbers stand in the table below."
    inner = tag(
        "svg", *_curves(plot, frame), x=0, y=TOP + INSET, width="100%", height=HEIGHT - 2 * INSET, viewBox=f"0 0 {UNITS:g} {UNITS:g}",
        preserveAspectRatio="none", overflow="visible",
    )  # fmt: skip
    parts = [*grid(frame), *bands(frame), *best(frame), inner, *lost(frame), *hits(frame, told)]
    head = (tag("title", title, id=f"{name}-title"), tag("desc", described, id=f"{name}-desc"))
    return tag(
        "svg", *head, *parts, class_="plot", width="100%", height=TOP + HEIGHT + AXIS, role="img",
        aria_labelledby=f"{name}-title {name}-desc", tabindex=0,
    )  # fmt: skip


def _curves(plot: Plot, frame: Frame) -> Iterator[Markup]:
    order = sorted(range(len(plot.curves)), key=lambda i: (not plot.curves[i].faint, -i))
    for i in order:
        look = f"line {curve_style(plot.curves, i)}"
        yield tag("path", d=path(plot.curves[i], frame.ends, frame.scale), class_=look, vector_effect="non-scaling-stroke")


def _legend(plot: Plot) -> Markup:
    entries = [tag("span", curve.label, class_=curve_style(plot.curves, i)) for i, curve in enumerate(plot.curves)]
    if any(not np.isfinite(curve.y).all() for curve in plot.curves):
        entries.append(tag("span", "× not finite", class_="error"))
    return items(entries, class_="legend")


def _numbers(plot: Plot, title: str, told: Sequence[Reading]) -> Markup:
    heads = [plot.axis, *(plain(curve.label) for curve in plot.curves)]
    return folded("numbers", table(title, heads, ([one.extent, *one.values] for one in told)))
