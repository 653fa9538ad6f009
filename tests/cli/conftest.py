"""A command line, run in this process as `advisor` would run it."""

from dataclasses import dataclass

import pytest

from advisor.cli import commands
from advisor.cli._rim import run


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


@pytest.fixture
def advisor(capsys, tmp_path, monkeypatch):
    """Calls a command in an empty working folder, as a pipe sees it."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "ADVISOR_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Result:
        status = run(commands, [str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return call
