"""The rules of the house, held by reading the source."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import advisor
from advisor import catalogue, readers

PACKAGE = catalogue.PACKAGE
FILES = sorted(PACKAGE.rglob("*.py"))
# Each room imports only from itself and from rooms before it.
LAYERS = (
    "version", "dotted", "text", "languages", "decoding", "pages", "errors", "own_code", "toml_files", "lock",
    "interrupts", "as_trained",
    "catalogue", "config", "run", "edits", "findings", "outcome", "fingerprints", "signals", "fixes", "rules", "diagnose", "baseline",
    "settings", "readers", "following",
    "training", "repair", "compare", "watch", "charts", "report", "integrations", "dashboard", "cli",
)  # fmt: skip
FRONT_DOORS = {"__init__", "__main__"}
# Who may import what is dear, or belongs to one room.
ONLY_IN = {
    "torch": {"training", "watch", "integrations"},
    "safetensors": {"training", "watch", "integrations"},
    "click": {"cli"},
    "textual": {"dashboard"},
    "pydantic": {"config"},
    "tomlkit": {"config"},
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LONGEST_FUNCTION, LONGEST_FILE = 40, 300


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module that a file imports anywhere, for types too; `from advisor import x` is advisor.x."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"advisor.{alias.name}" for alias in node.names} if node.module == "advisor" else {node.module or ""}
    return found


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


in_every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


@in_every_file
def test_imports_only_rooms_before_its_own(path):
    room = room_of(path)
    if room in FRONT_DOORS:
        return
    allowed = {*LAYERS[: LAYERS.index(room) + 1], "version"}
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("advisor.")}
    assert rooms <= allowed


@in_every_file
def test_imports_dear_libraries_only_where_they_belong(path):
    libraries = {name.partition(".")[0] for name in imported(path)}
    assert not {library for library in libraries & set(ONLY_IN) if room_of(path) not in ONLY_IN[library]}


@in_every_file
def test_says_what_it_is_and_stays_short(path):
    assert ast.get_docstring(tree_of(path))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    long = [node.name for node in ast.walk(tree_of(path)) if isinstance(node, FUNCTIONS) and body_lines(node) > LONGEST_FUNCTION]
    assert not long


def test_the_map_of_the_readers_shows_each_of_their_files():
    shown = re.findall(r"\w+", readers.__doc__.partition(":\n\n")[2])
    files = {path.stem for path in (PACKAGE / "readers").glob("*.py")} - {"__init__"}
    assert files <= set(shown)


def test_one_name_means_one_entry():
    names = [name for room in ("rules", "fixes") for name in catalogue.names(room)]
    assert len(names) == len(set(names))


def test_one_code_means_one_rule():
    codes = [rule.code for rule in catalogue.entries("rules")]
    assert len(codes) == len(set(codes))


def test_every_fix_that_a_rule_names_exists_and_every_fix_is_named_by_a_rule():
    named = {fix for rule in catalogue.entries("rules") for fix in rule.fixes}
    assert named == set(catalogue.names("fixes"))


WITHOUT_LIBRARIES = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "textual", "pandas", "sklearn"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from advisor.cli import main
main(sys.argv[1:])
"""


def without_libraries(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", WITHOUT_LIBRARIES, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["rules"],
        ["explain", "overfitting"],
        ["explain", "use-relu"],
        ["explain", "optim.lr"],
        ["diagnose", "log.csv"],
        *(["diagnose", "log.csv", "--format", name] for name in catalogue.names("report") if name != "concise"),
    ],
    ids=" ".join,
)
def test_works_where_torch_and_other_dear_libraries_are_not_installed(arguments, tmp_path):
    (tmp_path / "log.csv").write_text("epoch,loss,val_loss\n" + "".join(f"{i},{1 / i},{1.1 / i}\n" for i in range(1, 21)))
    result = without_libraries(*arguments, folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout


def test_training_without_torch_says_how_to_install_it(tmp_path):
    result = without_libraries("train", folder=tmp_path)
    assert result.returncode == 2
    assert "pip install torch" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("path", [path for path in FILES if "readers" in path.parts], ids=lambda path: path.stem)
def test_no_group_is_repeated_possessively(path):
    """Python before 3.11.5 loses its place in such a group when the group matches in part."""
    assert not re.search(r"\)(?:[*+?]|\{+[0-9,]+\}+)\+", path.read_text(encoding="utf-8"))


def test_a_notebook_completes_the_public_names_and_nothing_else():
    assert set(dir(advisor)) == set(advisor.__all__)
