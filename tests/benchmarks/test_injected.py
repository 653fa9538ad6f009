"""The generator of injected faults: cases are well formed, the split is by program, and what is trained once stays trained."""

import math

import numpy as np
import pytest
from injected import BASE, HELD_OUT, PROGRAMS, Cache, candidates, cases, controls, truth_of
from injected.cache import SECONDS
from injected.judged import Judged, Said, counted, interval, share
from injected.loops import LOOPS
from injected.programs import program, tree
from injected.truth import measure, score
from rivals import RIVALS
from sklearn.datasets import make_blobs

from advisor.config import parse
from advisor.diagnose import all_rules
from advisor.findings import Severity
from advisor.readers import load
from advisor.training import origin

RULES = {rule.name for rule in all_rules()}
TINY = {"data.source": "moons", "data.samples": 60, "model.hidden": [4], "train.epochs": 2}


def test_the_names_of_cases_are_unique():
    names = [case.name for case in candidates()]
    assert len(names) == len(set(names))


def test_every_candidate_is_a_config_that_parses():
    for case in candidates():
        parse(case.tree(), BASE)


def test_every_control_is_a_config_that_parses_or_a_loop():
    for control in controls():
        assert control.loop in LOOPS if control.loop else parse(tree(control.edits, 0), BASE)


def test_autotrainers_blob_is_drawn_number_for_number():
    x, y = make_blobs(1000, centers=3, n_features=2, cluster_std=2, random_state=2)
    blobs = next(each for each in PROGRAMS if each.name == "blobs-mlp")
    drawn = origin.read(parse(tree(blobs.edits, 0), BASE)).whole
    assert np.allclose(drawn.x, x)
    assert (drawn.y == y).all()


def test_a_fault_changes_its_program():
    assert all(case.tree() != case.healthy() for case in candidates())


def test_causes_and_companions_are_names_of_rules():
    for case in candidates():
        assert set(case.right) | case.companions | set(case.fault.mild) <= RULES


def test_there_are_enough_faults_cures_and_healthy_trainings():
    assert len(cases()) >= 150
    assert len(cases(curable=True)) >= 100
    assert len(controls()) >= 50


def test_a_third_of_the_faults_are_mild():
    kinds = [truth_of(case).severity for case in cases()]
    assert sum(kind in {"mild", "loss"} for kind in kinds) / len(kinds) >= 0.3


def test_every_known_trap_has_a_healthy_training():
    assert {trap for control in controls() for trap in control.traps} == set(range(1, 27))


def test_no_data_set_stands_on_both_sides_of_the_split():
    sides = {held: {case.program.data for case in cases(held_out=held)} for held in (False, True)}
    assert sides[True] <= HELD_OUT
    assert not sides[False] & sides[True]
    assert {control.data for control in controls(held_out=False)}.isdisjoint(HELD_OUT)


def test_about_two_fifths_of_the_programs_are_held_out():
    assert 0.3 <= sum(each.is_held_out for each in PROGRAMS) / len(PROGRAMS) <= 0.55


def test_a_limited_part_has_many_kinds_of_fault_from_both_sides():
    part = cases(limit=60)
    assert len(part) == 60
    assert len({case.fault.name for case in part}) >= 25
    assert sum(case.is_held_out for case in part) == 30


def test_what_is_trained_once_is_not_trained_again(tmp_path):
    config = tree(program("tiny", "moons", TINY).edits, 0)
    first, again = Cache(tmp_path), Cache(tmp_path)
    folder = first.run(config)
    made = (folder / "run.csv").stat().st_mtime_ns
    assert again.run(config) == folder
    assert (folder / "run.csv").stat().st_mtime_ns == made
    assert (again.spent, again.saved) == (0.0, float((folder / SECONDS).read_text()))
    assert 0 <= score(folder) <= 100


def test_another_seed_is_another_training(tmp_path):
    edits = program("tiny", "moons", TINY).edits
    assert Cache(tmp_path).place(tree(edits, 0)) != Cache(tmp_path).place(tree(edits, 1))


def test_a_config_with_a_function_can_be_gone_on_from_where_it_lies(tmp_path):
    sorted_moons = {**TINY, "data.source": "own.py:sorted_moons", "train.epochs": 1}
    folder = Cache(tmp_path).run(tree(program("tiny", "moons", sorted_moons).edits, 0))
    config = load(folder).config
    assert parse(config, folder).data.source == f"{BASE.as_posix()}/own.py:sorted_moons"


def test_what_another_checkout_trained_can_be_gone_on_from_here(tmp_path):
    sorted_moons = {**TINY, "data.source": "own.py:sorted_moons", "train.epochs": 1}
    cache = Cache(tmp_path)
    folder = cache.run(tree(program("tiny", "moons", sorted_moons).edits, 0))
    config = folder / "config.toml"
    config.write_text(config.read_text().replace(BASE.as_posix(), "/elsewhere/benchmarks/injected"))
    cache.copy(folder, tmp_path / "copy")
    assert load(tmp_path / "copy").config["data"]["source"] == f"{BASE.as_posix()}/own.py:sorted_moons"


def test_a_fault_that_costs_nothing_does_not_count(tmp_path):
    case = next(case for case in candidates() if case.name.startswith("wine-mlp/wrong-labels"))
    harmless = type(case)(program("tiny", "moons", TINY), case.fault, "none", {"data.label_noise": 0.0})
    assert not measure(harmless, Cache(tmp_path)).counts


def judged(case, *said):
    return Judged("one", "one", 0, False, case, tuple(Said((rule,), severity) for rule, severity in said))


RATE = next(case for case in cases() if case.fault.name == "rate-too-high")


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ((("learning-rate-too-high", Severity.WARNING),), True),
        ((("learning-rate-too-high", Severity.INFO),), False),
        ((("diverging-loss", Severity.ERROR), ("learning-rate-too-high", Severity.WARNING)), False),
        ((("trained-too-long", Severity.INFO), ("learning-rate-too-high", Severity.WARNING)), True),
        ((), False),
    ],
)
def test_the_cause_counts_when_it_comes_first_at_its_severity(said, right):
    assert judged(RATE, *said).is_right is right


def test_what_follows_from_a_fault_is_not_wrong_and_what_does_not_is():
    both = judged(RATE, ("diverging-loss", Severity.ERROR), ("class-imbalance", Severity.WARNING))
    assert both.wrong == ("class-imbalance",)
    assert judged(None, ("diverging-loss", Severity.ERROR)).wrong == ("diverging-loss",)


def test_f1_counts_right_wrong_and_missed():
    right = judged(RATE, ("learning-rate-too-high", Severity.WARNING))
    counts = counted([right, right, judged(RATE), judged(None, ("learning-rate-too-high", Severity.WARNING))])
    assert counts.f1()[0] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))


def test_shares_and_intervals_are_over_data_sets():
    table = [Judged(f"p{i}", "x", 0, True, None, ()) for i in range(4) for _ in range(i + 1)]
    middle, low, high = share(table, [each.data == "p3" for each in table])
    assert (middle, low) == (0.4, 0.0)
    assert high > middle
    assert math.isnan(interval([float("nan")])[0])


@pytest.mark.parametrize("name", RIVALS)
def test_every_rival_speaks_of_rules_and_reads_any_run(name, tmp_path):
    (tmp_path / "log.csv").write_text("epoch,train_loss,val_loss\n1,1.0,1.1\n2,0.9,nan\n3,0.8,1.3\n")
    with np.errstate(all="ignore"):
        words = list(RIVALS[name](load(tmp_path / "log.csv")))
    assert all(set(word.means) <= RULES for word in words)
