"""Trainings that were done once stay done: a folder of run folders, by Config, seed and the code that trains.

A training is written out of sight and moved into its place when it is complete, so that a kill loses the training under way and no other.
"""

import ast
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import advisor
from injected.programs import BASE

USUAL = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "training-advisor" / "injected"
# What decides what a training gives: these, and what the first of them imports.
TRAINED_BY = ("training/loop.py", "config/data.py", "config/model.py", "config/optim.py", "config/train.py")
SECONDS = "cpu_seconds.txt"  # what a training cost, beside its run folder's files


@dataclass
class Cache:
    """A folder of finished trainings, and the processor seconds that were spent through it."""

    folder: Path = USUAL
    jobs: int = 1
    is_strict: bool = True  # False: a training by older code will do
    spent: float = 0.0  # by the trainings done now
    saved: float = 0.0  # by those found done
    _seen: set[str] = field(default_factory=set)

    def run(self, tree: Mapping[str, Any]) -> Path:
        """The run folder of a Config (paths start from `BASE`), trained now unless it has been."""
        self.prepare([tree])
        return self.place(tree)

    def log(self, loop: str, seed: int) -> Path:
        """The log.csv of a loop of one's own, trained now unless it has been."""
        from injected.loops import write_log

        file = self.folder / f"loop-{_digest(f'{_source_of_loops()} {loop} {seed}')}" / f"{loop}.csv"
        if not file.exists():
            began, hidden = time.process_time(), file.with_suffix(".under-way")
            file.parent.mkdir(parents=True, exist_ok=True)
            write_log(loop, seed, hidden)
            hidden.replace(file)
            self.spent += time.process_time() - began
        return file

    def prepare(self, trees: Iterable[Mapping[str, Any]]) -> None:
        """Trains what is missing of these Configs, each in a process of its own kind with one thread."""
        missing = []
        for tree in trees:
            place = self.place(tree)
            if place.name in self._seen:
                continue
            self._seen.add(place.name)
            if (place / SECONDS).exists():
                self.saved += float((place / SECONDS).read_text(encoding="utf-8"))
            else:
                missing.append((dict(tree), place))
        self.spent += sum(self._trained(missing))

    def place(self, tree: Mapping[str, Any]) -> Path:
        """Where the run folder of a Config is, or will be."""
        text = json.dumps(tree, sort_keys=True).replace(self.folder.as_posix(), "")  # the same wherever the cache lies
        key = _digest(text + _of_functions(tree))
        exact = self.folder / f"{key}-{_code()}"
        older = [] if self.is_strict or exact.exists() else sorted(self.folder.glob(f"{key}-*"))
        return older[-1] if older else exact

    def copy(self, folder: Path, place: Path) -> None:
        """Copies a run folder; its Config, which another checkout may have trained, names the functions of this one."""
        shutil.copytree(folder, place)
        _name_functions_here(place / "config.toml")

    def _trained(self, missing: list[tuple[dict[str, Any], Path]]) -> Iterator[float]:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.jobs == 1 or len(missing) < 2:
            yield from (_train(*each) for each in missing)
            return
        with ProcessPoolExecutor(self.jobs, get_context("spawn")) as pool:
            yield from pool.map(_train, *zip(*missing, strict=True))


def _train(tree: dict[str, Any], place: Path) -> float:
    """Trains one Config into `place`, and gives the processor seconds that it took."""
    from advisor.config import parse
    from advisor.training import train

    began = time.process_time()
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".under-way-") as hidden:
        # at the depth of its final place, so that relative paths in it stay true
        folder = train(parse(tree, BASE), Path(hidden) / "run").folder
        shutil.rmtree(folder / "resume", ignore_errors=True)
        seconds = time.process_time() - began
        (folder / SECONDS).write_text(f"{seconds:.3f}\n", encoding="utf-8")
        _name_functions_here(folder / "config.toml")
        if not place.exists():
            folder.rename(place)
    return seconds


def _name_functions_here(config: Path) -> None:
    """Names functions by their full path in this checkout: a Config names them as seen from its own folder, or from another checkout."""
    text = config.read_text(encoding="utf-8")
    for line in set(text.splitlines()):
        if ".py:" in line and '"' in line:
            given = line.split('"')[1]
            file = given.split("/")[-1]
            text = text.replace(given, f"{BASE.as_posix()}/{file}")
    config.write_text(text, encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _of_functions(tree: Mapping[str, Any]) -> str:
    """The source of what a Config names by function, and of nothing else in that file."""
    named = [text for section in tree.values() for text in section.values() if isinstance(text, str) and ".py:" in text]
    return "".join(_needed(*text.split(":")) for text in named)


@cache
def _source_of_loops() -> str:
    return ast.dump(_parsed(BASE / "loops.py")) + ast.dump(_parsed(BASE / "own.py"))


@cache
def _needed(file: str, name: str) -> str:
    """A function or class of a file of ours with all that it uses, as source without comments."""
    tops = _definitions(file)
    wanted, done = [name], dict[str, str]()
    while wanted:
        each = wanted.pop()
        if each in tops and each not in done:
            done[each] = ast.dump(tops[each])
            wanted += [node.id for node in ast.walk(tops[each]) if isinstance(node, ast.Name)]
    return "".join(done[each] for each in sorted(done))


@cache
def _definitions(file: str) -> dict[str, ast.stmt]:
    body = _parsed(BASE / file).body
    return {each.name: each for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef)}


@cache
def _code() -> str:
    """A digest of the code that trains, whatever its comments and docstrings say: all that the loop imports, and the Config's sections."""
    package = Path(advisor.__file__).parent
    wanted, seen = [package / name for name in TRAINED_BY], set[Path]()
    while wanted:
        path = wanted.pop()
        if path not in seen:
            seen.add(path)
            wanted += _imported(path, package)
    return _digest("".join(ast.dump(_bare(_parsed(path))) for path in sorted(seen)))[:8]


def _imported(path: Path, package: Path) -> list[Path]:
    """The modules of the room `training` that a file imports; what is found by name, such as data sources, all of them."""
    froms = [node for node in ast.walk(_parsed(path)) if isinstance(node, ast.ImportFrom)]
    named = [name for node in froms for name in (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names))]
    files = [package.parent / f"{name.replace('.', '/')}.py" for name in named if name.startswith("advisor.training.")]
    by_name = sorted(path.parent.glob("*.py")) if path.name == "base.py" else []
    return [each for each in (*files, *by_name) if each.exists()]


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _bare(module: ast.Module) -> ast.Module:
    """Without the texts that stand alone: docstrings and the pages of the Config's keys."""
    for node in ast.walk(module):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]  # type: ignore[attr-defined]
    return module
