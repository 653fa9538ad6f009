"""The order of the runs, and which of them are drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.dashboard.view.shelf import Shelf, drawn, family, mistake, next_sort, on_shelf, pin_toggled, set_apart, toggled
from advisor.findings import Evidence, Finding, Severity
from advisor.following import State, Watched
from advisor.outcome import Report, Status, Unreadable
from advisor.run import Run, Series


def run_of(name, severity=None, last=1.0, written=0, **about):
    series = Series("val_loss", [2.0, last], [1.0, 2.0], [1.0, 2.0], np.array([2, 3]))
    run = Run(name, Path(name), "table", {"val_loss": series}, about=about)
    findings = (Finding("some-rule", "X1", severity, 1.0, "", "", 1.0, 1.0, Evidence((), "epoch", 1.0, 2.0)),) if severity else ()
    status = Status.FINDINGS if findings else Status.HEALTHY
    return Watched((name, name), name, State.DONE, Report(run, status, findings, ()), written)


RUNS = (
    run_of("fine", last=0.1, written=3),
    run_of("bad", Severity.ERROR, last=float("nan"), written=1),
    run_of("odd", Severity.WARNING, last=0.5, written=2),
    Watched(("lost", "lost"), "lost", State.UNKNOWN, Unreadable(Path("lost"), "no numbers")),
)


def names(runs):
    return [run.label for run in runs]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("worst", ["bad", "odd", "lost", "fine"]),
        ("name", ["bad", "fine", "lost", "odd"]),
        ("newest", ["fine", "odd", "bad", "lost"]),
        ("best", ["fine", "odd", "bad", "lost"]),
    ],
)
def test_runs_stand_in_the_order_that_was_asked_for(sort, expected):
    assert names(on_shelf(RUNS, Shelf(sort=sort))) == expected


def test_the_order_goes_round():
    shelf = Shelf()
    for _ in range(4):
        shelf = next_sort(shelf)
    assert shelf == Shelf()


def test_the_pinned_run_is_first_and_no_filter_hides_it():
    shelf = pin_toggled(Shelf(filter="bad"), RUNS[0].key)
    assert names(on_shelf(RUNS, shelf)) == ["fine", "bad"]
    assert pin_toggled(shelf, RUNS[0].key).pinned is None


def test_a_filter_that_makes_no_sense_hides_nothing_and_says_so():
    shelf = Shelf(filter="val_loss<small")
    assert len(on_shelf(RUNS, shelf)) == 4
    assert "number" in mistake(shelf)
    assert mistake(Shelf(filter="val_loss<1")) == ""


def test_what_is_drawn_are_the_run_under_the_cursor_the_selected_and_the_pinned():
    shelf = replace(toggled(Shelf(), RUNS[1].key), pinned=RUNS[2].key)
    assert names(drawn(RUNS, shelf, RUNS[0])) == ["fine", "bad", "odd"]
    assert names(drawn(RUNS, toggled(shelf, RUNS[1].key), RUNS[3])) == ["odd"]


def test_two_marked_runs_are_compared_without_the_one_that_the_cursor_has_moved_on_to():
    marked = Shelf(selected=frozenset({RUNS[0].key, RUNS[1].key}))
    assert names(set_apart(RUNS, marked, RUNS[2])) == ["fine", "bad"]
    assert names(set_apart(RUNS, Shelf(selected=frozenset({RUNS[0].key})), RUNS[2])) == ["fine", "odd"]
    assert names(set_apart(RUNS, Shelf(), RUNS[2])) == ["odd"]


def test_a_family_is_a_run_with_all_that_was_fixed_from_it():
    first, fixed, again = run_of("a", id="1"), run_of("a-x", id="2", parent="1"), run_of("a-x-y", id="3", parent="2")
    other = run_of("b", id="4", parent="nobody")
    assert family((first, fixed, again, other), fixed) == {first.key, fixed.key, again.key}
    assert family((first, fixed, again, other), other) == {other.key}
