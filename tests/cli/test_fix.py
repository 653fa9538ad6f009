"""`advisor fix`, on small trainings."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from advisor.lock import hold_fixing

RATE_TOO_HIGH = ["data.source=blobs", "data.samples=300", "model.hidden=[8]", "optim.name=sgd", "optim.lr=1e6", "train.epochs=4"]
HEALTHY = ["data.source=blobs", "data.samples=300", "model.hidden=[16]", "optim.lr=0.03", "train.epochs=12"]


def settings(keys):
    return [part for key in keys for part in ("--set", key)]


@pytest.fixture
def trained(advisor):
    """Trains a run called `mine`."""

    def train(*keys):
        assert advisor("train", "--quiet", "--name", "mine", *settings(keys)).status in (0, 1)
        return Path("runs/mine")

    return train


def test_a_cure_is_said_with_its_numbers_and_how_to_go_on(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH))
    assert result.status == 0
    assert "cured  lower-learning-rate, kept" in result.out
    assert "- lr = 1000000.0" in result.out
    assert "advisor train runs/mine-lower-learning-rate/config.toml" in result.out
    assert "training runs/mine-lower-learning-rate" in result.err


def test_json_is_one_document_as_documented(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH), "--format", "json")
    document = json.loads(result.out)
    assert list(document) == ["schema", "advisor", "run", "attempts", "status", "result", "config", "trainings", "remaining"]
    assert (document["run"], document["status"], document["result"]) == ("runs/mine", "improved", "runs/mine-lower-learning-rate")
    assert (document["config"], document["remaining"]) == ("runs/mine-lower-learning-rate/config.toml", [])
    attempt = document["attempts"][-1]
    assert list(attempt)[:10] == ["fix", "edits", "safety", "run", "seeds", "trainings", "signal", "metric", "verdict", "kept"]
    assert list(attempt)[10:] == ["range_test"]
    assert list(attempt["range_test"]) == ["rates", "losses", "suggestion"]
    recorded = Path("runs/mine/attempts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in recorded] == document["attempts"]


def test_nothing_that_was_there_is_touched(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    before = {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()}
    advisor("fix", mine)
    assert {path: path.read_bytes() for path in before} == before


def test_a_second_time_it_finds_what_it_trained(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    first = advisor("fix", mine)
    lines, folders = (mine / "attempts.jsonl").read_text(encoding="utf-8"), sorted(Path("runs").iterdir())
    second = advisor("fix", mine)
    assert (second.status, second.out) == (first.status, first.out)
    assert "training runs/" in first.err and "range test" in first.err
    assert "training runs/" not in second.err and "range test" not in second.err
    assert ((mine / "attempts.jsonl").read_text(encoding="utf-8"), sorted(Path("runs").iterdir())) == (lines, folders)


def test_what_was_tried_stands_there_once_from_wherever_and_wherever_it_lies_by_now(advisor, trained, monkeypatch):
    mine = trained(*RATE_TOO_HIGH)
    advisor("fix", mine)
    lines = (mine / "attempts.jsonl").read_text(encoding="utf-8")
    Path("runs").rename("moved")
    monkeypatch.chdir("moved")
    again = advisor("fix", "mine")
    assert (again.status, "training mine-" in again.err) == (0, False)
    assert Path("mine/attempts.jsonl").read_text(encoding="utf-8") == lines


def test_a_trial_whose_checkpoint_is_damaged_is_left_as_it_is_and_made_anew(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    first = advisor("fix", mine, "--format", "json")
    trial = Path("runs/mine-lower-learning-rate")
    checkpoint = trial / "resume" / "checkpoint.pt"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    (trial / "run.json").write_text((trial / "run.json").read_text(encoding="utf-8").replace('"done"', '"running"'), encoding="utf-8")
    again = advisor("fix", mine, "--format", "json")
    assert again.out.replace("mine-lower-learning-rate-2", "mine-lower-learning-rate") == first.out
    assert json.loads(again.out)["result"] == "runs/mine-lower-learning-rate-2"


def test_a_run_without_a_whole_epoch_is_to_be_gone_on_with_first(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    rows = mine / "run.csv"
    rows.write_text(rows.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    refused = advisor("fix", mine)
    assert (refused.status, refused.out) == (2, "")
    assert "no epoch has ended yet" in refused.err and "advisor train --resume runs/mine" in refused.err


def edit(run, old, new):
    file = run / "config.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_config_that_was_edited_after_the_training_is_refused_and_judged_by_what_was_trained(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    before = advisor("diagnose", mine).out
    edit(mine, "lr = 1000000.0", "lr = 0.01")
    again = advisor("diagnose", mine)
    note = "config.toml was edited after it was trained (optim.lr 1000000.0 then, 0.01 now)"
    assert note in " ".join(again.out.split())
    assert all(line in again.out for line in before.splitlines())
    refused = advisor("fix", mine)
    assert (refused.status, refused.out) == (2, "")
    assert "optim.lr 1000000.0 then, 0.01 now" in refused.err and "advisor train runs/mine/config.toml" in refused.err
    assert advisor("train", "--resume", mine).status == 2
    edit(mine, "lr = 0.01", "lr = 1000000.0")
    assert advisor("fix", mine).status == 0


def test_what_a_kill_left_where_a_run_folder_was_being_made_is_cleared(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    hidden = Path("runs") / f".mine-lower-learning-rate.{os.getpid()}"
    hidden.mkdir()
    advisor("fix", mine)
    assert not hidden.exists()


def test_the_config_with_the_fix_trains_elsewhere(advisor, trained):
    Path("table.csv").write_text("x,y\n" + "".join(f"{i % 7},{'ab'[i % 7 > 3]}\n" for i in range(200)), encoding="utf-8")
    advisor("fix", trained("data.source=table.csv", *RATE_TOO_HIGH[2:]))
    assert (
        advisor("train", "runs/mine-lower-learning-rate/config.toml", "--quiet", "--name", "again", "--run-dir", "elsewhere/deep").status
        == 0
    )


def test_a_second_command_at_the_same_time_is_refused(advisor, trained):
    mine = trained(*RATE_TOO_HIGH)
    with hold_fixing(mine):
        second = advisor("fix", mine)
    assert (second.status, second.out) == (2, "")
    assert "another process is trying fixes for it" in second.err
    assert [path.name for path in Path("runs").iterdir()] == ["mine"]
    assert advisor("fix", mine).status == 0


def test_a_diff_trains_nothing(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH), "--diff")
    assert result.status == 0
    assert "+ lr = what a range-test finds" in result.out
    assert [path.name for path in Path("runs").iterdir()] == ["mine"]
    assert not Path("runs/mine/attempts.jsonl").exists()


def test_a_healthy_run_is_left_alone(advisor, trained):
    result = advisor("fix", trained(*HEALTHY))
    assert (result.status, result.out.split()[1]) == (0, "healthy")
    assert [path.name for path in Path("runs").iterdir()] == ["mine"]


def test_what_mere_information_proposes_can_be_asked_for(advisor, trained):
    """A run that is well, but was still improving when it ended."""
    mine = trained(*HEALTHY[:2], "model.hidden=[16]", "optim.lr=0.006", "train.epochs=8")
    said = " ".join(advisor("fix", mine).out.split())
    assert "healthy runs/mine, nothing was trained" in said
    command = "advisor fix runs/mine --apply train-longer"
    assert f"stopped-too-early, mere information: {command}" in said
    assert "- epochs = 8" in advisor(*command.split()[1:]).out


def test_unsafe_fixes_are_listed_where_nobody_can_be_asked(advisor, trained):
    mine = trained(*RATE_TOO_HIGH, "data.scale=none")
    document = json.loads(advisor("fix", mine, "--budget", "0.1", "--format", "json").out)
    unsafe = [attempt for attempt in document["attempts"] if attempt["safety"] == "unsafe"]
    assert {attempt["verdict"] for attempt in unsafe} == {"not tried"}


def test_an_unsafe_fix_that_is_asked_for_needs_a_word_more(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH, "model.activation=leaky_relu"), "--apply", "use-relu")
    assert (result.status, result.out) == (2, "")
    assert "--unsafe" in result.err


def test_with_that_word_it_is_tried(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH, "model.activation=leaky_relu"), "--apply", "use-relu", "--unsafe", "--budget", "1")
    assert Path("runs/mine-use-relu/run.csv").is_file()
    assert result.status in (0, 1)


def test_without_room_in_the_budget_nothing_could_be_tried(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH), "--budget", "0.5", "--unsafe")
    assert result.status == 2
    assert "the budget has no room for it" in result.out


def test_without_validation_nothing_is_proven(advisor, trained):
    result = advisor("fix", trained(*RATE_TOO_HIGH, "data.validation=0"))
    assert result.status == 2
    assert "validation part" in result.out


def test_a_log_without_a_config_gets_advice(advisor):
    losses = "".join(f"{epoch},{loss}\n" for epoch, loss in enumerate([2.3, 1.9, 1.5, "nan", "nan"], start=1))
    Path("log.csv").write_text("epoch,loss\n" + losses, encoding="utf-8")
    result = advisor("fix", "log.csv")
    assert result.status == 2
    assert "clip_grad_norm_" in result.out and "global_clipnorm" in result.out
    assert "no Config" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "nowhere"),
        (["runs/mine", "--apply", "use-rely"], "did you mean use-relu"),
        (["runs/mine", "--apply", "use-relu", "--unsafe"], "would change nothing"),
        (["runs/mine", "--apply", "check-labels"], "advice for a person"),
        (["runs/mine", "--seeds", "0"], "--seeds"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refusals_take_one_line(advisor, trained, arguments, said):
    trained(*RATE_TOO_HIGH)
    result = advisor("fix", *arguments)
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert len(result.err.splitlines()) == 1


def _fix(*arguments):
    return [sys.executable, "-m", "advisor", "fix", "runs/mine", *arguments]


@pytest.mark.slow
def test_a_kill_loses_the_trial_under_way_and_no_more(advisor, trained):
    mine = trained(*RATE_TOO_HIGH, "data.samples=4000", "train.epochs=15")
    process = subprocess.Popen(_fix("--format", "json"), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    trial = Path("runs/mine-lower-learning-rate/run.csv")
    while not (trial.is_file() and trial.read_text(encoding="utf-8").count("\n") > 3):
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not (mine / "attempts.jsonl").exists()
    assert advisor("diagnose", trial.parent).status in (0, 1)
    kept = trial.read_text(encoding="utf-8").splitlines()[:2]
    assert advisor("fix", mine).status == 0
    assert trial.read_text(encoding="utf-8").splitlines()[:2] == kept  # seconds too: it was gone on with, not done again
    assert not Path("runs/mine-lower-learning-rate-2").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are POSIX")
@pytest.mark.parametrize(("answer", "status"), [("n", 1), ("y", 0)])
def test_at_a_terminal_unsafe_fixes_ask(trained, answer, status):
    import pty

    trained(*HEALTHY[:2], "model.hidden=[8,8,8,8,8,8,8,8,8,8]", "model.activation=sigmoid", "train.epochs=20")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        _fix("--apply", "use-relu"), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    threading.Thread(target=_drained, args=(ours,), daemon=True).start()
    said, _ = process.communicate(timeout=120)
    assert process.returncode == status
    assert (b"not tried" in said) == (answer == "n")


def _drained(terminal):
    """Reads what is drawn, or the command would wait for room."""
    with contextlib.suppress(OSError), os.fdopen(terminal, "rb", buffering=0) as shown:
        while shown.read(4096):
            pass
