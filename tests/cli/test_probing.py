"""`advisor diagnose --probe`: a few steps of the run's Config tell what its record cannot."""

import re

import pytest

from advisor.config import parse
from advisor.training import train

TINY = {"data": {"source": "iris"}, "model": {"hidden": [16]}, "train": {"epochs": 3}}
BATCHES = "from sklearn.datasets import load_iris\n\ndef pair():\n    open('called', 'w').close()\n    return load_iris(return_X_y=True)\n"


def recorded(folder, **changes):
    tree = {section: dict(keys) for section, keys in TINY.items()}
    for path, value in changes.items():
        section, key = path.split("__")
        tree.setdefault(section, {})[key] = value
    return train(parse(tree, folder.parent), folder).folder


def test_a_rate_that_is_too_high_is_told_by_what_a_tenth_of_it_does(advisor, tmp_path):
    run = recorded(tmp_path / "hot", optim__name="sgd", optim__lr=1.2, optim__momentum=0.95, data__multiply=3.0)
    said = advisor("diagnose", run, "--probe", "--format", "json", "--select", "L109").out
    assert "In a short trial from the start the loss" in said
    assert "In a short trial" not in advisor("diagnose", run, "--format", "json", "--select", "L109").out


def test_a_rate_that_is_too_low_is_told_by_what_ten_times_it_does(advisor, tmp_path):
    run = recorded(tmp_path / "cold", optim__lr=0.0003, train__epochs=4)
    assert "at ten times that" in advisor("diagnose", run, "--probe", "--format", "json", "--select", "L110").out


def test_nothing_is_written_into_the_run(advisor, tmp_path):
    run = recorded(tmp_path / "run")
    before = {file.name: file.read_bytes() for file in run.iterdir() if file.is_file()}
    advisor("diagnose", run, "--probe")
    assert {file.name: file.read_bytes() for file in run.iterdir() if file.is_file()} == before


def test_a_log_without_a_config_says_why_nothing_was_tried(advisor, tmp_path):
    (tmp_path / "log.csv").write_text("epoch,loss\n" + "".join(f"{e},{2 - e / 10}\n" for e in range(1, 13)), encoding="utf-8")
    result = advisor("diagnose", "log.csv", "--probe")
    assert "--probe: no Config beside this log; judged by the record alone" in " ".join(result.out.split())
    assert result.status == 0


def test_functions_of_the_users_are_never_called(advisor, tmp_path):
    (tmp_path / "mine.py").write_text(BATCHES, encoding="utf-8")
    run = recorded(tmp_path / "own", data__source="mine.py:pair")
    (tmp_path / "called").unlink()
    assert "its Config names functions, which diagnose never imports" in " ".join(advisor("diagnose", run, "--probe").out.split())
    assert not (tmp_path / "called").exists()


def test_what_the_trials_showed_is_told_also_where_no_rule_needs_it(advisor, tmp_path):
    said = " ".join(advisor("diagnose", recorded(tmp_path / "run"), "--probe").out.split())
    assert re.search(r"--probe: \d+ steps from the start took the training loss from [\d.]+ to [\d.]+ at the rate that is set, ", said)
    assert "on shuffled labels" in said


@pytest.mark.parametrize("arguments", [("--probe", "--follow")])
def test_a_run_that_grows_is_not_probed(advisor, arguments):
    result = advisor("diagnose", "log.csv", *arguments)
    assert result.status == 2
    assert result.err.startswith("advisor: --probe beside --follow") or "--probe beside --follow" in result.err
