"""Each sample run is told for what its folder's name says, whatever the copy is called."""

import secrets
import shutil
from pathlib import Path

import pytest

import advisor
from advisor.diagnose import all_rules
from advisor.findings import Severity
from advisor.outcome import Status

SAMPLES = Path(__file__).parents[1] / "sample_runs"
FOLDERS = sorted(path.parent for path in SAMPLES.glob("*/run.csv"))
SICK = [folder for folder in FOLDERS if not folder.name.startswith("healthy-")]
RULES = {rule.name: rule for rule in all_rules()}

# Samples whose epochs do not tell it, and what does.
CURVES_DO_NOT_TELL = {
    "learning-rate-too-high": "the rise lasts less than an epoch: steps.csv shows it",
    "suspicious-validation": "the settings tell that no dropout explains it",
    "underfitting": "without the shares of the classes, 53 % may be what guessing gives",
}
# Rules that no sample shows first, and why.
WITHOUT_SAMPLE = {
    "broken-log": "a log with restarts is written by hand, not by a training of ours",
    "no-validation": "advice (info) about what was not recorded",
    "stopped-too-early": "advice (info), never more",
    "trained-too-long": "advice (info), never more",
    "class-collapse": "always the effect of something else, which a recording shows first",
    "noisy-validation": "advice (info), never more",
    "deep-saturating-activation": "advice (info) once a run is recorded",
    "oversized-model": "advice (info) once a run is recorded",
    "undersized-model": "advice (info) once a run is recorded",
    "unusual-learning-rate": "advice (info) once a run is recorded",
    "tiny-updates": "the learning rate that causes it comes first",
    "huge-updates": "the learning rate that causes it comes first",
}
# Families that judge by curves; the others need layers, facts or a Config.
OF_CURVES = "NLF"
BY_CURVES = [folder for folder in SICK if RULES[folder.name].code[0] in OF_CURVES and folder.name not in CURVES_DO_NOT_TELL]

by_name = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def diagnosed(path):
    return advisor.diagnose(advisor.load(path))


def warnings(report):
    return [finding.rule for finding in report.findings if finding.severity >= Severity.WARNING]


@by_name
def test_a_copy_under_any_name_is_told_for_what_it_is(folder, tmp_path):
    copy = tmp_path / secrets.token_hex(8)
    shutil.copytree(folder, copy)
    report = diagnosed(copy)
    if folder.name.startswith("healthy-"):
        assert (report.status, warnings(report)) == (Status.HEALTHY, [])
    else:
        assert report.findings[0].rule == folder.name
        assert report.findings[0].severity >= Severity.WARNING


@pytest.mark.parametrize("folder", BY_CURVES, ids=lambda folder: folder.name)
def test_curves_alone_tell_what_curves_can_tell(folder, tmp_path):
    log = tmp_path / f"{secrets.token_hex(8)}.csv"
    shutil.copy(folder / "run.csv", log)
    assert diagnosed(log).findings[0].rule == folder.name


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder not in SICK], ids=lambda folder: folder.name)
def test_curves_alone_raise_no_alarm_of_a_healthy_run(folder, tmp_path):
    log = tmp_path / f"{secrets.token_hex(8)}.csv"
    shutil.copy(folder / "run.csv", log)
    assert warnings(diagnosed(log)) == []


def test_each_rule_has_a_sample_or_a_reason_for_none():
    shown = {folder.name for folder in SICK}
    assert shown <= set(RULES)
    assert set(RULES) <= shown | set(WITHOUT_SAMPLE)
    assert not shown & set(WITHOUT_SAMPLE)


@by_name
def test_samples_stay_small_and_hold_nothing_to_resume(folder):
    assert sum(file.stat().st_size for file in folder.iterdir()) < 250_000
    assert not (folder / "resume").exists()
