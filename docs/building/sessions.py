"""Sessions in the pages: their commands are run, from the top of a page to its end, in a folder that begins with samples alone.

A block of kind `console` holds commands behind `$` and what they print. `[...]` stands for lines that were left out.
A comment `<!-- file: NAME -->` above a block puts that file into the folder.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
SAMPLES = ("sample_runs", "examples")
BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n+)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT, ELIDED = "$ ", "[...]"
Blur = Callable[[str], str]


@dataclass
class Shell:
    """A folder, and how the last command in it ended."""

    folder: Path
    status: int = 0
    environment: dict[str, str] = field(default_factory=lambda: os.environ | {"COLUMNS": "80", "PYTHONUTF8": "1", "NO_COLOR": "1"})

    def printed(self, command: str) -> str:
        """What a command prints, on both streams."""
        if command == "echo $?":
            return str(self.status)
        program, *arguments = shlex.split(command)
        if program != "advisor":
            raise ValueError(f"{command}: expected a command of advisor")
        ended = subprocess.run(
            [sys.executable, "-m", "advisor", *arguments], cwd=self.folder, env=self.environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self.status = ended.returncode
        return "\n".join(line.rstrip() for line in ended.stdout.rstrip().splitlines())


def refreshed(text: str) -> str:
    """The page with what its commands print today; a session that still holds stays as it is, elisions too."""
    with TemporaryDirectory() as folder:
        shell = opened(Path(folder))
        return BLOCK.sub(lambda match: _block(match, shell), text)


def differences(text: str) -> Iterator[str]:
    """A line for each command that prints something else than the page shows; numbers may differ where something was trained."""
    blur = without_numbers if "$ advisor train" in text else str
    with TemporaryDirectory() as folder:
        shell = opened(Path(folder))
        for match in BLOCK.finditer(text):
            _place(match, shell)
            for command, shown in commands(match):
                output = shell.printed(command)
                if not same(shown, output, blur):
                    yield f"$ {command}\n{output}"


def opened(folder: Path) -> Shell:
    """A shell in a folder with the samples."""
    for name in SAMPLES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("record.py", "__pycache__", "resume"))
    return Shell(folder)


def commands(match: re.Match[str]) -> list[tuple[str, str]]:
    """The commands of a block, each with what is shown below it."""
    if match["kind"] != "console":
        return []
    parts = re.split(r"^\$ ", match["body"], flags=re.MULTILINE)[1:]
    return [(command, shown.strip("\n")) for command, _, shown in (part.partition("\n") for part in parts)]


def same(shown: str, output: str, blur: Blur = str) -> bool:
    """Whether every shown line stands in the output, in order; only an elision may leave lines out."""
    pattern = ".*".join(re.escape(blur(part.strip("\n"))) for part in shown.split(ELIDED))
    return re.fullmatch(pattern, blur(output), re.DOTALL) is not None


def without_numbers(text: str) -> str:
    """Numbers, curves and the widths of columns differ from machine to machine."""
    return re.sub(r"[ ─\n#]+", " ", re.sub(r"[-+\d.e%⠀-⣿●▲★┊│┬┴]+", "#", text))


def _block(match: re.Match[str], shell: Shell) -> str:
    _place(match, shell)
    told = [(command, shown, shell.printed(command)) for command, shown in commands(match)]
    if not told:
        return match[0]
    lines = [f"{PROMPT}{command}\n{shown if same(shown, output) else output}".rstrip() for command, shown, output in told]
    return "```console\n" + "\n".join(lines) + "\n```"


def _place(match: re.Match[str], shell: Shell) -> None:
    if match["file"]:
        path = shell.folder / match["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(match["body"], encoding="utf-8", newline="\n")
