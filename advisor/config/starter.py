"""A first Config to start from: few keys, each with what it does, and where to read of the others."""

import re
import textwrap
from pathlib import Path

from advisor.config.effects import why_without_effect
from advisor.config.names import schemas, sections
from advisor.config.pages import key_page
from advisor.config.parsing import parse
from advisor.config.paths import missing, rewritten
from advisor.config.whole import Tree
from advisor.config.writing import tree_to_toml
from advisor.errors import ConfigError

ESSENTIAL = {
    "data": ("source", "target", "samples", "noise", "validation", "batch_size"),
    "model": ("kind", "hidden", "activation", "norm", "dropout"),
    "optim": ("name", "lr", "momentum", "schedule"),
    "train": ("epochs", "early_stopping", "seed"),
}
WIDTH = 100
HEADER = """\
What `advisor train` trains. Every key may be left out; it then has the value shown here.
`advisor explain optim.lr` says more of a key: what it does, when to change it, what to look at afterwards.
`advisor config check` finds mistakes without training. Paths are relative to the folder of this file.
"""


def starter(source: str, folder: Path) -> str:
    """A Config for some data, to stand in `folder`: the essential keys as TOML with comments that teach.

    Raises ConfigError where the source is none or is not there.
    """
    config = parse({"data": {"source": source}}, source="--dataset")
    problems = list(missing(config))
    if problems:
        raise ConfigError(problems, "--dataset")
    tree = rewritten(config, folder)
    parts = [_comment(line) for line in HEADER.splitlines()]
    for section in sections():
        essential = [key for key in ESSENTIAL[section] if why_without_effect(config, f"{section}.{key}") is None]
        parts += ["", f"[{section}]", *_section(section, {key: tree[section][key] for key in essential})]
    return "\n".join(parts) + "\n"


def _section(section: str, values: Tree) -> list[str]:
    lines = []
    for key, value in values.items():
        lines += [_comment(_about(f"{section}.{key}")), tree_to_toml({key: value}).strip(), ""]
    others = [key for key in sections()[section].model_fields if key not in values]
    return [*lines, _comment(f"Also: {', '.join(others)}.")]


def _about(path: str) -> str:
    """The first sentence of a key's page, and its choices."""
    sentence = re.split(r"(?<=[.!?]) (?=[A-Z])", key_page(path).page.summary)[0]
    choices = f" One of {', '.join(schemas()[path]['enum'])}." if "enum" in schemas()[path] else ""
    return sentence + choices


def _comment(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ")
