"""Files that are whole whenever the process ends."""

import os
import sys
from pathlib import Path

import pytest

from advisor.errors import RunFolderError
from advisor.lock import hold, is_held
from advisor.training.files import RowLog, keep_rows, replace, replace_text


def test_absent_and_non_finite_cells_are_told_apart(tmp_path):
    log = RowLog(tmp_path / "a.csv", ("a", "b", "c", "d"))
    log.append([{"a": None, "b": float("nan"), "c": float("-inf"), "d": 1}])
    log.close()
    assert (tmp_path / "a.csv").read_bytes() == b"a,b,c,d\n,nan,-inf,1\n"


def test_rows_are_on_disk_as_soon_as_they_are_added(tmp_path):
    log = RowLog(tmp_path / "a.csv", ("a",))
    log.append([{"a": 1}])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "a\n1\n"
    log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_refused_in_one_line():
    with pytest.raises(RunFolderError, match=r"No space left.*stays readable") as refusal:
        RowLog(Path("/dev/full"), ("a",))
    assert "\n" not in str(refusal.value)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_after_a_refused_write_the_file_ends_with_a_whole_row(tmp_path):
    import resource

    log = RowLog(tmp_path / "a.csv", ("a",))
    log.append([{"a": "x" * 500}])
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(RunFolderError):
            log.append([{"a": "y" * 900}])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        log.close()
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == f"a\n{'x' * 500}\n"


def test_a_replacement_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    replace_text(tmp_path / "a.json", "old")

    def fails(temporary):
        temporary.write_text("half", encoding="utf-8")
        raise OSError(28, os.strerror(28))

    with pytest.raises(RunFolderError):
        replace(tmp_path / "a.json", fails)
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "old"


def test_rows_beyond_a_checkpoint_and_torn_rows_are_dropped(tmp_path):
    path = tmp_path / "steps.csv"
    path.write_text("step,name\n1,a\n2,b\n3,c\n4,", encoding="utf-8")
    keep_rows(path, "step", 2)
    assert path.read_text(encoding="utf-8") == "step,name\n1,a\n2,b\n"


def test_a_lock_is_held_until_it_is_closed(tmp_path):
    lock = hold(tmp_path)
    assert is_held(tmp_path)
    with pytest.raises(RunFolderError, match="another process"):
        hold(tmp_path)
    lock.close()
    assert not is_held(tmp_path)
    hold(tmp_path).close()


def test_a_folder_without_a_lock_is_not_held(tmp_path):
    assert not is_held(tmp_path) and list(tmp_path.iterdir()) == []
