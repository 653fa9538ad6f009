"""Trainings side by side, in processes of their own."""

import errno
import json
import os
import re
from pathlib import Path

import pytest

from advisor.cli._crew import Crew
from advisor.cli._jobs import do
from advisor.cli._trainer import TorchTrainer
from advisor.config import parse
from advisor.dotted import put
from advisor.errors import DiskError
from advisor.repair import Job
from advisor.training.events import EpochDone, StepDone

TREE = {"data": {"source": "blobs", "samples": 300}, "model": {"hidden": [8]}, "train": {"epochs": 6}}


def jobs(folder, until=None):
    folder.mkdir(exist_ok=True)
    trees = [put(parse(TREE).tree(), "optim.lr", rate) for rate in (0.001, 0.01, 0.1)]
    return [Job(tree, folder / f"rate{i}", "parent", until) for i, tree in enumerate(trees)]


def rows(folder):
    """Every run.csv without its clock."""
    return [re.sub(rb",[^,\r\n]*\r?\n", b"\n", (folder / f"rate{i}" / "run.csv").read_bytes()) for i in range(3)]


@pytest.mark.slow
def test_any_number_of_workers_trains_the_same(tmp_path):
    for workers in (1, 2, 3):
        folder = tmp_path / str(workers)
        with TorchTrainer(tmp_path, workers) as trainer:
            assert trainer.train(jobs(folder, until=2)) == [None] * 3
            assert trainer.train(jobs(folder)) == [None] * 3
    assert rows(tmp_path / "1") == rows(tmp_path / "2") == rows(tmp_path / "3")


def test_a_training_that_was_paused_goes_on_as_if_it_had_not_been(tmp_path, capsys):
    trainer = TorchTrainer(tmp_path, 1)
    trainer.train(jobs(tmp_path / "paused", until=2))
    assert all(each.count(b"\n") == 3 for each in rows(tmp_path / "paused"))
    trainer.train(jobs(tmp_path / "paused"))
    trainer.train(jobs(tmp_path / "whole"))
    assert rows(tmp_path / "paused") == rows(tmp_path / "whole")
    said = capsys.readouterr().err
    assert "training 3 runs beside" in said and "up to epoch 2 of 6" in said
    assert len([line for line in said.splitlines() if "epoch 2/2" in line]) == 3


def test_ctrl_c_amid_a_part_of_a_training_ends_everything_and_is_no_pause(tmp_path):
    job, done = jobs(tmp_path, until=4)[0], []

    def interrupted(event):
        done.extend([event] * isinstance(event, EpochDone))
        if isinstance(event, StepDone) and len(done) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(job, tmp_path, interrupted)
    do(job, tmp_path, done.append)
    assert [event.figures["epoch"] for event in done if isinstance(event, EpochDone)] == [1, 2, 3, 4]


def test_a_training_that_is_refused_leaves_the_others_alone(tmp_path):
    wrong = Job(put(parse(TREE).tree(), "data.source", "nowhere.csv"), tmp_path / "wrong")
    first, second = TorchTrainer(tmp_path, 1).train([wrong, jobs(tmp_path)[0]])
    assert "nowhere.csv" in str(first)
    assert second is None


def crew_whose_workers_are_killed(folder, times):
    """What a crew says of two jobs, all of its processes being killed so many times once they train."""
    crew, killed = Crew(folder, 2), set()

    def hear(place, row):
        for worker in crew._workers:
            if len(killed) < times and worker.process.pid not in killed:
                killed.add(worker.process.pid)
                worker.process.kill()

    refusals = crew.do(jobs(folder), hear)
    crew.end()
    assert len(killed) >= min(times, 2)
    return refusals


@pytest.mark.slow
def test_what_a_killed_worker_trained_is_gone_on_with_by_another(tmp_path):
    assert crew_whose_workers_are_killed(tmp_path / "killed", 2) == [None] * 3
    TorchTrainer(tmp_path, 1).train(jobs(tmp_path / "whole"))
    assert rows(tmp_path / "killed") == rows(tmp_path / "whole")


