"""Settings and --baseline at the command line: what a pipeline fails for, and what it does not."""

import json
import tomllib
from pathlib import Path

import pytest


def rows(count, factor=1.0):
    return "epoch,train_loss,val_loss\n" + "".join(
        f"{e},{factor * 2 * 0.9**e:.4f},{0.5 + abs(e - 8) * 0.08:.4f}\n" for e in range(1, count + 1)
    )


BROKEN = "epoch,loss\n" + "".join(f"{e},{2 - e / 10 if e < 8 else 'nan'}\n" for e in range(1, 13))


@pytest.fixture
def known(advisor):
    """A pipeline with one known finding, in logs/a.csv."""
    Path("logs").mkdir()
    Path("logs/a.csv").write_text(rows(25))
    return advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,N")


def test_writing_a_baseline_excuses_nothing(known):
    assert known.status == 1
    assert "known.json is written with" in known.err
    (entry,) = json.loads(Path("known.json").read_text())["known"]
    assert (entry["path"], entry["rule"], entry["severity"]) == ("logs/a.csv", "overfitting", "warning")
    assert set(entry["fingerprints"]) == {"place", "record"}


def test_a_run_with_known_findings_is_not_called_healthy(advisor, known):
    Path("logs/fine.csv").write_text("epoch,train_loss,val_loss\n" + "".join(f"{e},{2 * 0.8**e},{2.1 * 0.8**e}\n" for e in range(1, 26)))
    for form in ("text", "markdown", "github", "html"):
        said = advisor("diagnose", "logs/a.csv", "logs/fine.csv", "--baseline", "known.json", "--select", "F101,N,L", "--format", form)
        assert said.status == 0
        assert "2 runs: 1 healthy, 1 with known findings" in said.out
    assert (
        "✓ known findings  nothing else found by"
        in advisor("diagnose", "logs/a.csv", "--baseline", "known.json", "--select", "F101,N,L").out
    )


def test_known_findings_no_longer_fail_and_say_why(advisor, known):
    again = advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,N")
    assert again.status == 0
    assert "known, it stands in known.json" in again.out
    assert "left out, as known.json says" in again.err
    document = json.loads(advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,L", "--format", "json").out)
    assert [finding["severity"] for finding in document["runs"][0]["findings"]] == []
    assert document["runs"][0]["status"] == "healthy"


def test_they_are_known_after_the_log_grew_moved_or_was_retrained(advisor, known):
    Path("logs/a.csv").write_text(rows(60))
    assert advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,N").status == 0
    Path("logs/a.csv").rename("moved.csv")
    assert advisor("diagnose", "moved.csv", "--baseline", "known.json", "--select", "F101,N").status == 0
    Path("logs/a.csv").write_text(rows(25, factor=1.01))
    assert advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,N").status == 0


def test_a_new_finding_fails_beside_known_ones_and_alone_is_shown(advisor, known):
    Path("logs/b.csv").write_text(rows(25, factor=1.01))
    Path("logs/c.csv").write_text(BROKEN)
    result = advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,N", "--format", "concise")
    assert result.status == 1
    assert {line.partition(":")[0] for line in result.out.splitlines()} == {"logs/b.csv", "logs/c.csv"}


def test_a_known_finding_that_became_worse_fails(advisor, known):
    document = json.loads(Path("known.json").read_text())
    document["known"][0]["severity"] = "info"
    Path("known.json").write_text(json.dumps(document))
    assert advisor("diagnose", "logs", "--baseline", "known.json", "--select", "F101,N").status == 1


def test_a_healthy_start_writes_an_empty_baseline(advisor):
    Path("a.csv").write_text("epoch,train_loss,val_loss\n" + "".join(f"{e},{2 * 0.9**e + 0.1},{2 * 0.9**e + 0.15}\n" for e in range(1, 31)))
    assert advisor("diagnose", "a.csv", "--baseline", "known.json", "--ignore", "L").status == 0
    assert json.loads(Path("known.json").read_text())["known"] == []


def test_nothing_is_written_where_something_could_not_be_read(advisor):
    result = advisor("diagnose", "missing.csv", "--baseline", "known.json")
    assert (result.status, Path("known.json").exists()) == (2, False)
    assert "known.json is not written" in result.err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2, "known": []}', '{"schema": 1, "known": [1]}', "\0"])
def test_a_file_that_is_no_baseline_is_refused_on_one_line(advisor, text):
    Path("a.csv").write_text(rows(25))
    Path("known.json").write_text(text)
    result = advisor("diagnose", "a.csv", "--baseline", "known.json")
    assert (result.status, result.out) == (2, "")
    assert len(result.err.splitlines()) == 1
    assert "expected a baseline that advisor wrote" in result.err


