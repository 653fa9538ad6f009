"""The runs below a folder: of each place the best record, and every record of that kind."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

SKIPPED = frozenset({"__pycache__", "node_modules", "venv", "env", "site-packages", "resume", "media", "artifacts", "code", "tmp"})
LIKELY = (
    ".csv",
    ".tsv",
    ".txt",
    ".log",
    ".json",
    ".jsonl",
    ".out",
    ".err",
    ".db",
    ".wandb",
    ".gz",
    ".md",
    ".ndjson",
    ".tab",
    ".dat",
    ".ipynb",
)
PLAIN = frozenset({"log", "metrics", "history", "progress", "results"})  # names of logs without a suffix
DEEPEST = 12
MOST_FOLDERS = 20_000
# Formats of one place tell of the same training; the first of them in this list is read. Any other comes last.
ORDER = (
    "run-folder", "trainer-state", "wandb-file", "mlflow-run", "dvclive", "event-files", "sqlite-store",
    "table", "json-lines", "json-document", "mlflow-metric", "console-text",
)  # fmt: skip
CHECKPOINT = "checkpoint-"


def runs_below(folder: Path, format_of: Callable[[Path], str | None]) -> Iterator[Path]:
    """The files and folders that hold runs, in order of their names; `format_of` names the format of a path."""
    visited = 0
    for place, folders, files in os.walk(folder):
        visited += 1
        here = Path(place)
        if visited > MOST_FOLDERS:
            return
        folders[:] = sorted(name for name in folders if _entered(here, name, folder))
        if here != folder and format_of(here):
            folders[:] = []
            yield here
            continue
        newest = _newest_checkpoint(folders)
        folders[:] = [name for name in folders if not name.startswith(CHECKPOINT) or name == newest]
        found = list(_best(here, files, format_of))
        yield from found
        if any(path.name == "trainer_state.json" for path in found):
            folders[:] = [name for name in folders if not name.startswith(CHECKPOINT)]


def _entered(here: Path, name: str, top: Path) -> bool:
    depth = len(here.relative_to(top).parts)
    return name not in SKIPPED and not name.startswith(".") and depth < DEEPEST and not (here / name).is_symlink()


def _newest_checkpoint(folders: list[str]) -> str | None:
    numbered = [(int(name.removeprefix(CHECKPOINT)), name) for name in folders if name.removeprefix(CHECKPOINT).isdigit()]
    return max(numbered)[1] if numbered else None


def _best(here: Path, files: list[str], format_of: Callable[[Path], str | None]) -> Iterator[Path]:
    likely = sorted(name for name in files if name.lower().endswith(LIKELY) or name in PLAIN or "tfevents" in name)
    formats = {here / name: kind for name in likely if (kind := format_of(here / name))}
    best = min(formats.values(), key=_place, default=None)
    return (path for path, kind in formats.items() if kind == best)


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)
