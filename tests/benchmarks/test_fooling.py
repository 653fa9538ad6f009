"""The fooling table: its logs are what they say, differ from seed to seed, and are judged as files."""

import numpy as np
import pytest
from fooling import FAMILIES, alarms, said

from advisor.findings import Severity


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_draws_another_log_each_time(name):
    first, second = (FAMILIES[name](np.random.default_rng(seed)) for seed in (0, 1))
    assert [column.tolist() for column in first.values()] != [column.tolist() for column in second.values()]


@pytest.mark.parametrize("name", FAMILIES)
def test_few_draws_of_a_family_are_left_alone(name, tmp_path):
    assert alarms(FAMILIES[name], range(3), tmp_path) == {}


def test_a_sick_log_is_an_alarm(tmp_path):
    sick = {"epoch": np.arange(1.0, 31), "train_loss": np.linspace(2.0, 0.1, 30), "val_loss": np.abs(np.linspace(-1.0, 1.5, 30)) + 0.5}
    assert alarms(lambda random: sick, range(2), tmp_path).keys() == {0, 1}


def test_a_log_without_a_loss_raises_no_alarm(tmp_path):
    assert said({"epoch": np.arange(5.0), "g_loss": np.ones(5), "d_loss": np.ones(5)}, tmp_path) == []


def test_information_is_no_alarm(tmp_path):
    unfinished = {"epoch": np.arange(1.0, 21), "train_loss": np.linspace(2.0, 0.5, 20), "val_loss": np.linspace(2.1, 0.6, 20)}
    told = said(unfinished, tmp_path)
    assert told
    assert all(finding.severity < Severity.WARNING for finding in told)