@pytest.mark.parametrize(
    ("settings", "arguments", "status"),
    [
        ('ignore = ["F101"]', [], 0),
        ('ignore = ["F101"]', ["--ignore", ""], 1),
        ('ignore = ["F101"]', ["--ignore", "Q"], 1),
        ('select = ["N", "L"]', [], 0),
        ('select = ["N", "L"]', ["--select", "F101"], 1),
        ('fail-on = "error"', [], 0),
        ('fail-on = "error"', ["--fail-on", "warning"], 1),
        ('per-run-ignores = {"old/*" = ["F101"]}', [], 0),
        ('per-run-ignores = {"new/*" = ["F101"]}', [], 1),
        ('fail-on = "errors"', [], 2),
    ],
)
def test_settings_decide_unless_the_command_line_does(advisor, settings, arguments, status):
    Path("old").mkdir()
    Path("old/a.csv").write_text(rows(25))
    Path("pyproject.toml").write_text(f"[tool.advisor]\n{settings}\n")
    result = advisor("diagnose", "old", *arguments)
    assert result.status == status
    assert len(result.err.splitlines()) == (status == 2)


def test_a_selection_that_the_settings_ignore_is_refused_and_not_called_fine(advisor, known):
    Path("pyproject.toml").write_text('[tool.advisor]\nignore = ["overfitting"]\n')
    refused = advisor("diagnose", "logs", "--select", "F101")
    assert refused.status == 2
    assert "pyproject.toml:2" in refused.err
    assert advisor("diagnose", "logs", "--select", "F101", "--ignore", "").status == 1


def test_a_config_may_stand_beside_settings_in_advisor_toml(advisor):
    Path("advisor.toml").write_text('[advisor]\nfail-on = "error"\n\n[train]\nepochs = 3\n')
    shown = advisor("config", "show")
    assert shown.status == 0
    assert "epochs = 3" in shown.out


def test_settings_in_any_other_config_are_said_to_have_no_effect(advisor):
    Path("mine.toml").write_text('[advisor]\nfail-on = "error"\n')
    shown = advisor("config", "show", "mine.toml")
    assert shown.status == 0
    assert "[advisor] in mine.toml has no effect" in shown.err


def test_show_says_where_each_key_came_from(advisor):
    Path("pyproject.toml").write_text('[tool.advisor]\nignore = ["Q"]\n[tool.advisor.per-run-ignores]\n"old/*" = ["F101"]\n')
    Path("mine.toml").write_text("[optim]\n\nlr = 0.1\n")
    out = advisor("config", "show", "mine.toml").out
    said = {line.partition(" = ")[0]: line.partition("  # ")[2] for line in out.splitlines() if " = " in line}
    assert said["lr"] == "mine.toml:3"
    assert said["momentum"] == said["fail-on"] == said["select"] == "default"
    assert said["ignore"] == "pyproject.toml:2"
    assert said['"old/*"'] == "pyproject.toml:4"


def test_what_show_prints_can_be_trained_and_shown_again(advisor):
    Path("mine.toml").write_text(advisor("config", "show").out)
    again = advisor("config", "show", "mine.toml")
    assert again.status == 0
    assert tomllib.loads(again.out) == tomllib.loads(Path("mine.toml").read_text())


def test_check_asks_only_the_rules_that_the_settings_leave(advisor):
    Path("advisor.toml").write_text("[optim]\nlr = 50.0\n")
    assert advisor("config", "check").status == 1
    Path("pyproject.toml").write_text('[tool.advisor]\nignore = ["C105"]\n')
    assert advisor("config", "check").status == 0


def test_the_dashboard_asks_only_the_rules_that_the_settings_leave(advisor):
    Path("a.csv").write_text(rows(25))
    assert "overfitting" in advisor("dashboard", "a.csv", "--once").out
    Path("pyproject.toml").write_text('[tool.advisor]\nselect = ["N"]\n')
    assert "overfitting" not in advisor("dashboard", "a.csv", "--once").out


def test_show_and_check_refuse_settings_with_mistakes(advisor):
    Path("pyproject.toml").write_text('[tool.advisor]\nignroe = ["Q"]\n')
    for command in ("show", "check"):
        refused = advisor("config", command)
        assert (refused.status, refused.out) == (2, "")
        assert "pyproject.toml: line 2: ignroe: found an unknown key" in refused.err
