"""`advisor completion`: what TAB offers, in the shells that are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BESIDE = Path(sys.executable).parent
HAS_COMMAND = shutil.which("advisor", path=str(BESIDE)) is not None
LINES = [
    ("advisor dia", {"diagnose"}),
    ("advisor diagnose --fail-on e", {"error"}),
    ("advisor diagnose --select overf", {"overfitting"}),
    ("advisor explain clip", {"clip-gradients"}),
    ("advisor explain optim.mo", {"optim.momentum"}),
    ("advisor config s", {"show", "schema"}),
    ("advisor completion z", {"zsh"}),
]


def typed(shell, script, folder):
    environment = os.environ | {"PATH": f"{BESIDE}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder), "TERM": "xterm"}
    ended = subprocess.run(
        [shell, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    assert ended.stderr == ""
    return ended.stdout


def in_shell(name):
    missing = os.name == "nt" or shutil.which(name) is None or not HAS_COMMAND
    return pytest.mark.skipif(missing, reason=f"{name} or the command advisor is not here")


def bash(line, folder):
    words = line.split(" ")
    array = " ".join(f"'{word}'" for word in words)
    script = f'eval "$(advisor completion bash)"; COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; _advisor_completion advisor'
    return typed("bash", f'{script}; printf "%s\\n" "${{COMPREPLY[@]}}"', folder).split()


@in_shell("bash")
@pytest.mark.parametrize(("line", "offered"), LINES, ids=lambda value: value if isinstance(value, str) else "")
def test_bash_offers(line, offered, tmp_path):
    assert set(bash(line, tmp_path)) == offered


@in_shell("fish")
@pytest.mark.parametrize(
    ("line", "offered"),
    [*LINES[:2], ("advisor diagnose --select F101,dead", {"F101,dead-units"})],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_fish_offers(line, offered, tmp_path):
    script = f"advisor completion fish | source; complete -C '{line}'"
    assert {row.split("\t")[0] for row in typed("fish", script, tmp_path).splitlines()} == offered


@in_shell("zsh")
def test_zsh_registers_it(tmp_path):
    script = 'autoload -U compinit; compinit -D; eval "$(advisor completion zsh)"; print $_comps[advisor]'
    assert typed("zsh", script, tmp_path).strip() == "_advisor_completion"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_script_names_the_command_and_asks_it(advisor, shell):
    result = advisor("completion", shell)
    assert 'string split ","' not in result.out
    assert (result.status, result.err) == (0, "")
    assert "_ADVISOR_COMPLETE" in result.out


def test_a_shell_that_is_none_is_refused(advisor):
    assert advisor("completion", "tcsh").status == 2
    assert advisor("completion").status == 2


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("advisor diagnose --ignore N,overf", "plain,N,overfitting"),
        ("advisor diagnose lo", "file,lo"),
        ("advisor compare lo", "file,lo"),
        ("advisor init --dataset dig", "plain,digits"),
        ("advisor init --dataset my", "file,my"),
        ("advisor explain optim", "plain,optim."),
        ("advisor fix runs/a --apply use-relu,clip", "plain,use-relu,clip-gradients"),
        ("advisor train --set optim.sch", "plain,optim.schedule"),
    ],
)
def test_asked_as_a_shell_asks(advisor, monkeypatch, words, offered):
    monkeypatch.setenv("_ADVISOR_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert advisor().out.splitlines() == [offered]
