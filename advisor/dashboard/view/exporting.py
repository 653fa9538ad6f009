"""What is on the screen as files for elsewhere: the numbers of a chart, a chart as SVG, the report."""

import csv
import io
from html import escape
from pathlib import Path

import numpy as np

from advisor.charts import Plot
from advisor.charts.plot import x_limits
from advisor.charts.scale import nice, scale_of, short
from advisor.dashboard.view.scene import Panel
from advisor.errors import AdvisorError
from advisor.outcome import Outcome
from advisor.report._html.thinning import UNITS, path
from advisor.report.base import Stage
from advisor.text import printable

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 800, 420, 70, 40, 40  # of an SVG, in its own units
COLOURS = ("#0067b8", "#b84a00", "#8a3fa0", "#007a4d", "#7a5500", "#5f6670")


def as_csv(panel: Panel) -> str:
    """A row a place on the x axis, a column a curve as it is drawn; absent values stay empty, others are `nan`, `inf`, `-inf`."""
    named = [(curve, name) for curve, name in zip(panel.plot.curves, panel.names, strict=True) if len(curve.x)]
    curves, names = [curve for curve, _ in named], [name or f"{panel.name} raw" for _, name in named]
    places = np.unique(np.concatenate([curve.x for curve in curves])) if curves else np.zeros(0)
    columns = [dict(zip(curve.x.tolist(), curve.y.tolist(), strict=True)) for curve in curves]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([panel.plot.axis, *map(printable, names)])
    for place in places.tolist():
        writer.writerow([_number(place), *("" if place not in column else _number(column[place]) for column in columns)])
    return out.getvalue()


def _number(value: float) -> str:
    return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else repr(value)


def as_svg(panel: Panel) -> str:
    """The chart as curves, not as characters: sharp at any size; no spike is lost."""
    plot = panel.plot
    scale = scale_of([curve.y for curve in plot.curves], plot.log, plot.y_limits)
    ends = x_limits(plot)
    inner, height = WIDTH - LEFT - 10, HEIGHT - TOP - BOTTOM
    parts = [_text(LEFT, 18, plot.title + (" (log)" if scale.log else ""), "start", "bold"), *_legend(plot)]
    for value, label in scale.ticks(7):
        y = TOP + height * (1 - (value - scale.bottom) / (scale.top - scale.bottom))
        parts.append(
            f'<line x1="{LEFT}" x2="{LEFT + inner}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>' + _text(LEFT - 6, y + 4, label, "end")
        )
    for place in nice(*ends, 9):
        x = LEFT + inner * (place - ends[0]) / ((ends[1] - ends[0]) or 1.0)
        parts.append(_text(x, HEIGHT - BOTTOM + 18, short(place), "middle"))
    parts.append(_text(LEFT + inner / 2, HEIGHT - 6, plot.axis, "middle"))
    drawn = "".join(_curve(plot, i, ends) for i in sorted(range(len(plot.curves)), key=lambda i: not plot.curves[i].faint))
    box = f'x="{LEFT}" y="{TOP}" width="{inner}" height="{height}" viewBox="0 0 {UNITS:g} {UNITS:g}" preserveAspectRatio="none"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
    return f'{head}<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}<svg {box}>{drawn}</svg></svg>\n'


def _colour(plot: Plot, i: int) -> str:
    hue = plot.curves[i].hue
    return COLOURS[(i if hue is None else hue) % len(COLOURS)]


def _curve(plot: Plot, i: int, ends: tuple[float, float]) -> str:
    curve = plot.curves[i]
    scale = scale_of([curve.y for curve in plot.curves], plot.log, plot.y_limits)
    opacity = 0.3 if curve.faint else 1
    look = f'fill="none" stroke="{_colour(plot, i)}" stroke-width="1.5" stroke-opacity="{opacity}" vector-effect="non-scaling-stroke"'
    return f'<path d="{path(curve, ends, scale)}" {look}/>'


def _legend(plot: Plot) -> list[str]:
    named = [i for i, curve in enumerate(plot.curves) if curve.label]
    share = (WIDTH - LEFT) / max(len(named), 1)
    return [_text(LEFT + nth * share, 34, plot.curves[i].label, "start", fill=_colour(plot, i)) for nth, i in enumerate(named)]


def _text(x: float, y: float, text: str, anchor: str, weight: str = "normal", fill: str = "#333") -> str:
    said = escape(printable(text))
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">{said}</text>'


def as_report(outcome: Outcome) -> str:
    """The whole report as a page for a browser."""
    from advisor.report.html import Html

    return Html().render([outcome], Stage())


def written_to(text: str, stem: str, ending: str) -> Path:
    """A new file in the working folder, never over another; raises AdvisorError where it cannot be written."""
    safe = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in stem)[:80].strip(".") or "advisor"
    count = 1
    while True:
        file = Path() / f"{safe}{'' if count == 1 else f'-{count}'}.{ending}"
        try:
            with file.open("x", encoding="utf-8", newline="\n") as out:
                out.write(text)
        except FileExistsError:
            count += 1
        except OSError as refusal:
            raise AdvisorError(f"{file}: cannot be written ({refusal.strerror}); start the dashboard in a folder where it can") from None
        else:
            return file