@pytest.mark.slow
def test_a_job_whose_worker_is_killed_each_time_is_a_reason_and_no_wait(tmp_path, monkeypatch):
    monkeypatch.setattr("advisor.cli._crew.MODULE", "this")  # a process that ends at once
    crew = Crew(tmp_path, 2)
    refusals = crew.do(jobs(tmp_path), lambda place, row: None)
    crew.end()
    assert all("was killed each time" in str(refusal) for refusal in refusals)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_takes_no_more_ends_all_jobs_and_is_no_reason_against_one(tmp_path, monkeypatch, number):
    def full(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("advisor.training.files._move", full)
    with pytest.raises(DiskError, match="make room or allow writing there, then the same command goes on") as refusal:
        TorchTrainer(tmp_path, 1).train(jobs(tmp_path)[:2])
    assert os.strerror(number) in str(refusal.value)


def test_what_a_folder_was_made_from_is_known(tmp_path):
    trainer = TorchTrainer(tmp_path, 1)
    (job, *_) = jobs(tmp_path)
    trainer.train([job])
    made = trainer.made_from(job.folder)
    assert (made.config, made.parent, made.start) == (job.config, "parent", None)
    assert trainer.made_from(Path(tmp_path / "nowhere")) is None


def test_what_a_folder_starts_from_lies_beside_it_wherever_both_were_moved(tmp_path):
    trainer = TorchTrainer(tmp_path, 1)
    (job, *_) = jobs(tmp_path)
    trainer.train([job])
    document = json.loads((job.folder / "run.json").read_text(encoding="utf-8"))
    (job.folder / "run.json").write_text(json.dumps({**document, "start": {"run": "/where/it/was/mine", "epoch": 2}}), encoding="utf-8")
    assert trainer.made_from(job.folder).start == tmp_path / "mine"


PLAIN = {"data": TREE["data"], "train": TREE["train"]}  # names nothing of the model
OWN = """
from torch import nn


class Breaks(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.layer, self.calls = nn.Linear(2, outputs), 0

    def forward(self, x):
        self.calls += self.training
        if self.calls > 20:
            raise IndexError("list index out of range")
        return self.layer(x)


def breaks(outputs):
    return Breaks(outputs)


def learns_nothing(outputs):
    return nn.Linear(2, outputs).requires_grad_(False)
"""


RAISED = "own.py:13 raised IndexError: list index out of range; that is code of your own"


@pytest.mark.parametrize(("name", "said"), [("breaks", RAISED), ("learns_nothing", "without parameters that learn")])
def test_what_a_module_of_ones_own_raises_is_a_reason_and_leaves_the_others_alone(tmp_path, name, said):
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    wrong = Job(put(PLAIN, "model.kind", f"own.py:{name}"), tmp_path / "wrong")
    first, second = TorchTrainer(tmp_path, 1).train([wrong, jobs(tmp_path / "right")[0]])
    assert said in str(first)
    assert second is None


FUNCTIONAL = """
import torch
from torch import nn


class Deep(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.first, self.last = nn.Linear(2, 8), nn.Linear(8, outputs)

    def forward(self, x):
        return self.last(torch.sigmoid(self.first(x)))


class ByHand(Deep):
    def forward(self, x):
        return self.last(1 / (1 + torch.exp(-self.first(x))))


def deep(outputs):
    return Deep(outputs)


def by_hand(outputs):
    return ByHand(outputs)
"""


def test_a_change_that_does_not_reach_a_module_is_told_from_one_that_does(tmp_path):
    (tmp_path / "own.py").write_text(FUNCTIONAL, encoding="utf-8")
    tree, trainer = put(PLAIN, "model.kind", "own.py:deep"), TorchTrainer(tmp_path, 1)
    by_hand = put(tree, "model.kind", "own.py:by_hand")
    assert "no activation was found" in trainer.unreached(by_hand, put(by_hand, "model.activation", "relu"))[0]
    assert trainer.unreached(tree, put(tree, "model.activation", "relu")) is None
    assert trainer.unreached(tree, put(tree, "model.norm", "batch")) is None
    assert trainer.unreached(tree, put(tree, "model.init", "kaiming")) is None
    assert trainer.unreached(parse(TREE).tree(), put(parse(TREE).tree(), "model.activation", "relu")) is None
