"""The live chart of a training on a terminal."""

import io
import os
import re
import sys
from pathlib import Path

import pytest

from advisor.charts import BRAILLE
from advisor.cli._progress import progress
from advisor.training.events import Ended, EpochDone, Started, StepDone


class Terminal(io.TextIOWrapper):
    """A stream of an encoding that says it is a terminal."""

    def isatty(self):
        return True


def shown_on_a_terminal(monkeypatch, encoding, columns):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", Terminal(raw, encoding=encoding, write_through=True))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size((columns, 24)))
    with progress(quiet=False) as listener:
        listener(Started(Path("runs/a"), 0, 4, 1, ()))
        for epoch in (1, 2, 3, 4):
            listener(StepDone(epoch))
            listener(EpochDone({"epoch": epoch, "train_loss": 1 / epoch, "val_loss": 1.5 / epoch}))
        listener(Ended("done", 4))
    return raw.getvalue().decode(encoding)


def test_is_drawn_in_the_finest_characters_that_the_terminal_has(monkeypatch):
    assert BRAILLE.corner in shown_on_a_terminal(monkeypatch, "utf-8", 80)
    assert shown_on_a_terminal(monkeypatch, "ascii", 80).isascii()


@pytest.mark.parametrize(("columns", "expected"), [(50, 49), (80, 79), (160, 100)])
def test_is_as_wide_as_the_terminal_up_to_what_is_easy_to_read(monkeypatch, columns, expected):
    lines = re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", shown_on_a_terminal(monkeypatch, "ascii", columns)).splitlines()
    axis = [line for line in lines if line.lstrip().startswith("+")]
    assert len(axis[-1]) == expected
