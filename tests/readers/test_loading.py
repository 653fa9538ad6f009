"""Whatever is given is a run, or one clear line."""

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from advisor.errors import ReadError
from advisor.readers import find, load, load_all

CSV = "epoch,loss,val_loss\n1,0.5,0.6\n2,0.4,0.5\n"
REFUSALS = {
    "empty.csv": (b"", "empty file"),
    "blank.csv": (b"\n \n", "empty file"),
    "zeros.log": (b"\0" * 100, "empty file"),
    "binary.bin": (bytes(range(256)) * 20, "binary file of no known format"),
    "results.xlsx": (b"PK\x03\x04" + bytes(range(256)), "a zip archive"),
    "log.tar.xz": (b"\xfd7zXZ\x00" + bytes(range(256)), "an xz archive, not a log; give the log"),
    "pointer.json": (b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1\n", "git lfs pull"),
    "header.csv": (b"epoch,loss,val_loss\n", "a header and no rows"),
    "prose.txt": (b"Once upon a time there was a network.\nIt had 3 layers.\n", "no line names a loss"),
    "broken.gz": (b"\x1f\x8b\x08\x00\x00", "broken .gz"),
    "train.py": (b"import torch\nloss = 1.0\nfor i in range(10):\n    print(i, loss)\n", "a program, and no log"),
    "losses.py": (b"from losses import loss, accuracy\nx = 1\ny = 2\ndef f():\n    return loss, accuracy\n", "a program, and no log"),
    "mine.toml": (b"[optim]\nlr = 0.1\n", "settings, and no log; `advisor train` trains such a Config"),
    "page.html": (b"<html><body>404</body></html>", "no line names a loss"),
    "apples.csv": (b"epoch,apples\n1,2\n2,3\n", "neither a loss nor a metric"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_holds_no_run_is_refused_in_one_line(write, name):
    data, reason = REFUSALS[name]
    with pytest.raises(ReadError, match=reason) as refusal:
        load(write(name, data))
    assert "\n" not in str(refusal.value)
    assert name in str(refusal.value)


def test_a_path_too_long_for_the_system_is_refused(tmp_path):
    with pytest.raises(ReadError, match="cannot be read"):
        load(tmp_path / ("x" * 5000))
    assert find([tmp_path / ("x" * 5000)]) == [tmp_path / ("x" * 5000)]


def test_a_missing_path_is_refused(tmp_path):
    with pytest.raises(ReadError, match="no such file or folder"):
        load(tmp_path / "nowhere.csv")


@pytest.mark.skipif(sys.platform == "win32" or getattr(os, "geteuid", lambda: 1)() == 0, reason="the superuser may read anything")
def test_a_file_without_permission_is_refused(write):
    path = write("log.csv", CSV)
    path.chmod(0)
    with pytest.raises(ReadError, match="no permission"):
        load(path)


def test_a_folder_without_a_run_is_refused(tmp_path, write):
    with pytest.raises(ReadError, match="found no training log"):
        load(tmp_path)
    write("notes.txt", "nothing here")
    with pytest.raises(ReadError, match="found no training log"):
        load(tmp_path)


def test_a_log_that_lies_deeper_than_is_searched_is_no_secret(tmp_path, write):
    write("/".join("abcdefghijkl") + "/log.csv", CSV)
    assert load(tmp_path).name == "log"
    write("b/" + "/".join("abcdefghijklm") + "/log.csv", CSV)
    with pytest.raises(ReadError, match="searched: folders down to 12 below it, and there are deeper ones"):
        load(tmp_path / "b")


def test_a_folder_gives_the_runs_below_it(tmp_path, write):
    write("a/log.csv", CSV)
    write("b/c/log.csv", CSV)
    write("b/data.csv", "height,width\n1,2\n3,4\n")
    write(".git/log.csv", CSV)
    assert [run.path.parent.name for run in load_all(tmp_path)] == ["a", "c"]
    assert find([tmp_path]) == [tmp_path / "a" / "log.csv", tmp_path / "b" / "c" / "log.csv"]


def test_of_several_records_of_one_run_the_best_is_read(tmp_path, write):
    write("trainer_state.json", '{"log_history": [{"step": 1, "loss": 1.0}, {"step": 2, "loss": 0.5}]}')
    write("log.csv", CSV)
    write("out.log", "Epoch 1: loss 0.5\nEpoch 2: loss 0.4\n")
    assert load(tmp_path).format == "trainer-state"


def test_logs_with_names_of_their_own_are_runs_of_their_own_whatever_their_formats(tmp_path, write):
    write("adam.csv", CSV)
    write("sgd.csv", CSV)
    write("sgd.log", "Epoch 1: loss 0.5\nEpoch 2: loss 0.4\n")
    write("rmsprop.jsonl", '{"step": 1, "loss": 1.0}\n{"step": 2, "loss": 0.5}\n')
    write("train_log_2.txt", "Epoch 1: loss 0.5\nEpoch 2: loss 0.4\n")
    write("vocabulary.json", '{"a": [1, 2], "b": [3, 4]}')
    assert [path.name for path in find([tmp_path])] == ["adam.csv", "rmsprop.jsonl", "sgd.csv"]
    assert [run.name for run in load_all(tmp_path)] == ["adam", "rmsprop", "sgd"]


def test_runs_of_one_name_are_numbered(tmp_path, write):
    write("a/log.csv", CSV)
    write("b/log.csv", CSV)
    assert [run.name for run in load_all(tmp_path)] == ["log", "log (2)"]


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CSV.encode())))
    assert len(load("-").series["train_loss"]) == 2
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(ReadError, match="standard input: empty"):
        load("-")


