"""`advisor diagnose`: exit statuses, choices, and any terminal."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "sample_runs"
HEALTHY = "epoch,train_loss,val_loss\n" + "".join(f"{e},{2 * 0.8**e + 0.1:.4f},{2 * 0.8**e + 0.15:.4f}\n" for e in range(1, 31))
SICK = "epoch,train_loss,val_loss\n" + "".join(f"{e},{2 * 0.9**e:.4f},{0.5 + abs(e - 8) * 0.08:.4f}\n" for e in range(1, 31))
BROKEN = "epoch,loss\n" + "".join(f"{e},{2 - e / 10 if e < 8 else 'nan'}\n" for e in range(1, 13))
SHORT = "epoch,loss\n1,2.0\n"


@pytest.fixture
def logs(tmp_path):
    for name, text in (("healthy", HEALTHY), ("sick", SICK), ("broken", BROKEN), ("short", SHORT), ("empty", "")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["healthy.csv"], 0),
        (["sick.csv"], 1),
        (["broken.csv"], 1),
        (["short.csv"], 0),
        (["empty.csv"], 2),
        (["missing.csv"], 2),
        (["healthy.csv", "sick.csv"], 1),
        (["sick.csv", "missing.csv", "healthy.csv"], 2),
        (["sick.csv", "--fail-on", "never"], 0),
        (["sick.csv", "--fail-on", "error"], 0),
        (["broken.csv", "--fail-on", "error"], 1),
        (["missing.csv", "--fail-on", "never"], 2),
        (["sick.csv", "--ignore", "overfitting"], 0),
        (["sick.csv", "--ignore", "F"], 0),
        (["sick.csv", "--ignore", "ALL"], 0),
        (["sick.csv", "--select", "F101"], 1),
        (["sick.csv", "--select", "n,L"], 0),
        (["sick.csv", "--select", "overfiting"], 2),
        (["sick.csv", "--ignore", "X9"], 2),
        (["sick.csv", "--format", "nonsense"], 2),
        (["sick.csv", "--map", "val_loss"], 2),
        ([], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_ends_with_the_status_of_the_worst(advisor, logs, arguments, status):
    assert advisor("diagnose", *arguments).status == status


def _refuse_entry(monkeypatch, folder):
    """As without permission, which the superuser always has."""
    for method in ("iterdir", "is_dir"):
        asked = getattr(Path, method)

        def refused(path, asked=asked):
            if folder in path.parents or (path == folder and asked.__name__ == "iterdir"):
                raise PermissionError(13, "Permission denied", str(path))
            return asked(path)

        monkeypatch.setattr(Path, method, refused)


def test_what_may_not_be_read_does_not_hide_the_others(advisor, logs, monkeypatch):
    (logs / "locked").mkdir()
    _refuse_entry(monkeypatch, Path("locked"))
    monkeypatch.setattr(os, "access", lambda path, mode, **how: "locked" not in str(path))
    result = advisor("diagnose", "locked", "sick.csv", "--format", "concise")
    assert result.status == 2
    assert result.out.splitlines()[0] == "locked: unreadable: cannot be read (Permission denied); check its permissions, or copy it"
    assert "F101 overfitting" in result.out


def test_one_unreadable_file_does_not_hide_the_others(advisor, logs):
    result = advisor("diagnose", "missing.csv", "sick.csv")
    assert "✗ unreadable" in result.out
    assert "F101 overfitting" in result.out


def test_an_unknown_rule_is_refused_with_a_near_name(advisor, logs):
    result = advisor("diagnose", "sick.csv", "--select", "overfiting,diverging-los")
    assert result.out == ""
    assert "did you mean overfitting?" in result.err
    assert "did you mean diverging-loss?" in result.err
    assert len(result.err.splitlines()) == 1


def test_only_selected_rules_are_asked(advisor, logs):
    document = json.loads(advisor("diagnose", "sick.csv", "--select", "N,L", "--format", "json").out)
    assert document["runs"][0]["findings"] == []
    assert document["runs"][0]["status"] == "healthy"


def test_json_goes_to_a_file_and_nothing_to_the_terminal(advisor, logs):
    result = advisor("diagnose", "sick.csv", "empty.csv", "--format", "json", "-o", "report.json")
    assert (result.status, result.out) == (2, "")
    document = json.loads((logs / "report.json").read_text(encoding="utf-8"))
    assert [run["status"] for run in document["runs"]] == ["findings", "unreadable"]
    assert document["runs"][0]["path"] == "sick.csv"
    assert document["runs"][1]["error"]


def test_a_report_that_cannot_be_written_is_one_line(advisor, logs):
    result = advisor("diagnose", "sick.csv", "-o", "no/such/folder/report.txt")
    assert result.status == 2
    assert len(result.err.splitlines()) == 1


def test_a_column_can_be_given_a_role(advisor, logs):
    (logs / "own.csv").write_text(SICK.replace("val_loss", "zeta"), encoding="utf-8")
    assert advisor("diagnose", "own.csv").status == 0
    assert advisor("diagnose", "own.csv", "--map", "val_loss=zeta").status == 1


def test_reads_standard_input(advisor, logs, monkeypatch):
    class Stdin(io.TextIOWrapper):
        pass

    monkeypatch.setattr("sys.stdin", Stdin(io.BytesIO(SICK.encode()), encoding="utf-8"))
    result = advisor("diagnose", "-")
    assert result.status == 1
    assert "overfitting" in result.out


def test_offers_only_the_formats_that_exist(advisor):
    from advisor import catalogue

    text = advisor("diagnose", "--help").out
    assert all(name in text for name in catalogue.names("report"))


def test_names_with_escapes_and_markup_are_spelled_out(advisor, logs):
    evil = "\x1b[31mloss\x1b]0;owned\x07[bold]"
    (logs / "evil.csv").write_text(f"epoch,loss,{evil}\n" + "".join(f"{e},{2 / e},{e}\n" for e in range(1, 20)), encoding="utf-8")
    out = advisor("diagnose", "evil.csv", "--map", f"val_loss={evil}").out
    assert not set("\x1b\x07") & set(out)
    assert "[bold]" in out


def process(logs, *arguments, **variables):
    environment = {**os.environ, "PYTHONWARNINGS": "error", **variables}
    for name in ("NO_COLOR", "FORCE_COLOR", "PYTHONUTF8"):
        if name not in variables:
            environment.pop(name, None)
    command = [sys.executable, "-m", "advisor", "diagnose", *arguments]
    return subprocess.run(command, cwd=logs, env=environment, capture_output=True, timeout=60)


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "latin-1", "cp437"])
def test_any_encoding_can_show_the_report(logs, encoding):
    (logs / "손실.csv").write_text(SICK, encoding="utf-8")
    result = process(logs, "손실.csv", PYTHONIOENCODING=encoding)
    assert result.returncode == 1, result.stderr
    text = result.stdout.decode(encoding)
    assert "overfitting" in text
    assert "o train_loss" in text


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["pipe", "forced", "forced but refused", "dumb"],
)
def test_colours_follow_the_environment(logs, variables, coloured):
    result = process(logs, "sick.csv", **{"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **variables})
    assert (b"\x1b[" in result.stdout) is coloured
    assert "⠉".encode() in result.stdout


def test_a_closed_pipe_ends_quietly(logs):
    command = [sys.executable, "-m", "advisor", "diagnose", *["sick.csv"] * 30]
    with subprocess.Popen(command, cwd=logs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.read(10)
        running.stdout.close()
        assert running.stderr.read() == b""


def test_needs_neither_torch_nor_textual_nor_pandas(logs):
    code = (
        "import sys; sys.argv = ['advisor', 'diagnose', 'healthy.csv']\n"
        "from advisor.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: status = end.code\n"
        "heavy = {'torch', 'textual', 'pandas', 'pydantic', 'tomlkit', 'sklearn', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert status == 0"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=logs, capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_worst_of_a_folder_come_first_and_all_are_counted(advisor, logs):
    for k in range(6):
        (logs / f"a{k}.csv").write_text(HEALTHY, encoding="utf-8")
    (logs / "empty.csv").unlink()
    result = advisor("diagnose", ".")
    assert result.status == 1
    assert result.out.index("broken.csv") < result.out.index("sick.csv") < result.out.index("✓ healthy  a0.csv")
    assert "10 runs: " in result.out
    assert len(json.loads(advisor("diagnose", ".", "--format", "json").out)["runs"]) == 10


def test_several_processes_say_the_same(advisor, logs, monkeypatch):
    (logs / "empty.csv").unlink()
    alone = advisor("diagnose", ".", "--format", "json")
    monkeypatch.setattr("advisor.cli._judging.MUCH", 1)
    assert advisor("diagnose", ".", "--format", "json") == alone


def test_what_another_rule_makes_moot_is_not_told_because_that_one_is_not_asked(advisor):
    overfitting = SAMPLES / "overfitting"
    assert "F103" not in advisor("diagnose", overfitting, "--ignore", "F101", "--format", "concise").out
    (entry,) = json.loads(advisor("diagnose", overfitting, "--select", "F103", "--format", "json").out)["runs"]
    assert entry["skipped"] == [{"rule": "generalization-gap", "reason": "overfitting comes first"}]


def test_what_is_passed_over_in_a_folder_is_said(advisor, logs):
    (logs / "crashed").mkdir()
    (logs / "crashed" / "run.csv").write_text("epoch,step,train_loss,val_loss\n", encoding="utf-8")
    (logs / "crashed" / "config.toml").write_text("", encoding="utf-8")
    told = advisor("diagnose", ".", "--format", "concise")
    assert "note: passed over crashed: a run folder in which nothing is recorded yet" in told.err
    assert "crashed" not in told.out


def test_a_file_of_the_name_of_standard_input_is_read_where_a_folder_stands_before_it(advisor, tmp_path):
    (tmp_path / "-").write_text("epoch,loss\n" + "".join(f"{e},nan\n" for e in range(1, 6)), encoding="utf-8")
    found = advisor("diagnose", "./-", "--format", "concise")
    assert (found.status, found.out.partition(" ")[0]) == (1, "./-:2:")
    assert json.loads(advisor("diagnose", "./-", "--format", "json").out)["runs"][0]["path"] == "./-"


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_of_a_log_without_a_config_the_first_fix_is_told_in_pytorch_and_in_keras(advisor, logs, form):
    out = advisor("diagnose", "sick.csv", "--format", form).out
    assert out.index("# PyTorch") < out.index("if val_loss < best:") < out.index("# Keras") < out.index("EarlyStopping(")


def test_a_run_that_several_paths_hold_is_told_once(advisor, logs):
    (logs / "deeper").mkdir()
    (logs / "sick.csv").rename(logs / "deeper" / "sick.csv")
    told = advisor("diagnose", "deeper", "deeper/sick.csv", "missing.csv", "./missing.csv", "--format", "json")
    assert [Path(run["path"]).name for run in json.loads(told.out)["runs"]] == ["sick.csv", "missing.csv"]
