"""The runs below a folder: of each place the best record, every record of that kind, and logs that carry a name of their own."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from advisor.readers.names import by_add_scalars
from advisor.readers.vocabulary import SPLITS

SKIPPED = frozenset({"__pycache__", "node_modules", "venv", "env", "site-packages", "resume", "media", "artifacts", "code", "tmp"})
LIKELY = (
    ".csv", ".tsv", ".txt", ".log", ".json", ".jsonl", ".out", ".err", ".db", ".wandb", ".gz", ".md", ".ndjson", ".tab", ".dat", ".ipynb",
)  # fmt: skip
PLAIN = frozenset({"log", "metrics", "history", "progress", "results"})  # names of logs without a suffix
DEEPEST = 12
MOST_FOLDERS = 20_000
# What stands in the name of a record that a tool writes beside others of the same training.
USUAL = frozenset({
    "all", "checkpoint", "config", "console", "data", "debug", "dev", "epoch", "epochs", "err", "error", "eval", "evaluation",
    "events", "history", "info", "iter", "json", "log", "logs", "loss", "losses", "metric", "metrics", "model", "nohup", "of", "out",
    "output", "progress", "result", "results", "run", "scalar", "scalars", "slurm", "state", "stats", "statistics", "std", "stderr",
    "stdout", "step", "steps", "summary", "test", "tfevents", "train", "trainer", "training", "val", "valid", "validation", "values",
})  # fmt: skip
# Formats of one place tell of the same training; the first of them in this list is read. Any other comes last.
ORDER = (
    "run-folder", "trainer-state", "wandb-file", "mlflow-run", "dvclive", "event-files", "sqlite-store",
    "table", "json-lines", "json-document", "mlflow-metric", "console-text",
)  # fmt: skip
LOOSE = frozenset({"event-files"})  # formats that take whatever folder their files lie in for one run; others may lie below it
CHECKPOINT = "checkpoint-"
STATE = "trainer_state.json"
SAME_AGAIN = "runs"  # where Hugging Face's Trainer writes event files of the training that its trainer_state.json tells of


def runs_below(folder: Path, format_of: Callable[[Path], str | None], is_run: Callable[[Path], bool]) -> Iterator[Path]:
    """The files and folders that hold runs, in order of their names; `format_of` names the format of a path.

    `is_run` is asked about the few files whose format alone would not have them read.
    """
    visited = 0
    nested: set[Path] = set()  # below event files; of another run are only further event files there
    for place, folders, files in os.walk(folder):
        visited += 1
        here = Path(place)
        if visited > MOST_FOLDERS:
            return
        folders[:] = sorted(name for name in folders if _entered(here, name, folder))
        kind = format_of(here)
        if kind in LOOSE or here in nested:
            folders[:] = [name for name in folders if not (kind in LOOSE and _is_sub_run(name))]
            nested.update(here / name for name in folders)
            if kind in LOOSE:
                yield here
            continue
        if kind and here != folder:
            folders[:] = []
            yield here
            continue
        newest = _newest_checkpoint(folders)
        folders[:] = [name for name in folders if not name.startswith(CHECKPOINT) or name == newest]
        found = _records(here, files, format_of, is_run)
        yield from found
        if any(path.name == STATE for path in found):
            folders[:] = [name for name in folders if not name.startswith(CHECKPOINT) and name != SAME_AGAIN]
        elif newest and newest in folders and format_of(here / newest / STATE) == "trainer-state":
            folders[:] = [name for name in folders if name != SAME_AGAIN]


def left_out(folder: Path) -> str:
    """What of a folder is searched, in words, where some of it is not; else empty."""
    for visited, (place, folders, _) in enumerate(os.walk(folder)):
        here = Path(place)
        if visited >= MOST_FOLDERS:
            return f"the first {MOST_FOLDERS} folders below it"
        if folders and len(here.relative_to(folder).parts) >= DEEPEST:
            return f"folders down to {DEEPEST} below it, and there are deeper ones"
        folders[:] = [name for name in folders if _entered(here, name, folder)]
    return ""


def _entered(here: Path, name: str, top: Path) -> bool:
    depth = len(here.relative_to(top).parts)
    return name not in SKIPPED and not name.startswith(".") and depth < DEEPEST and not (here / name).is_symlink()


def _is_sub_run(name: str) -> bool:
    """Whether event files in a folder of that name belong to the run above it."""
    return name.lower() in SPLITS or by_add_scalars(name)


def _newest_checkpoint(folders: list[str]) -> str | None:
    numbered = [(int(name.removeprefix(CHECKPOINT)), name) for name in folders if name.removeprefix(CHECKPOINT).isdigit()]
    return max(numbered)[1] if numbered else None


def named_runs(folder: Path, format_of: Callable[[Path], str | None], is_run: Callable[[Path], bool]) -> list[Path]:
    """The logs directly in a folder that are no event files and carry a name of their own."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name.lower().endswith(LIKELY))
    paths = [folder / name for name in names if _is_named(folder / name, set())]
    return [path for path in paths if format_of(path) not in {None, *LOOSE} and is_run(path)]


def _records(here: Path, files: list[str], format_of: Callable[[Path], str | None], is_run: Callable[[Path], bool]) -> list[Path]:
    likely = sorted(name for name in files if name.lower().endswith(LIKELY) or name in PLAIN or "tfevents" in name)
    formats = {here / name: kind for name in likely if (kind := format_of(here / name))}
    best = min(formats.values(), key=_place, default=None)
    told = {_stem(path) for path, kind in formats.items() if kind == best}
    return [path for path, kind in formats.items() if kind == best or (_is_named(path, told) and is_run(path))]


def _is_named(path: Path, told: set[str]) -> bool:
    """Whether a record is of a training of its own: its name is neither a usual one nor that of a better record beside it."""
    stem = _stem(path)
    return stem not in told and not USUAL.issuperset(re.findall(r"[a-z]+", stem))


def _stem(path: Path) -> str:
    return path.name.lower().split(".")[0]


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)
