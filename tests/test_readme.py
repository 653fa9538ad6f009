"""The README's session is what the commands print today."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROMPT = "$ advisor "
ELIDED = "[...]"


def sessions():
    """The commands of the README's console blocks, each with the lines below it."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    found = {}
    for part in "\n".join(blocks).split(PROMPT)[1:]:
        command, *lines = part.rstrip().splitlines()
        found[command] = [line.rstrip() for line in lines]
    return found


def printed(command, folder):
    """Both streams of a command, as a terminal of 80 columns shows them."""
    environment = os.environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    call = [sys.executable, "-m", "advisor", *command.split()]
    ended = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode in (0, 1), ended.stderr
    return [line.rstrip() for line in ended.stdout.rstrip().splitlines()]


def same(shown, output, blur=lambda text: text):
    """Whether every shown line stands in the output, in order; only an elision may leave lines out."""
    parts = "\n".join(shown).split(ELIDED)
    pattern = ".*".join(re.escape(blur(part.strip("\n"))) for part in parts)
    return re.fullmatch(pattern, blur("\n".join(output)), re.DOTALL) is not None


def without_numbers(text):
    """Numbers and the lengths of lines differ from machine to machine."""
    return re.sub(r"[ ─]+", " ", re.sub(r"[-+\d.e]+", "#", text))


def test_the_readme_shows_a_diagnosis_as_it_is_printed():
    (command,) = [command for command in sessions() if command.startswith("diagnose ")]
    output = printed(command, ROOT)
    assert same(sessions()[command], output), "\n".join(output)


@pytest.mark.slow
def test_the_readme_shows_a_cure_as_it_is_printed(tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    commands = [command for command in sessions() if command.startswith(("train ", "fix "))]
    assert len(commands) == 2
    for command in commands:
        output = printed(command, tmp_path)
        assert same(sessions()[command], output, without_numbers), "\n".join(output)
