"""`advisor diagnose --follow`: logs that are being written, replaced, or come over a pipe."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

HEADER = "epoch,train_loss,val_loss\n"
FALLING = [f"{e},{2 * 0.9**e + 0.1:.4f},{2 * 0.9**e + 0.15:.4f}\n" for e in range(1, 31)]
NANS = [f"{e},nan,nan\n" for e in range(31, 36)]
SECONDS = 30
needs_signals = pytest.mark.skipif(os.name == "nt", reason="there is no way to send Ctrl-C to one process")


@contextmanager
def following(folder, *arguments):
    command = [sys.executable, "-u", "-m", "advisor", "diagnose", "--follow", *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, encoding="utf-8", **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def line_with(process, word):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        line = process.stdout.readline()
        if word in line:
            return line
    raise AssertionError(f"no line with {word}")


def ended_by_ctrl_c(process):
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    return process.returncode, out, err


@needs_signals
def test_findings_are_said_when_they_appear_and_the_status_is_theirs(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "".join(FALLING), encoding="utf-8")
    with following(tmp_path, "log.csv") as process:
        line_with(process, "log.csv: following, epoch 30")
        with log.open("a", encoding="utf-8") as stream:
            stream.write("".join(NANS))
        assert line_with(process, "non-finite-loss").startswith("+ log.csv")
        status, out, err = ended_by_ctrl_c(process)
    assert status == 1
    assert "N101 non-finite-loss" in out
    assert "Traceback" not in err


@needs_signals
def test_a_log_that_goes_on_is_not_said_to_have_stopped_too_early(tmp_path):
    straight = [f"{e},{2.4 - 0.05 * e:.4f},{2.5 - 0.05 * e:.4f}\n" for e in range(1, 31)]
    (tmp_path / "log.csv").write_text(HEADER + "".join(straight), encoding="utf-8")
    once = subprocess.run([sys.executable, "-m", "advisor", "diagnose", "log.csv"], cwd=tmp_path, capture_output=True, encoding="utf-8")
    with following(tmp_path, "log.csv") as process:
        line_with(process, "following, epoch 30")
        _, out, _ = ended_by_ctrl_c(process)
    assert "L107 stopped-too-early" in once.stdout
    assert "L107 stopped-too-early" not in out
    assert "it is still running" in out


@needs_signals
def test_a_file_that_is_replaced_is_read_anew_and_findings_go(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "".join(FALLING + NANS), encoding="utf-8")
    with following(tmp_path, "log.csv") as process:
        line_with(process, "+ log.csv")
        (tmp_path / "new").write_text(
            "epoch,lr,train_loss,val_loss\n" + "".join(row.replace(",", ",0.1,", 1) for row in FALLING), encoding="utf-8"
        )
        (tmp_path / "new").replace(log)
        assert "no longer found" in line_with(process, "- log.csv: N101 non-finite-loss")
        status, _, _ = ended_by_ctrl_c(process)
    assert status == 0


@needs_signals
def test_a_log_that_is_not_there_yet_is_waited_for(tmp_path):
    with following(tmp_path, "log.csv", "--format", "json") as process:
        assert "waiting" in process.stderr.readline()
        (tmp_path / "log.csv").write_text(HEADER + "".join(FALLING), encoding="utf-8")
        assert "following" in process.stderr.readline()  # it was said once that nothing is there
        status, out, _ = ended_by_ctrl_c(process)
    assert status == 0
    assert json.loads(out)["runs"][0]["epochs"] == 30


def test_what_comes_over_a_pipe_is_judged_as_it_comes(tmp_path):
    with following(tmp_path, "-") as process:
        process.stdin.write(HEADER + "".join(FALLING))
        process.stdin.flush()
        line_with(process, "following, epoch 30")
        process.stdin.write("".join(NANS) + "36,0.")
        process.stdin.close()
        line_with(process, "+ ")
        assert process.wait(SECONDS) == 1


@pytest.mark.slow
def test_a_run_that_is_taken_away_and_comes_back_is_said(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(HEADER + "".join(FALLING), encoding="utf-8")
    with following(tmp_path, ".") as process:
        line_with(process, "two.csv: following")
        (tmp_path / "two.csv").unlink()
        assert line_with(process, "- two.csv") == "- two.csv: two can no longer be read there\n"
        (tmp_path / "two.csv").write_text(HEADER + "".join(FALLING), encoding="utf-8")
        line_with(process, "two.csv: following")


@pytest.mark.slow
def test_a_log_that_can_be_read_again_is_said_to_be_followed(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "".join(FALLING), encoding="utf-8")
    with following(tmp_path, "log.csv") as process:
        line_with(process, "following, epoch 30")
        log.write_text("", encoding="utf-8")
        line_with(process, "? log.csv: empty file")
        log.write_text(HEADER + "".join(FALLING), encoding="utf-8")
        line_with(process, "following, epoch 30")
