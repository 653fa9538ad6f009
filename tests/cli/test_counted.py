"""How far a command has come: told to a terminal that waits, and to nobody else."""

import io
import sys
import time

import pytest

from advisor.cli import _counted
from advisor.cli._counted import counted, waited


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_counted, "PATIENCE", 0.0)
    monkeypatch.setattr(_counted, "BETWEEN", 0.0)


@pytest.fixture
def at(monkeypatch):
    """Puts a stream in the place of standard error; in the test itself, for pytest puts its own there before each."""

    def put(stream):
        monkeypatch.setattr(sys, "stderr", stream)
        return stream

    return put


def test_a_terminal_is_told_how_many_are_read_and_nothing_stays_there(at):
    terminal = at(Terminal())
    assert list(counted("abc", 3)) == ["a", "b", "c"]
    said = terminal.getvalue()
    assert "read 2 of 3" in said
    assert said.endswith("\x1b[2K")


def test_nothing_is_told_of_what_is_quick_or_goes_to_a_file(at, monkeypatch):
    terminal = at(Terminal())
    monkeypatch.setattr(_counted, "PATIENCE", 3600.0)
    assert list(counted("abc", 3)) == ["a", "b", "c"]
    assert terminal.getvalue() == ""
    monkeypatch.setattr(_counted, "PATIENCE", 0.0)
    file = at(io.StringIO())
    list(counted("abc", 3))
    assert file.getvalue() == ""


def test_a_terminal_is_told_what_cannot_be_counted_and_nothing_stays_there(at):
    terminal = at(Terminal())
    with waited("searching runs\x1b"):
        end = time.monotonic() + 30
        while "searching" not in terminal.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
    assert "searching runs\\x1b, 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_nothing_is_told_of_what_is_quick_where_it_cannot_be_counted(at, monkeypatch):
    terminal = at(Terminal())
    monkeypatch.setattr(_counted, "PATIENCE", 3600.0)
    with waited("searching"):
        pass
    assert terminal.getvalue() == ""


def test_an_interrupted_count_leaves_no_trace_either(at):
    terminal = at(Terminal())
    results = counted("abc", 3)
    next(results)
    next(results)
    results.close()
    assert terminal.getvalue().endswith("\x1b[2K")
