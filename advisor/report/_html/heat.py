"""A statistic by layer and time → a heat map: layers from the first to the last, colours on a logarithmic axis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.charts.levels import short_or_word
from advisor.charts.scale import Scale, scale_of
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.report._html.tags import Markup, folded, table, tag
from advisor.report._layers import MOST_LAYERS, STATISTICS
from advisor.run import Floats, Run
from advisor.text import position

MOST_COLUMNS = 40
ROW = 18  # pixels
SHADES = 8  # colours, .heat0 to .heat7 of the style sheet
SHARES = frozenset({"zero_share", "saturated_share"})  # between 0 and 1, so on a linear axis
SPOKEN = {"dead-units": "zero_share", "saturated-units": "saturated_share"}
ALWAYS = "grad_norm"


@dataclass(frozen=True, eq=False)
class Heat:
    """The cells of a heat map: of several recordings that share one, the highest."""

    statistic: str
    layers: tuple[str, ...]
    axis: str
    places: tuple[str, ...]  # (columns,) epochs or steps, in words
    values: Floats  # (columns, layers); nan where nothing was recorded, or nan was
    lost: Floats  # (columns, layers) 1 where a recorded value was not finite
    dropped: int  # layers that are not shown


def heat_maps(run: Run, findings: Sequence[Finding]) -> list[Markup]:
    """A map for each statistic that a finding speaks of, and of the gradients, where they were recorded."""
    spoken = [SPOKEN.get(finding.rule) or STATISTICS.get(finding.code[0], "") for finding in findings if finding.evidence.layers]
    found = (heat(run, statistic) for statistic in dict.fromkeys([*filter(None, spoken), ALWAYS]))
    return [_figure(one) for one in found if one is not None]


def heat(run: Run, statistic: str) -> Heat | None:
    """A statistic's cells; None where it was not recorded."""
    try:
        layers = run.need_layers()
        names, values = layers.where(statistic)
    except SignalUnavailable:
        return None
    by_epoch = bool(np.isfinite(layers.epochs).all())
    along = layers.epochs if by_epoch else layers.steps
    chosen = np.unique(np.linspace(0, len(names) - 1, min(MOST_LAYERS, len(names))).astype(int))
    parts = np.array_split(np.arange(len(values)), min(MOST_COLUMNS, len(values)))
    shown = values[:, chosen]
    recorded = layers.recorded[statistic][:, [layers.names.index(names[i]) for i in chosen]]
    return Heat(
        statistic, tuple(names[i] for i in chosen), "epoch" if by_epoch else "step", tuple(_extent(along[part]) for part in parts),
        np.array([_highest(shown[part]) for part in parts]),
        np.array([(recorded[part] & ~np.isfinite(shown[part])).any(axis=0) for part in parts], dtype=float), len(names) - len(chosen),
    )  # fmt: skip


def _extent(places: Floats) -> str:
    first, last = float(places[0]), float(places[-1])
    return position(first) if first == last else f"{position(first)}–{position(last)}"


def _highest(values: Floats) -> Floats:  # (layers,)
    known = np.where(np.isfinite(values), values, -np.inf).max(axis=0)
    highest: Floats = np.where(np.isfinite(known), known, np.nan)
    return highest


def _figure(found: Heat) -> Markup:
    scale = scale_of([found.values.ravel()], log=found.statistic not in SHARES)
    title = f"{found.statistic} by layer, first layer first" + (f"; {found.dropped} layers left out" if found.dropped else "")
    names = tag("div", *(tag("span", name) for name in found.layers), class_="layers", aria_hidden="true")
    cells = tag("svg", tag("title", title), *_cells(found, scale), class_="cells", width="100%", height=ROW * len(found.layers), role="img")
    ends = tag("div", tag("span", f"{found.axis} {found.places[0]}"), tag("span", found.places[-1]), class_="ends")
    shown = tag("div", names, tag("div", cells, ends), class_="heat")
    return tag("figure", tag("figcaption", title), _key(scale, found), shown, folded("numbers", _numbers(found, title)), class_="chart")


def _cells(found: Heat, scale: Scale) -> Iterator[Markup]:
    width = 100 / len(found.places)
    for column, place in enumerate(found.places):
        for row, layer in enumerate(found.layers):
            value, lost = float(found.values[column, row]), bool(found.lost[column, row])
            if lost or np.isfinite(value):
                says = tag("title", f"{layer}, {found.axis} {place}: {'not finite' if lost else short_or_word(value)}")
                look = "lost" if lost else f"heat{shade(value, scale)}"
                yield tag("rect", says, class_=look, x=f"{column * width:.2f}%", width=f"{width + 0.1:.2f}%", y=row * ROW, height=ROW - 1)


def shade(value: float, scale: Scale) -> int:
    """Which of the colours a value has, from 0; the lowest for what lies below the axis, as zero on a logarithmic one."""
    share = (float(scale.transform(np.array([value]))[0]) - scale.bottom) / (scale.top - scale.bottom)
    return int(min(max(share, 0.0), 1.0) * (SHADES - 1) + 0.5)


def _key(scale: Scale, found: Heat) -> Markup:
    known = found.values[np.isfinite(found.values) & ((found.values > 0) | (not scale.log))]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    steps = (tag("i", class_=f"heat{step}") for step in range(SHADES))
    lost = [tag("i", class_="lost"), " not finite"] if found.lost.any() else []
    return tag("p", f"{short_or_word(low)} ", *steps, f" {short_or_word(high)}{' (log)' if scale.log else ''} ", *lost, class_="key")


def _numbers(found: Heat, title: str) -> Markup:
    heads = ["layer", *(f"{found.axis} {found.places[i]}" for i in _shown(found))]
    rows = ([layer, *(short_or_word(float(found.values[i, row])) for i in _shown(found))] for row, layer in enumerate(found.layers))
    return table(title, heads, rows)


def _shown(found: Heat) -> list[int]:
    """A few of the columns, the first and the last among them."""
    return [int(i) for i in np.unique(np.linspace(0, len(found.places) - 1, 6).astype(int))]
