"""How every command ends, and what it writes to whom."""

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import advisor.cli as cli
from advisor.cli import _shared
from advisor.cli._rim import run
from advisor.errors import ConfigError, ConfigProblem, ReadError
from advisor.version import VERSION

ROOT = Path(__file__).parents[2]
ADVISOR = [sys.executable, "-m", "advisor"]
SICK, HEALTHY = ("sample_runs/overfitting", "sample_runs/healthy-circles")


def raising(error):
    @click.command()
    def command():
        raise error

    return command


def test_bare_advisor_shows_help_and_three_first_commands(advisor):
    bare = advisor()
    assert bare.status == 0
    assert bare.out == advisor("--help").out
    assert [line.split()[:2] for line in bare.out.splitlines()[-3:]] == [["advisor", name] for name in ("train", "diagnose", "fix")]


def test_help_lists_every_command_with_the_first_line_of_its_file(advisor):
    out = advisor("-h").out
    lines = out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    listed = {line.split()[0] for line in lines if line[2] != " "}
    assert listed == {file.stem for file in Path(cli.__file__).parent.glob("[a-z]*.py")}
    assert "List what can be found wrong with a training\n" in out


def test_every_command_file_holds_a_command_of_its_name():
    context = click.Context(cli.commands)
    for name in cli.commands.list_commands(context):
        command = cli.commands.get_command(context, name)
        assert isinstance(command, click.Command)
        assert command.name == name
        assert command.help


def test_a_bare_group_shows_its_help_with_whole_sentences(advisor):
    bare = advisor("config")
    assert (bare.status, bare.out) == (0, advisor("config", "--help").out)
    assert "..." not in bare.out.partition("Commands:")[2]


def test_the_version(advisor):
    assert advisor("--version").out == f"advisor {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rulse"], "did you mean rules?"),
        (["rules", "--formt", "json"], "`advisor rules --help` shows what it takes"),
        (["rules", "--format", "yaml"], "'yaml' is not one of"),
        (["explain"], "Missing argument"),
        (["config", "nope"], "expected one of check, schema, show"),
        (["config", "chek"], "did you mean check?"),
        (["diagnose", "--map"], "`advisor diagnose --help` shows what it takes"),
        (["diagnose", "a.csv", "b.csv", "--map", "foo=bar"], "--map foo: no such role"),
        (["diagnose", "x.csv", "--select", ""], "--select: found no rule"),
        (["diagnose", ""], "found an empty text"),
        (["diagnose", "x.csv", "-o", ""], "found an empty text"),
        (["fix", "runs/one", "--apply", ""], "--apply: found no fix ''"),
        (["--nope"], "--nope"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_two(advisor, arguments, said):
    result = advisor(*arguments)
    assert (result.status, result.out) == (2, "")
    assert result.err.count("\n") == 1
    assert result.err.startswith("error: ")
    assert said in result.err


def test_a_refusal_is_one_line_for_each_problem(capsys):
    problems = [ConfigProblem("optim.lr", "0", "more"), ConfigProblem("train.epochs", "0", "more")]
    assert run(raising(ConfigError(problems, "c.toml")), []) == 2
    assert (
        capsys.readouterr().err == "error: c.toml: optim.lr: found 0, expected more\nerror: c.toml: train.epochs: found 0, expected more\n"
    )
    assert run(raising(ReadError("x.csv: empty")), []) == 2
    assert capsys.readouterr().err == "error: x.csv: empty\n"


def test_a_library_that_is_missing_is_named_with_its_cure(capsys):
    assert run(raising(ModuleNotFoundError("No module named 'torch.nn'", name="torch.nn")), []) == 2
    assert "pip install torch" in capsys.readouterr().err


def test_what_the_system_refuses_names_the_file(capsys):
    assert run(raising(OSError(28, "No space left on device", "runs/a/run.csv")), []) == 2
    assert capsys.readouterr().err.startswith("error: runs/a/run.csv: No space left on device; expected")


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory"), RuntimeError("CUDA out of memory. Tried to")]
)
def test_a_lack_of_memory_is_no_mistake_of_advisors(capsys, error):
    assert run(raising(error), []) == 2
    said = capsys.readouterr().err
    assert "make the model, the batch or the data smaller" in said
    assert "mistake" not in said


