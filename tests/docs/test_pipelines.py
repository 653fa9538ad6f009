"""The workflow and the hooks of docs/pipelines.md, run step by step: three bad runs and a good one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BESIDE = Path(sys.executable).parent
TEXT = (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8")
WORKFLOW = re.search(r"<!-- workflow -->\n```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[1]
STEPS = dict(re.findall(r"- name: (.+)\n        run: ([^|\n].*)", WORKFLOW))
BAD, GOOD = ("overfitting", "non-finite-loss", "not-learning"), "healthy-digits"
needs_bash = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("bash") or not (BESIDE / "advisor").exists(), reason="a runner has bash and the command advisor"
)


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "logs").mkdir()
    for name in (*BAD, GOOD):
        shutil.copy(ROOT / "sample_runs" / name / "run.csv", tmp_path / "logs" / f"{name}.csv")
    return tmp_path


def run(step, folder, command=None):
    environment = os.environ | {"PATH": f"{BESIDE}{os.pathsep}{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return subprocess.run(
        ["bash", "-e", "-c", command or STEPS[step]], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


def statuses(folder):
    return [run(step, folder).returncode for step in STEPS]


def test_the_workflow_has_these_steps():
    assert list(STEPS) == ["Annotate", "Summarise", "Write the report", "Fail on findings"]


@needs_bash
def test_three_bad_runs_fail_the_last_step_alone(repository):
    assert statuses(repository) == [0, 0, 0, 1]
    annotations = run("Annotate", repository).stdout.splitlines()
    assert {line.partition(" ")[0] for line in annotations if line.startswith("::")} >= {"::error", "::warning"}
    summary = (repository / "summary.md").read_text(encoding="utf-8")
    assert all(name in summary for name in (*BAD, GOOD))
    assert '"version": "2.1.0"' in (repository / "advisor.sarif").read_text(encoding="utf-8")


@needs_bash
@pytest.mark.slow
def test_a_good_run_passes_every_step(repository):
    for name in BAD:
        (repository / "logs" / f"{name}.csv").unlink()
    assert statuses(repository) == [0, 0, 0, 0]


@needs_bash
@pytest.mark.slow
def test_logs_that_cannot_be_read_fail_the_last_step_alone(repository):
    for name in (*BAD, GOOD):
        (repository / "logs" / f"{name}.csv").write_bytes(b"")
    assert statuses(repository) == [0, 0, 0, 2]
    assert "unreadable" in (repository / "summary.md").read_text(encoding="utf-8")


@needs_bash
@pytest.mark.slow
def test_with_a_baseline_only_a_new_bad_run_fails(repository):
    fails = STEPS["Fail on findings"] + " --baseline known.json"
    late = repository / "logs" / f"{BAD[0]}.csv"
    late.rename(repository / "late.csv")
    assert [run("", repository, fails).returncode for _ in range(2)] == [1, 0]
    (repository / "late.csv").rename(late)
    ended = run("", repository, fails)
    assert ended.returncode == 1
    assert {line.partition(":")[0] for line in ended.stdout.splitlines()} == {"logs/overfitting.csv"}


@needs_bash
def test_the_job_for_gitlab_fails_and_leaves_its_report(repository):
    script = re.search(r"<!-- gitlab -->\n```yaml\n.*?script: (.+?)\n", TEXT, re.DOTALL)[1]
    assert run("", repository, script).returncode == 1
    assert (repository / "advisor.xml").read_text(encoding="utf-8").count("<testsuite ") == len((*BAD, GOOD))


HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
HOOK = re.compile(r"^- id: (?P<id>\S+)$(?:\n  .+)*?\n  entry: advisor (?P<entry>.+)(?:\n  .+)*?\n  files: (?P<files>.+)$", re.MULTILINE)


def test_the_hooks_that_the_page_names_are_there():
    named = re.search(r"<!-- pre-commit -->\n```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[1]
    assert set(re.findall(r"- id: (.+)", named)) == {hook["id"] for hook in HOOK.finditer(HOOKS)}


def test_the_hooks_see_logs_as_trainers_name_them_and_nothing_else():
    hooks = {hook["id"]: re.compile(hook["files"]) for hook in HOOK.finditer(HOOKS)}
    seen = ["logs/metrics.csv", "log.csv", "a/b/results.csv", "out/trainer_state.json", "history.jsonl"]
    assert [name for name in seen if not hooks["advisor-diagnose"].search(name)] == []
    assert not [name for name in ("data/prices.csv", "catalog.csv", "log.py", "state.json") if hooks["advisor-diagnose"].search(name)]
    assert hooks["advisor-config"].search("advisor.toml")


@needs_bash
def test_the_hooks_commands_tell_bad_from_good(repository):
    entries = {hook["id"]: hook["entry"] for hook in HOOK.finditer(HOOKS)}
    judge = f"advisor {entries['advisor-diagnose']} logs/"
    assert run("", repository, f"{judge}overfitting.csv").returncode == 1
    assert run("", repository, f"{judge}healthy-digits.csv").returncode == 0
    (repository / "advisor.toml").write_text("[train]\nepohcs = 3\n", encoding="utf-8")
    assert run("", repository, f"advisor {entries['advisor-config']}").returncode == 2
