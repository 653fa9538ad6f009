"""The chart that is drawn while training goes on."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.live import Live

from advisor.cli import _progress
from advisor.training.events import Ended, EpochDone, Started, StepDone

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")
ROW = {"train_loss": 0.123456, "val_loss": 0.234567, "val_accuracy": 0.987}


@pytest.mark.parametrize("width", range(20, 121, 7))
def test_the_last_line_leaves_room_for_the_terminal_to_echo_ctrl_c(monkeypatch, width):
    monkeypatch.setattr(_progress, "columns", lambda stream: width)
    screen = io.StringIO()
    drawing = _progress._Drawing(Live(console=Console(file=screen, width=width, force_terminal=True), auto_refresh=False))
    for event in (Started(Path("run"), 0, 9000, 45, ()), StepDone(45), EpochDone({"epoch": 1, **ROW}), Ended("stopped", 1)):
        drawing(event)
    drawn = CONTROL.sub("", screen.getvalue()).split("\n")
    drawing.live.stop()
    assert len(drawn[-1]) <= width - _progress.ECHO and drawn[-1].startswith("epoch 1/9000"[: width - _progress.ECHO - 1])