def test_a_mistake_of_our_own_is_no_traceback_unless_asked_for(capsys, monkeypatch):
    monkeypatch.delenv("ADVISOR_DEBUG", raising=False)
    assert run(raising(ValueError("two\nlines")), []) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ValueError: two in test_rim.py:" in said
    monkeypatch.setenv("ADVISOR_DEBUG", "1")
    run(raising(ValueError("two")), [])
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_130(capsys):
    assert run(raising(KeyboardInterrupt()), []) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_command_returns_its_exit_status():
    assert run(click.command()(lambda: 1), []) == 1
    assert run(click.command()(lambda: None), []) == 0
    assert run(raising(SystemExit(1)), []) == 1


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is no file descriptor there")
@pytest.mark.parametrize("arguments", [["rules"], ["--help"], ["config", "schema"]], ids=" ".join)
def test_a_closed_pipe_ends_quietly(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    result = subprocess.run([*ADVISOR, *arguments], stdout=writing, stderr=subprocess.PIPE, timeout=60)
    os.close(writing)
    assert result.stderr == b""
    assert result.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
def test_a_full_disk_behind_standard_output_is_one_line():
    with Path("/dev/full").open("w") as full:
        result = subprocess.run([*ADVISOR, "rules"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 2
    assert result.stderr.splitlines()[0].startswith("error: No space left on device")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "cp1252"])
def test_a_stream_that_lacks_characters_gets_ascii(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    result = subprocess.run([*ADVISOR, "explain", "optim.l2"], capture_output=True, env=environment, timeout=60)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.decode(encoding)
    if encoding == "ascii":
        assert b"l2-sum w^2/2" in result.stdout


@pytest.mark.parametrize(
    "command",
    [("explain", "overfitting"), ("compare", "-h"), ("fix", "no → such"), ("diagnose", HEALTHY, HEALTHY), ("compare", SICK, HEALTHY),
     pytest.param(("dashboard", "--once", SICK, HEALTHY), marks=pytest.mark.slow)],
    ids=" ".join,
)  # fmt: skip
def test_nothing_but_ascii_is_written_where_a_stream_is_ascii(command):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = subprocess.run([*ADVISOR, *command], cwd=ROOT, capture_output=True, env=environment, timeout=60)
    assert (result.stdout + result.stderr).isascii()
    assert result.stdout or result.stderr


def test_what_has_no_plain_form_is_spelled_out():
    _shared.prepare()
    assert "a → 손".encode("ascii", "plain") == b"a > \\uc190"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_pipe_has_80_columns_and_no_colours(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    out = _shared.console()
    assert (out.width, out.is_terminal, out.is_interactive) == (80, False, False)


def test_a_terminal_has_its_own_width_unless_it_is_dumb(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("TERM", "xterm")
    assert (_shared.console().width, _shared.is_live(sys.stdout)) == (160, True)
    monkeypatch.setenv("TERM", "dumb")
    assert (_shared.console().width, _shared.is_live(sys.stdout)) == (80, False)


def test_colours_are_forced_and_forbidden_by_the_environment(monkeypatch, advisor):
    assert "\x1b" not in advisor("rules").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1m" in advisor("rules").out
    assert not _shared.console().is_interactive


def test_notes_go_to_standard_error_and_cannot_steer_the_terminal(capsys):
    _shared.note("a", "b\x1b[31m")
    assert capsys.readouterr() == ("", "note: a\nnote: b\\x1b[31m\n")


def test_what_a_terminal_is_too_narrow_for_is_broken_between_words(monkeypatch):
    narrow = Terminal()
    monkeypatch.setattr(sys, "stderr", narrow)
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "xterm")
    _shared.note("go on with advisor train --resume runs/first")
    assert narrow.getvalue() == "note: go on with advisor train\n      --resume runs/first\n"


def test_wide_characters_count_two_cells_in_a_table(capsys):
    _shared.table([["손실", "b"], ["loss", "b"]], ["A", "B"])
    assert capsys.readouterr().out == "A     B\n손실  b\nloss  b\n"


def test_what_a_module_of_ones_own_raises_amid_a_training_is_no_mistake_of_advisors(advisor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("own.py").write_text(
        "from torch import nn\n\n\nclass Breaks(nn.Linear):\n    def forward(self, x):\n"
        "        assert len(x) < 9, 'too\\nmany'\n        return super().forward(x)\n\n\n"
        "def breaks(outputs):\n    return Breaks(64, outputs)\n",
        encoding="utf-8",
    )
    refused = advisor("train", "--set", "model.kind=own.py:breaks", "--quiet")
    assert refused.status == 2
    assert refused.err.startswith("error: own.py:6 raised AssertionError: too many; that is code of your own")
    assert "mistake in advisor" not in refused.err
