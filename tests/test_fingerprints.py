"""A finding is known again after its log has grown or moved, and where it was retrained; never in another run."""

import shutil
from pathlib import Path

import pytest

from advisor.diagnose import diagnose
from advisor.fingerprints import fingerprints
from advisor.readers import load


def rows(count, factor=1.0):
    return "".join(f"{e},{factor * 2 * 0.9**e:.4f},{0.5 + abs(e - 8) * 0.08:.4f}\n" for e in range(1, count + 1))


def log(path, text):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("epoch,train_loss,val_loss\n" + text, encoding="utf-8")
    return path


def known_by(path):
    run = load(path)
    (finding,) = [finding for finding in diagnose(run).findings if finding.rule == "overfitting"]
    return fingerprints(finding, run)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_both_survive_the_log_growing(here):
    before = known_by(log(here / "a.csv", rows(25)))
    assert known_by(log(here / "a.csv", rows(60))) == before


def test_the_record_survives_moving_and_a_new_name(here):
    before = known_by(log(here / "a.csv", rows(25)))
    (here / "old").mkdir()
    after = known_by(shutil.move(here / "a.csv", here / "old" / "b.csv"))
    assert after["record"] == before["record"]
    assert after["place"] != before["place"]


def test_the_place_survives_a_retraining(here):
    before = known_by(log(here / "a.csv", rows(25)))
    after = known_by(log(here / "a.csv", rows(25, factor=1.01)))
    assert after["place"] == before["place"]
    assert after["record"] != before["record"]


def test_the_place_is_the_same_from_any_folder_of_a_repository(here, monkeypatch):
    (here / ".git").mkdir()
    before = known_by(log(here / "logs" / "a.csv", rows(25)))
    monkeypatch.chdir(here / "logs")
    assert known_by(Path("a.csv")) == before


def test_another_run_shares_neither(here):
    one = known_by(log(here / "a" / "log.csv", rows(25)))
    other = known_by(log(here / "b" / "log.csv", rows(25, factor=1.01)))
    assert not set(one.values()) & set(other.values())


def test_two_findings_of_one_run_share_neither(here):
    run = load(log(here / "a.csv", rows(25)))
    found = diagnose(run).findings
    assert len({mark for finding in found for mark in fingerprints(finding, run).values()}) == 2 * len(found)


def test_the_place_is_the_same_from_any_checkout(here, tmp_path_factory, monkeypatch):
    before = known_by(log(here / "logs" / "a.csv", rows(25)))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    log(elsewhere / "logs" / "a.csv", rows(25))
    monkeypatch.chdir(elsewhere)
    assert known_by(elsewhere / "logs" / "a.csv") == before
