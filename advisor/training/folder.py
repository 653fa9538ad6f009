"""A run folder, as the training writes it: config.toml, run.csv, steps.csv, layers.csv, run.json, model.safetensors, resume/.

Rows are appended whole, everything else is replaced at once, so that a kill at any moment leaves a readable run.
"""

import io
import json
import os
import pickle
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Any, Self

import torch
from safetensors import SafetensorError
from safetensors.torch import load_model, save
from torch import Tensor, nn

from advisor.config import Config, write
from advisor.config.naming import taken
from advisor.errors import RunFolderError
from advisor.lock import hold
from advisor.outcome import strict
from advisor.training.files import Cell, RowLog, keep_rows, replace, replace_text

Row = Mapping[str, Cell]

SCORES = {
    "classification": ("train_accuracy", "val_accuracy", "val_balanced_accuracy"),
    "regression": ("train_r2", "val_r2"),
}
STEP_COLUMNS = ("step", "epoch", "loss", "grad_norm", "lr")
LAYER_COLUMNS = (
    "step", "epoch", "layer", "kind",
    "grad_norm", "weight_norm", "update_ratio", "zero_share", "saturated_share", "activation_std",
)  # fmt: skip
CHECKPOINT = Path("resume") / "checkpoint.pt"
WEIGHTS = "model.safetensors"


def run_columns(task: str) -> tuple[str, ...]:
    """The columns of run.csv for a task."""
    return ("epoch", "step", "train_loss", "val_loss", *SCORES[task], "lr", "grad_norm", "seconds")


class RunFolder:
    """An open run folder, held by this process until it is closed."""

    def __init__(self, path: Path, task: str, lock: IO[bytes]) -> None:
        self.path = path
        with ExitStack() as opened:
            opened.enter_context(lock)
            self._epochs = opened.enter_context(closing(RowLog(path / "run.csv", run_columns(task))))
            self._steps = opened.enter_context(closing(RowLog(path / "steps.csv", STEP_COLUMNS)))
            self._layers = opened.enter_context(closing(RowLog(path / "layers.csv", LAYER_COLUMNS)))
            self._opened = opened.pop_all()

    @classmethod
    def create(cls, path: Path, config: Config, task: str, document: Mapping[str, Any]) -> Self:
        """A new folder that holds its Config and its run.json from the first moment. Raises RunFolderError where `path` exists."""
        if path.exists():
            raise taken(path)
        _appear(path, config, document)
        with ExitStack() as held:
            made = cls(path, task, held.enter_context(hold(path)))
            held.pop_all()
        return made

    @classmethod
    def reopen(cls, path: Path, task: str, epoch: int, step: int) -> Self:
        """A folder to go on with after a stop; rows beyond `epoch` and `step` are dropped.

        Raises RunFolderError where another process records.
        """
        with ExitStack() as held:
            lock = held.enter_context(hold(path))
            keep_rows(path / "run.csv", "epoch", epoch)
            for name in ("steps.csv", "layers.csv"):
                keep_rows(path / name, "step", step)
            made = cls(path, task, lock)
            held.pop_all()
        return made

    def add_epoch(self, row: Row) -> None:
        """Adds a row to run.csv."""
        self._epochs.append([row])

    def add_steps(self, rows: Iterable[Row]) -> None:
        """Adds rows to steps.csv."""
        self._steps.append(rows)

    def add_layers(self, rows: Iterable[Row]) -> None:
        """Adds rows to layers.csv."""
        self._layers.append(rows)

    def rewind(self, epoch: int) -> None:
        """Drops the rows of run.csv beyond `epoch`."""
        self._epochs.close()
        keep_rows(self._epochs.path, "epoch", epoch)
        self._epochs = RowLog(self._epochs.path, self._epochs.columns)

    def describe(self, document: Mapping[str, Any]) -> None:
        """Replaces run.json."""
        save_document(self.path, document)

    def save_weights(self, model: nn.Module) -> None:
        """Replaces model.safetensors."""
        data = save(_without_duplicates(model.state_dict()))
        replace(self.path / WEIGHTS, lambda temporary: temporary.write_bytes(data))

    def save_checkpoint(self, state: Mapping[str, Any]) -> None:
        """Replaces what `--resume` goes on from."""
        buffer = io.BytesIO()
        torch.save(dict(state), buffer)
        replace(self.path / CHECKPOINT, lambda temporary: temporary.write_bytes(buffer.getvalue()))

    def close(self) -> None:
        """Lets go of the folder, for others to write."""
        self._epochs.close()
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _appear(path: Path, config: Config, document: Mapping[str, Any]) -> None:
    """Makes a run folder out of sight and moves it to `path` when it is whole: a kill leaves all of it there, or nothing."""
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        hidden.mkdir(parents=True, exist_ok=True)
        save_config(hidden, config)
        save_document(hidden, document)
        hidden.rename(path)
    except (OSError, RunFolderError) as refusal:
        shutil.rmtree(hidden, ignore_errors=True)
        if path.exists():
            raise taken(path) from None
        cause = refusal if isinstance(refusal, OSError) else refusal.__context__
        reason = getattr(cause, "strerror", refusal)
        raise RunFolderError(f"{path}: cannot be made ({reason}); choose another --run-dir or --name") from None


def save_document(path: Path, document: Mapping[str, Any]) -> None:
    """Replaces the run.json of a run folder."""
    text = json.dumps(strict(document), indent=2, allow_nan=False, ensure_ascii=False)
    replace_text(path / "run.json", text + "\n")


def save_config(path: Path, config: Config) -> None:
    """Replaces the config.toml of a run folder; the paths in it stay true."""
    replace(path / "config.toml", lambda temporary: write(config, temporary))


def _without_duplicates(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Each tensor once: a weight that two layers share is stored under its first name, as safetensors expects."""
    seen: set[object] = set()
    kept = {}
    for name, tensor in state.items():
        place = (tensor.data_ptr(), tensor.shape, tensor.stride()) if tensor.numel() else name
        if place not in seen:
            kept[name] = tensor.detach().clone(memory_format=torch.contiguous_format)
        seen.add(place)
    return kept


def load_weights(path: Path, model: nn.Module) -> None:
    """Puts the result of a run folder into `model`."""
    file = path / WEIGHTS
    try:
        load_model(model, str(file))
    except (OSError, RuntimeError, ValueError, SafetensorError) as reason:
        raise RunFolderError(f"{file}: cannot be read into the model of config.toml ({_first_line(reason)}); train it again") from None


def load_checkpoint(path: Path) -> dict[str, Any]:
    """What a run can go on from. Raises RunFolderError where there is none."""
    return load_state(path / CHECKPOINT)


def load_state(file: Path) -> dict[str, Any]:
    """A checkpoint. Raises RunFolderError where there is none."""
    try:
        state: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as reason:
        raise RunFolderError(f"{file}: no checkpoint to go on from ({_first_line(reason)}); start a new run") from None
    return state


def load_document(path: Path) -> dict[str, Any]:
    """The run.json of a run folder. Raises RunFolderError where it is none."""
    file = path / "run.json"
    if not file.exists():
        raise RunFolderError(
            f"{path}: found no {'run.json in it' if path.is_dir() else 'such folder'}, expected a run folder of `advisor train`"
        )
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise RunFolderError(f"{file}: cannot be read ({_first_line(reason)}), expected a run folder of `advisor train`") from None
    if not isinstance(document, dict):
        raise RunFolderError(f"{file}: holds no table, expected a run folder of `advisor train`")
    return document


def _first_line(reason: Exception) -> str:
    text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    return text.partition("\n")[0][:200]
