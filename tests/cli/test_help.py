"""`--help` stands alone: what a command does, how it ends, and examples that it takes."""

import re
import shlex

import click
import pytest

from advisor.cli import commands
from advisor.readers.roles import AXIS_ROLES, VALUE_ROLES

ROOT = click.Context(commands, info_name="advisor", **commands.context_settings)


def every_command(group, path=()):
    for name in group.list_commands(ROOT):
        command = group.get_command(ROOT, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))


EVERY = dict(every_command(commands))
in_every_command = pytest.mark.parametrize("path", EVERY, ids=" ".join)


def examples(text):
    """The command lines under "Examples", without what is said behind them."""
    rows = text.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()
    return [re.split(r"\s{3,}", row.strip())[0] for row in rows]


@in_every_command
def test_it_fits_a_terminal_of_80_columns(advisor, monkeypatch, path):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, advisor(*path, "--help").out.splitlines())) <= 80


@in_every_command
def test_it_says_how_the_command_ends_and_what_each_option_does(advisor, path):
    command = EVERY[path]
    out = advisor(*path, "--help").out
    assert isinstance(command, click.Group) or "Exit status" in out or "Ends with" in out
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert not [option.name for option in options if not option.help]


@in_every_command
def test_its_examples_are_taken(advisor, path):
    shown = examples(advisor(*path, "--help").out) if path != ("completion",) else ["advisor completion bash"]
    assert shown
    for example in shown:
        words = shlex.split(example.split(" | ")[-1].split(" > ")[0])
        assert words[0] == "advisor"
        _, command, rest = commands.resolve_command(ROOT, words[1:])
        while isinstance(command, click.Group):
            _, command, rest = command.resolve_command(ROOT, rest)
        command.make_context(command.name, list(rest))


def test_every_role_that_a_column_can_play_is_named(advisor):
    told = " ".join(advisor("diagnose", "--help").out.split())
    assert all(re.search(rf"\b{role}\b", told.partition("Roles: ")[2]) for role in (*AXIS_ROLES, *VALUE_ROLES))
