"""Hidden folders that a kill left behind go away; all others stay."""

import os
import subprocess
import sys

import pytest

from advisor.cli._leftovers import clear

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, only time tells that a process is over")


@pytest.fixture(scope="module")
def gone():
    """The number of a process that is over."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def made(runs, name, *files):
    folder = runs / name
    folder.mkdir()
    for file in files:
        (folder / file).write_text("text", encoding="utf-8")
    return folder


@pytest.mark.parametrize("files", [(), ("config.toml", "run.json.tmp")])
def test_what_a_killed_process_was_making_is_removed(tmp_path, gone, files):
    folder = made(tmp_path, f".mine.{gone}", *files)
    clear(tmp_path)
    assert not folder.exists()


def test_so_is_what_an_earlier_process_of_ones_own_number_left(tmp_path):
    folder = made(tmp_path, f".mine.{os.getpid()}", "config.toml")
    clear(tmp_path)
    assert not folder.exists()


def test_what_a_living_process_is_making_stays(tmp_path):
    folder = made(tmp_path, f".mine.{os.getppid()}", "config.toml")
    clear(tmp_path)
    assert folder.exists()


def test_what_somebody_else_made_stays(tmp_path, gone):
    others = [made(tmp_path, f".mine.{gone}", "thesis.txt"), made(tmp_path, ".mine", "config.toml"), made(tmp_path, f"mine.{gone}")]
    clear(tmp_path)
    assert all(folder.exists() for folder in others)


def test_no_folder_of_runs_is_nothing_to_clear(tmp_path):
    clear(tmp_path / "nowhere")