def test_standard_input_that_is_closed_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(ReadError, match="standard input: closed"):
        load("-")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
def test_a_device_is_refused_for_it_may_never_end():
    with pytest.raises(ReadError, match="a device"):
        load("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_with_a_name_is_read_once(tmp_path):
    pipe = tmp_path / "log.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(CSV,))
    writer.start()
    assert list(load(pipe).series["val_loss"].values) == [0.6, 0.5]
    writer.join()


def test_path_names_are_harmless_in_messages(tmp_path):
    with pytest.raises(ReadError) as refusal:
        load(tmp_path / "a\x1b[31m.csv")
    assert "\x1b" not in str(refusal.value)


@pytest.mark.parametrize("last", ["3,0.", "3,0.3,0.", "3"])
def test_of_a_file_that_is_being_written_whole_lines_are_read(write, last):
    path = write("log.csv", f"epoch,loss,val_loss\n1,0.5,0.6\n2,0.4,0.5\n{last}")
    run = load_all(path, growing=True)[0]
    assert list(run.series["val_loss"].values) == [0.6, 0.5]
    assert list(run.series["train_loss"].values) == [0.5, 0.4]


def test_a_document_that_is_being_written_is_read_as_far_as_it_goes(write):
    path = write("log.json", '[{"epoch": 1, "loss": 0.5},\n {"epoch": 2, "loss": 0.4},\n {"epoch": 3, "lo')
    assert len(load_all(path, growing=True)[0].series["train_loss"]) == 2


@pytest.mark.parametrize("hole", [40, 200_000])
@pytest.mark.parametrize("line", [0, 2, 4])
def test_zeros_that_a_crash_or_an_emptied_file_left_are_passed_over_and_the_lines_keep_their_numbers(write, hole, line):
    lines = [*CSV.splitlines(keepends=True), "3,0.3,0.4\n"]
    lines.insert(line, "\0" * hole)
    run = load(write("log.csv", "".join(lines)))
    assert list(run.series["train_loss"].values) == [0.5, 0.4, 0.3]
    assert list(run.series["train_loss"].places) == [2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_of_a_log_of_two_or_four_bytes_a_character_whole_lines_are_read(write, encoding):
    text = "\ufeff" + CSV + "3,0.3,0.4"
    run = load_all(write("log.csv", text.encode(encoding)), growing=True)[0]
    assert list(run.series["train_loss"].values) == [0.5, 0.4]
