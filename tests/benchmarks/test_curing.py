"""The measurement of fixes: which faults it takes, and what it counts as mended."""

from dataclasses import replace

import pytest
from curing import Row, chosen, how_sure, table
from injected.programs import SEEDS

MENDED = Row("ours", "moons-tanh/rate-too-high/x1000", "updates", 0, False, 95.0, 50.0, 93.5, 1.3, "cured", 2.0, 1.0, "")
SHORT = replace(MENDED, case="wine-mlp/rate-too-high/x1000", mended=92.5)


@pytest.mark.parametrize("held_out", [True, False])
def test_a_hundred_different_faults_of_each_side_are_there_under_all_seeds(held_out):
    pairs = chosen(held_out, 150)
    assert len({case.name for case, _ in pairs}) == 150
    assert {seed for _, seed in pairs} == set(SEEDS)
    assert all(case.is_held_out == held_out and case.is_curable for case, _ in pairs)


def test_a_higher_limit_goes_on_where_a_lower_one_ended():
    assert chosen(True, 130)[:56] == chosen(True, 56)


def test_the_families_of_autotrainer_are_among_the_faults():
    names = {case.name for held_out in (True, False) for case, _ in chosen(held_out, 0)}
    for data in ("blobs-mlp", "circles-mlp"):
        assert {f"{data}/deep-small-nets/sigmoid", f"{data}/inputs-off-scale/x100"} & names


@pytest.mark.parametrize(("changes", "is_mended"), [({}, True), ({"mended": 92.9}, False), ({"by_loss": True}, False),
    ({"by_loss": True, "loss_ratio": 1.05, "mended": 60.0}, True)])  # fmt: skip
def test_mended_is_two_points_or_a_twentieth_of_the_loss_from_the_healthy_twin(changes, is_mended):
    assert replace(MENDED, **changes).is_mended == is_mended


def test_how_sure_a_share_is_follows_from_the_data_sets():
    assert "50.0%" in list(table([MENDED, SHORT]))[1]
    assert list(how_sure([MENDED, SHORT])) == [
        "ours: 95 %, drawn over 2 data sets: mended 0% to 100%, called cured and fell short 0% to 100%"
    ]
    assert "mended 100% to 100%" in next(how_sure([MENDED, MENDED]))
