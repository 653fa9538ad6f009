"""How several trainings show that they go on: a line each on a terminal, a line for each that is through elsewhere."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from advisor import dotted
from advisor.cli._crew import Heard, Row
from advisor.cli._shared import aside, columns, console, is_live
from advisor.outcome import shown
from advisor.repair import Job
from advisor.text import cells, cut, printable

if TYPE_CHECKING:
    from rich.live import Live

REDRAW_SECONDS = 0.125
FIGURES = ("train_loss", "val_loss", "val_balanced_accuracy", "val_r2")
NAME_CELLS = 60


@contextmanager
def side_by_side(jobs: Sequence[Job]) -> Iterator[Heard]:
    """Hears of each epoch of each job, and shows it on standard error for as long as the context lasts."""
    board = _Board(jobs)
    if not is_live(sys.stderr):
        yield board.print_when_through
        return
    from rich.live import Live

    live = Live(console=console("stderr"), auto_refresh=False, transient=False)
    live.start()
    try:
        yield _Drawn(board, live)
        board.draw(live)
    finally:
        with aside():
            live.stop()


class _Board:
    """What is known of each training."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.names = [printable(shown(job.folder)) for job in jobs]
        self.wanted = [job.until or int(dotted.get(job.config, "train.epochs", 1)) for job in jobs]
        self.rows: list[Row] = [{} for _ in jobs]

    def hear(self, place: int, row: Row) -> None:
        self.rows[place] = row

    def print_when_through(self, place: int, row: Row) -> None:
        self.hear(place, row)
        if int(row["epoch"]) == self.wanted[place]:
            with aside():
                click.echo(self.line(place, columns(sys.stderr)), err=True)

    def line(self, place: int, width: int) -> str:
        """Name, epochs, and as many figures as fit."""
        row, longest = self.rows[place], min(max(map(cells, self.names)), NAME_CELLS)
        name = cut(self.names[place], longest)
        line = f"{name}{' ' * (longest - cells(name))}  " + (f"epoch {int(row['epoch'])}/{self.wanted[place]}" if row else "waits")
        for part in (f"{figure} {row[figure]:.3g}" for figure in FIGURES if figure in row):
            line = f"{line}  {part}" if cells(f"{line}  {part}") < width else line
        return cut(line, width - 1)

    def draw(self, live: "Live") -> None:
        """All lines again."""
        from rich.text import Text

        width = columns(live.console.file)
        live.console.width = width
        live.update(Text("\n".join(self.line(place, width) for place in range(len(self.names))), no_wrap=True), refresh=True)


class _Drawn:
    """Draws the board a few times a second at most."""

    def __init__(self, board: _Board, live: "Live") -> None:
        self.board, self.live, self.last = board, live, 0.0

    def __call__(self, place: int, row: Row) -> None:
        self.board.hear(place, row)
        if time.monotonic() - self.last > REDRAW_SECONDS:
            self.last = time.monotonic()
            with aside():
                self.board.draw(self.live)
