"""Runs and a look become charts: which series together, where, with which marks."""

from pathlib import Path

import numpy as np
import pytest

from advisor.dashboard.view.keys import changed
from advisor.dashboard.view.look import Look, zoomed
from advisor.dashboard.view.scene import Subject, panel_of, scene, span_of
from advisor.diagnose import diagnose
from advisor.findings import Evidence, Finding, Severity
from advisor.outcome import Report, Status
from advisor.readers import load
from advisor.run import Run, Series

EPOCHS = np.arange(1.0, 11.0)


def series(values, each=10):
    return Series("s", values, EPOCHS, EPOCHS * each, np.arange(2, 12))


def report(name="run", findings=(), **others):
    roles = {"train_loss": series(1 / EPOCHS), "val_loss": series(1 / EPOCHS + 0.1), "val_accuracy": series(EPOCHS / 20)}
    steps = {"train_loss": Series("loss", np.ones(100), np.repeat(EPOCHS, 10), np.arange(1.0, 101.0), np.arange(100))}
    return Report(Run(name, Path(name), "table", roles, steps, others=others), Status.FINDINGS, findings, ())


def finding(roles=("val_loss",), start=3.0, end=7.0):
    return Finding("overfitting", "F101", Severity.WARNING, 1.0, "", "", 1.0, 1.0, Evidence(roles, "epoch", start, end))


def one(look=None, **about):
    return scene([Subject(report(**about), 0, "run", finding=0)], look or Look())


def test_one_run_has_a_chart_for_each_kind_the_loss_first():
    found = one(throughput=series(EPOCHS))
    assert [panel.name for panel in found.panels] == ["loss", "accuracy", "throughput"]
    assert [curve.label for curve in found.panels[0].plot.curves] == ["train", "val"]


def test_several_runs_have_a_chart_for_each_role_with_their_names_and_colours():
    found = scene([Subject(report("a"), 2, "a", finding=0), Subject(report("b"), 4, "b")], Look())
    assert [panel.name for panel in found.panels] == ["val_loss", "train_loss", "val_accuracy"]
    assert [(curve.label, curve.hue) for curve in found.panels[0].plot.curves] == [("a", 2), ("b", 4)]


def test_values_of_each_step_are_drawn_along_steps():
    found = one(Look(along="step"))
    assert [len(curve.x) for curve in found.panels[0].plot.curves] == [100, 10]
    assert found.whole == (1.0, 100.0)


def test_time_counts_from_the_start_also_where_the_log_has_a_time_of_day():
    found = one(Look(along="time"), time=series(1.7e9 + 60 * EPOCHS))
    assert found.possible == ("epoch", "step", "time")
    assert found.whole == (0.0, 540.0)


def test_an_axis_that_the_run_lacks_falls_back_to_its_own():
    assert one(Look(along="time")).along == "epoch"


def test_the_finding_that_is_looked_at_is_marked_by_name_and_the_others_by_number():
    found = one(findings=(finding(), finding(start=1.0, end=2.0)))
    assert [(mark.label, mark.start, mark.end) for mark in found.panels[0].plot.marks] == [("1 overfitting", 3, 7), ("2", 1, 2)]
    assert not found.panels[1].plot.marks


def test_marks_move_to_the_axis_that_is_shown():
    mark = one(Look(along="step"), findings=(finding(),)).panels[0].plot.marks[0]
    assert (mark.start, mark.end) == (30.0, 70.0)


def test_a_finding_is_found_on_the_chart_of_its_series():
    found = one(findings=(finding(("val_accuracy",)),))
    run = report().run
    assert panel_of(found, run, finding(("val_accuracy",))) == 1
    assert panel_of(found, run, finding(())) == 0
    assert span_of(found, run, finding()) == (3.0, 7.0)


def test_a_smoothed_curve_keeps_its_raw_one_faint_behind_it():
    curves = one(Look(smoothing=0.6)).panels[1].plot.curves
    assert [(curve.label, curve.faint) for curve in curves] == [("val", False), ("", True)]
    assert curves[1].y[-1] == 0.5 > curves[0].y[-1]


def test_at_the_cursor_each_chart_says_its_own_values():
    found = one(Look(cursor=4.0))
    assert found.panels[0].plot.readings == ("0.25", "0.35")
    assert found.panels[1].plot.readings == ("0.2",)
    assert "at epoch 4" in found.panels[1].plot.title


def test_a_window_shows_part_of_the_axis_in_all_charts_and_scales_to_it():
    found = one(zoomed(Look(), (1.0, 10.0), 3.0, at=10.0))
    assert {panel.plot.x_limits for panel in found.panels} == {(7.0, 10.0)}
    assert found.panels[1].plot.y_limits == (0.35, 0.5)


def test_clipping_leaves_outliers_out_of_the_scale():
    values = np.ones(1000)
    values[500] = 1e6
    values[:100] = 2.0
    run = Run("r", Path("r"), "table", {"val_loss": Series("v", values, np.arange(1000.0), np.arange(1000.0), np.arange(1000))})
    subject = Subject(Report(run, Status.HEALTHY, (), ()), 0, "r", 0)
    assert scene([subject], Look(clip=True)).panels[0].plot.y_limits == (1.0, 2.0)
    assert scene([subject], Look()).panels[0].plot.y_limits is None


def test_only_what_has_changed_is_made_anew():
    kept = report()
    first, again = (scene([Subject(kept, 0, "run", 0)], Look(cursor=cursor)) for cursor in (1.0, 2.0))
    for before, after in zip(first.panels, again.panels, strict=True):
        assert all(a is b for a, b in zip(before.plot.curves, after.plot.curves, strict=True))


def test_best_is_marked_on_the_charts_of_measures():
    assert [panel.plot.best for panel in one(throughput=series(EPOCHS)).panels] == [10.0, 10.0, None]


@pytest.mark.parametrize("axis", ["epoch", "step", "time"])
def test_a_recorded_run_can_be_drawn_along_every_axis(axis):
    run = load(Path(__file__).parents[3] / "sample_runs" / "overfitting")
    found = scene([Subject(diagnose(run), 0, "overfitting", 0)], Look(along=axis))
    assert found.along == axis
    assert [panel.name for panel in found.panels] == ["loss", "accuracy", "metric", "grad_norm", "lr"]


def test_nothing_is_drawn_of_nothing():
    assert scene([], Look()).panels == ()


def test_findings_of_one_place_share_a_bracket():
    found = one(findings=(finding(start=1.0, end=2.0), finding(start=1.0, end=9.0), finding(start=1.0, end=9.0)))
    assert [mark.label for mark in found.panels[0].plot.marks] == ["1 overfitting", "2 3"]


@pytest.mark.parametrize(("now", "then"), [(True, False), (False, True)])
def test_y_takes_the_axis_that_the_chosen_chart_does_not_have_now(now, then):
    look = Look(log=now)
    assert changed("log", look, one(look)).log is then
