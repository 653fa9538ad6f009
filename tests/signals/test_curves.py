"""Which curve of a Run is judged, and which training value belongs to which validation value."""

import numpy as np
import pytest

from advisor.errors import SignalUnavailable
from advisor.rules.examples import record
from advisor.run import Run, Series
from advisor.signals.curves import any_curve, curve, paired, thinned_together, training
from advisor.signals.direction import higher_is_better
from advisor.signals.skill import skill


def logged(**series: Series) -> Run:
    run = record()
    return Run(run.name, run.path, run.format, series, roles={role: one.name for role, one in series.items()})


def at(name, values, steps=None, epochs=None) -> Series:
    nothing = np.full(len(values), np.nan)
    return Series(name, values, nothing if epochs is None else epochs, nothing if steps is None else steps, np.arange(len(values)) + 2)


def test_a_loss_is_judged_as_it_was_logged():
    assert training(record(train_loss=[2.0, 1.0], train_accuracy=[0.1, 0.5])).values.tolist() == [2.0, 1.0]


def test_accuracies_become_errors_in_their_own_unit():
    assert training(record(train_accuracy=[0.25, 0.5])).values.tolist() == [0.75, 0.5]
    assert training(record(train_accuracy=[25.0, 50.0])).values.tolist() == [75.0, 50.0]


def test_a_metric_is_judged_only_where_its_name_tells_the_direction():
    assert training(record(train_metric=[0.1, 0.5], columns={"train_metric": "train_f1"})).values.tolist() == [-0.1, -0.5]
    assert training(record(train_metric=[0.9, 0.5], columns={"train_metric": "wer"})).values.tolist() == [0.9, 0.5]
    with pytest.raises(SignalUnavailable, match="known direction"):
        training(record(train_metric=[0.1, 0.5], columns={"train_metric": "entropy"}))


def test_validation_stands_in_for_training_that_was_not_logged():
    assert any_curve(record(val_loss=[2.0, 1.0])).role == "val_loss"


def test_values_that_are_not_finite_are_left_out_and_places_kept():
    seen = curve(record(train_loss=[2.0, np.nan, 1.0]), "train_loss")
    assert (seen.values.tolist(), seen.points.tolist()) == ([2.0, 1.0], [0, 2])
    with pytest.raises(SignalUnavailable, match="no finite value"):
        curve(record(train_loss=[np.nan, np.inf]), "train_loss")


def test_rules_that_ask_for_the_same_curve_share_one_and_another_run_has_its_own():
    run, other = record(train_loss=[3.0, 2.0, 1.0, 0.5]), record(train_loss=[4.0, 4.0, 4.0, 4.0])
    assert training(run) is training(run)
    assert training(run).thinned(2) is training(run).thinned(2)
    assert (training(run).thinned(2).values.tolist(), training(run).thinned(4).values.tolist()) == ([2.5, 0.75], [3.0, 2.0, 1.0, 0.5])
    assert training(other).values.tolist() == [4.0, 4.0, 4.0, 4.0]


def test_only_the_last_session_counts():
    log = logged(train_loss=at("loss", [3.0, 2.0, 1.0, 2.9, 1.9], epochs=[1, 2, 3, 1, 2]))
    assert curve(log, "train_loss").values.tolist() == [2.9, 1.9]


def test_training_is_averaged_between_validations():
    train = at("loss", [4.0, 2.0, 2.0, 0.0], steps=[1, 2, 3, 4])
    val = at("val", [5.0, 6.0], steps=[2, 4])
    assert paired(logged(train_loss=train, val_loss=val))[0].values.tolist() == [3.0, 1.0]


def test_epochs_join_what_has_no_steps_in_common():
    train = at("loss", [4.0, 2.0, 1.0, 1.0], steps=[1, 2, 3, 4], epochs=[1, 1, 2, 2])
    val = at("val", [5.0, 6.0], epochs=[1, 2])
    assert paired(logged(train_loss=train, val_loss=val))[0].values.tolist() == [3.0, 1.0]


def test_a_validation_before_training_is_given_the_nearest_value():
    train, val = at("loss", [4.0, 2.0], steps=[5, 10]), at("val", [9.0, 5.0, 4.0], steps=[0, 5, 10])
    assert paired(logged(train_loss=train, val_loss=val))[0].values.tolist() == [4.0, 4.0, 2.0]


def test_nothing_is_paired_that_cannot_be():
    with pytest.raises(SignalUnavailable, match="same measure"):
        paired(record(train_loss=[1.0, 2.0], val_accuracy=[0.1, 0.2]))
    with pytest.raises(SignalUnavailable, match="belong"):
        paired(logged(train_loss=at("loss", [1.0, 2.0, 3.0]), val_loss=at("val", [1.0, 2.0])))


@pytest.mark.parametrize(
    ("name", "higher"),
    [("val_acc", True), ("validation/wer", False), ("metrics/mAP50-95(B)", True), ("train_r2", True), ("eval_macro_f1", True)],
)
def test_directions_follow_from_names(name, higher):
    assert higher_is_better(name) is higher


def test_skill_is_measured_from_what_guessing_gives():
    known = skill(record(train_accuracy=[0.6, 0.8, 1.0], facts={"class_shares": [0.6, 0.4]}), "train")
    assert known.values == pytest.approx([0.0, 0.5, 1.0])
    assert known.known
    unknown = skill(record(train_accuracy=[60.0, 80.0]), "train")
    assert (unknown.values.tolist(), unknown.known) == ([0.6, 0.8], False)
    assert skill(record(val_metric=[0.3], columns={"val_metric": "val_r2"}), "val").values.tolist() == [0.3]
    with pytest.raises(SignalUnavailable, match="accuracy or R²"):
        skill(record(train_loss=[1.0]), "train")


def test_losses_of_different_measures_are_no_pair():
    with pytest.raises(SignalUnavailable, match="same measure"):
        paired(logged(train_loss=at("train/nll_loss", [1.0, 2.0]), val_loss=at("val/rmse_loss", [1.0, 2.0])))


def test_a_pair_is_thinned_at_the_same_places_also_where_one_of_them_is_a_staircase():
    steps, falling = np.arange(1.0, 401), np.linspace(4.0, 0.0, 400)
    often = at("loss", falling, steps=steps)
    rarely = at("val_loss", np.repeat(np.linspace(4.0, 1.0, 40), 10), steps=steps)
    train, val = thinned_together(*paired(logged(train_loss=often, val_loss=rarely)), 200)
    assert (len(train), len(val), val.x.tolist()[:2]) == (40, 40, [10, 20])
    assert train.values[0] == pytest.approx(falling[:10].mean())
    train, val = thinned_together(
        *paired(logged(train_loss=at("loss", rarely.values, steps=steps), val_loss=at("val", falling, steps=steps))), 200
    )
    assert len(train) == len(val) == 200


def test_a_staircase_is_thinned_to_its_steps_only_where_there_are_more_points_than_wanted():
    stairs = curve(record(train_loss=[5.0, 5.0, 4.0, 4.0, 3.0, 3.0]), "train_loss")
    assert stairs.thinned(6).values.tolist() == [5.0, 5.0, 4.0, 4.0, 3.0, 3.0]
    assert stairs.thinned(5).values.tolist() == [5.0, 4.0, 3.0]
    assert stairs.thinned(5).x.tolist() == [2.0, 4.0, 6.0]
