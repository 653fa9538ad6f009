"""How far a command has come: told to a terminal that waits, and to nobody else."""

import io
import sys

import pytest

from advisor.cli import _counted
from advisor.cli._counted import counted


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_counted, "PATIENCE", 0.0)
    monkeypatch.setattr(_counted, "BETWEEN", 0.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    return sys.stderr


def test_a_terminal_is_told_how_many_are_read_and_nothing_stays_there(terminal):
    assert list(counted("abc", 3)) == ["a", "b", "c"]
    said = terminal.getvalue()
    assert "read 2 of 3" in said
    assert said.endswith("\x1b[2K")


def test_nothing_is_told_of_what_is_quick_or_goes_to_a_file(terminal, monkeypatch):
    monkeypatch.setattr(_counted, "PATIENCE", 3600.0)
    assert list(counted("abc", 3)) == ["a", "b", "c"]
    assert terminal.getvalue() == ""
    monkeypatch.setattr(_counted, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    list(counted("abc", 3))
    assert sys.stderr.getvalue() == ""


def test_an_interrupted_count_leaves_no_trace_either(terminal):
    results = counted("abc", 3)
    next(results)
    next(results)
    results.close()
    assert terminal.getvalue().endswith("\x1b[2K")
