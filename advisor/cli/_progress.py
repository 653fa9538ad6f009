"""How a training shows that it goes on: a small live chart on a terminal, calm lines elsewhere, or nothing."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from advisor.charts import STYLES, Curve, Glyphs, Plot, Row, Size, draw, glyphs_for
from advisor.cli._first_look import looks
from advisor.cli._shared import aside, columns, console, is_live, note
from advisor.training.events import Ended, EpochDone, Event, Listener, Started, StepDone, ignore

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

CHART_ROWS = 9
WIDEST_CHART = 100
LEAST_REACH = 20  # epochs; an axis that changes every second unsettles
REDRAW_SECONDS = 0.125
LINES = 10  # of a whole training, where nothing can be drawn again
LINE_SECONDS = 30.0  # without one
# Left free behind the last line: a terminal writes ^C there for each Ctrl-C, and a line that breaks would leave its chart standing twice.
ECHO = 8
SCORES = ("val_accuracy", "val_r2", "train_accuracy", "train_r2")


class Watched:
    """What is known of the training from its events."""

    def __init__(self) -> None:
        self.started: Started | None = None
        self.step = 0
        self.rows: list[dict[str, float]] = []
        self.began = time.monotonic()

    def take(self, event: Event) -> None:
        """Takes note of an event."""
        match event:
            case Started():
                self.started, self.began = event, time.monotonic()
            case StepDone(step):
                self.step = step
            case EpochDone(figures):
                self.rows.append({name: float(value) for name, value in figures.items() if value is not None})

    @property
    def seconds_left(self) -> float | None:
        """For the steps that remain, at the pace so far; None before there is one."""
        if self.started is None:
            return None
        first = self.started.epoch * self.started.steps_per_epoch
        done, total = self.step - first, self.started.epochs * self.started.steps_per_epoch - first
        return (time.monotonic() - self.began) * (total - done) / done if done > 0 else None

    def line(self, width: int) -> str:
        """Epoch, time left, both losses and, where there is room, a score."""
        started, row = self.started, self.rows[-1] if self.rows else {}
        epoch, epochs = (int(row.get("epoch", started.epoch)), started.epochs) if started else (0, 0)
        left = self.seconds_left
        time_left = "" if left is None or epoch == epochs else f" ({duration(left)} left)"
        score = [name for name in SCORES if name in row][:1]
        parts = [f"{name} {row[name]:.3g}" for name in ("train_loss", "val_loss", *score) if name in row]
        line = "  ".join([f"epoch {epoch}/{epochs}{time_left}", *parts])
        return line if len(line) < width else "  ".join([f"epoch {epoch}/{epochs}{time_left}", *parts[:2]])

    def chart(self, width: int, glyphs: Glyphs) -> list[Row]:
        """Both losses against the epochs planned, as far as they leave the curves room."""
        curves = tuple(self._curve(name) for name in ("train_loss", "val_loss") if any(name in row for row in self.rows))
        done, planned = (int(self.rows[-1]["epoch"]), self.started.epochs) if self.rows and self.started else (1, 1)
        plot = Plot(curves, x_limits=(1.0, float(max(reach(done, planned), 2))))
        return draw(plot, Size(min(width, WIDEST_CHART), CHART_ROWS), glyphs) if curves else []

    def _curve(self, name: str) -> Curve:
        rows = [row for row in self.rows if name in row]
        return Curve(name, np.array([row["epoch"] for row in rows]), np.array([row[name] for row in rows]))


def reach(done: int, planned: int) -> int:
    """The last epoch of the axis: of a long training it is halved while the curves fit, or their beginning would stand in one column.

    >>> reach(1, 30), reach(26, 3000), reach(48, 3000), reach(3000, 3000)
    (30, 47, 94, 3000)
    """
    half = (planned + 1) // 2
    return reach(done, half) if half >= max(done, LEAST_REACH) else planned


def duration(seconds: float) -> str:
    """A time as people say it.

    >>> duration(3.2), duration(192), duration(7300)
    ('3 s', '3 min 12 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Listener]:
    """A listener that shows the training on standard error for as long as the context lasts."""
    if quiet:
        yield ignore
    elif is_live(sys.stderr):
        with _live() as listener:
            yield _Aside(listener)
    else:
        yield _Aside(_Lines())


class _Aside:
    """A listener that falls silent where standard error takes nothing any more: no training is lost for want of a reader."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener

    def __call__(self, event: Event) -> None:
        with aside():
            self.listener(event)


def _say(started: Started) -> None:
    """The notes, and what is not as it should be before the first step."""
    doubts = [look for look in looks(started.probes) if not look.is_fine] if started.epoch == 0 else []
    note(*started.notes, *(f"{look.name} {look.text}" for look in doubts))


class _Lines:
    """A line now and then."""

    def __init__(self) -> None:
        self.watched, self.last = Watched(), time.monotonic()

    def __call__(self, event: Event) -> None:
        self.watched.take(event)
        if isinstance(event, Started):
            _say(event)
        if isinstance(event, EpochDone) and self._is_due():
            print(self.watched.line(columns(sys.stderr)), file=sys.stderr, flush=True)  # noqa: T201
            self.last = time.monotonic()

    def _is_due(self) -> bool:
        epochs = self.watched.started.epochs if self.watched.started else 1
        epoch = int(self.watched.rows[-1]["epoch"])
        return epoch in (1, epochs) or epoch % max(1, epochs // LINES) == 0 or time.monotonic() - self.last > LINE_SECONDS


@contextmanager
def _live() -> Iterator[Listener]:
    from rich.live import Live

    live = Live(console=console("stderr"), auto_refresh=False, transient=False)
    try:
        yield _Drawing(live)
    finally:
        with aside():
            live.stop()


class _Drawing:
    """The chart, drawn again a few times a second at most."""

    def __init__(self, live: "Live") -> None:
        self.live, self.watched, self.last = live, Watched(), 0.0

    def __call__(self, event: Event) -> None:
        self.watched.take(event)
        if isinstance(event, Started):
            _say(event)
            self.live.start()
        if isinstance(event, Ended) or time.monotonic() - self.last > REDRAW_SECONDS:
            self.last = time.monotonic()
            self.live.update(self._frame(), refresh=True)

    def _frame(self) -> "Text":
        from rich.text import Text

        terminal = self.live.console.file  # sys.stderr is a stand-in of rich's by now, without encoding or width
        self.live.console.width = width = columns(terminal)
        frame = Text(no_wrap=True, overflow="ellipsis")
        for row in self.watched.chart(width - 1, glyphs_for(self.live.console.encoding)):
            for span in row:
                frame.append(span.text, STYLES[span.style])
            frame.append("\n")
        line = Text(self.watched.line(width - ECHO))
        line.truncate(max(width - ECHO, 1))
        return frame.append(line)
