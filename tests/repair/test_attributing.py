"""Which of several changes mattered, with a trainer that trains nothing."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from advisor.dotted import get, put
from advisor.repair import Tools
from advisor.repair.attributing import attributed
from advisor.repair.metrics import ACCURACY
from advisor.repair.trials import Subject, Wanted, Workshop
from advisor.rules.examples import record

EPOCHS = 20
BEFORE = {"model": {"kind": "net.py:net"}, "optim": {"lr": 0.1, "l2": 0.0}, "train": {"epochs": EPOCHS, "seed": 0}}
AFTER = {**BEFORE, "model": {"kind": "net.py:net", "init": "kaiming", "norm": "batch"}, "optim": {"lr": 0.001, "l2": 1e-4}}


@dataclass
class Fake:
    """Trains nothing: `share` says which share is right after each epoch of a Config."""

    share: Any
    made: dict = field(default_factory=dict)

    def train(self, jobs):
        for job in jobs:
            job.folder.mkdir(exist_ok=True)
            self.made[job.folder] = (job.config, job.until)
        return [None] * len(jobs)

    def made_from(self, folder):
        return None

    def read(self, folder):
        config, until = self.made[folder]
        right = (np.ones(EPOCHS) * self.share(config))[:until]
        run = record(train_loss=1 - right, val_loss=1 - right, val_balanced_accuracy=right, config=config, about={"status": "done"})
        return replace(run, path=folder)


@pytest.fixture
def attribution(tmp_path):
    """What is said of the changes from BEFORE to AFTER, and the Configs of all the trainings."""

    def build(share, budget=20.0):
        fake = Fake(share)
        workshop = Workshop(Tools(fake, fake.read), Path(tmp_path), EPOCHS, budget)
        base, subject = Subject("mine", BEFORE), Subject("mine-default-recipe", AFTER)
        for each in (base, subject):
            assert workshop.train([Wanted(each, 0)]) == [None]
            each.trials[0] = SimpleNamespace(run=fake.read(each.folders[0]))
        found = attributed(workshop, base, subject, SimpleNamespace(comparison=SimpleNamespace(metric=ACCURACY)))
        return found, {folder.name: config for folder, (config, _) in fake.made.items()}

    return build


def names(config, path):
    return get(config, path) is not None


def test_what_a_module_of_the_users_own_was_not_asked_for_is_taken_back_by_not_naming_it(attribution):
    found, configs = attribution(lambda config: 0.9 if names(config, "model.norm") else 0.5)
    assert [part.change for part in found.parts if part.matters] == ["norm"]
    assert configs["mine-default-recipe-without-norm"]["model"] == {"kind": "net.py:net", "init": "kaiming"}


def test_where_two_changes_do_the_same_each_is_made_alone(attribution):
    found, configs = attribution(lambda config: 0.9 if names(config, "model.norm") or names(config, "model.init") else 0.5)
    assert not any(part.matters for part in found.parts)
    assert [part.change for part in found.parts if part.suffices] == ["initialisation", "norm"]
    assert configs["mine-default-recipe-only-norm"] == put(BEFORE, "model.norm", "batch")
    assert found.document()["changes"][0] == {"change": "initialisation", "without": 0.9, "matters": False, "alone": 0.9, "suffices": True}


def test_nothing_is_made_alone_where_a_change_mattered(attribution):
    found, configs = attribution(lambda config: 0.9 if get(config, "optim.lr") < 0.1 else 0.5)
    assert {part.alone for part in found.parts} == {None}
    assert not [name for name in configs if "only" in name]


def test_what_shows_late_is_asked_late(attribution):
    rising = np.r_[np.full(6, 0.5), np.full(EPOCHS - 6, 0.9)]
    found, _ = attribution(lambda config: rising if names(config, "model.norm") else 0.5)
    assert 6 < found.epochs <= EPOCHS / 2
    assert [part.change for part in found.parts if part.matters] == ["norm"]


def test_what_does_not_show_in_half_of_the_epochs_is_not_attributed(attribution):
    found, configs = attribution(lambda config: np.r_[np.full(12, 0.5), np.full(8, 0.9)] if names(config, "model.norm") else 0.5)
    assert found is None
    assert len(configs) == 2


def test_room_for_what_may_add_more_is_left(attribution):
    assert attribution(lambda config: 0.9 if names(config, "model.norm") else 0.5, budget=3.0)[0] is None
