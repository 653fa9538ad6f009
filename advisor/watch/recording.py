"""What is written of a watched loop: rows of steps and epochs as they come, and run.json."""

import math
import os
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import torch

from advisor.training.document import Document, now, versions
from advisor.training.files import Cell
from advisor.watch.arguments import Watched
from advisor.watch.folder import WatchFolder
from advisor.watch.values import Value, cells, mean

Status = Literal["running", "done", "stopped", "failed"]
WAITING = 50  # steps that may wait to be written: what a kill can cost at most
AS_STEPPED = "grad_norm is what the optimizer stepped with: after your own clipping and unscaling, unless you log another"


class Recording:
    """An open run folder and how far its run has come."""

    def __init__(self, run_dir: Path, watched: Watched, epochs: int | None, steps_before: int = 0) -> None:
        self._document = _document(watched, epochs)
        self._folder = WatchFolder(run_dir, self._document)
        self.path = self._folder.path
        self._steps_before = steps_before  # that were done in an earlier run, which this one goes on from
        self.epoch = 0  # of the latest row
        self.rows = 0  # of epochs
        self._shift = 0  # what is added to the user's own numbers of epochs
        self._began = time.perf_counter()
        self._waiting: dict[int, dict[str, Value]] = {}  # by step
        self._written: tuple[int, frozenset[str]] = (0, frozenset())  # the latest step, and what is written of it
        self._grad_norms: list[float] = []  # since the latest epoch's row
        self._lr: Value = None

    def add_step(self, step: int, row: Mapping[str, Value]) -> None:
        """Takes in what is known of a step; what is told of it later comes into the same row.

        What is told again after the row was written is of batches whose gradients the next step adds up.
        """
        if step and step == self._written[0] and self._written[1].issuperset(row):
            return
        waiting = self._waiting.get(step)
        if waiting is None:
            if len(self._waiting) >= WAITING:
                self.flush()
            waiting = self._waiting[step] = {"step": self._steps_before + step, "epoch": self.epoch + 1}
        waiting.update(row)

    def begin_steps(self) -> None:
        """The first step is done: rows that were numbered by the user before it are none of steps."""
        self._waiting = {step: row for step, row in self._waiting.items() if not step}

    def add_layers(self, step: int, rows: Sequence[Mapping[str, Cell]], lr: Value, grad_norm: float | None) -> None:
        """Takes in a recorded step."""
        self._lr = lr
        self.add_step(step, {"grad_norm": grad_norm, "lr": lr})
        self._folder.add_layers([{"step": self._steps_before + step, "epoch": self.epoch + 1, **row} for row in rows])

    def add_epoch(self, step: int, figures: Mapping[str, Value], lr: Value) -> dict[str, Cell]:
        """Writes what waits and the row of an epoch; returns the row."""
        self.flush()
        at: dict[str, Value] = {
            "epoch": self.epoch + 1,
            "step": self._steps_before + step,
            "lr": lr,
            "grad_norm": mean(self._grad_norms),
            "seconds": self.seconds,
        }
        row = cells([{**at, **figures}])[0]
        row["epoch"] = number = self._number(row["epoch"], step)
        self._folder.add_epoch(row)
        self.epoch, self.rows = int(number), self.rows + 1
        self._grad_norms = []
        self._document["result"] = {name: value for name, value in row.items() if name != "seconds"}
        return row

    def _number(self, given: Cell, step: int) -> float:
        """An epoch as it is counted here, from 1: from 0 where a first epoch that was trained in is called so."""
        if not isinstance(given, (int, float)) or not math.isfinite(given):
            return self.epoch + 1
        if not self.rows and given == 0 and step:
            self._shift = 1
        return given + self._shift

    def flush(self) -> None:
        """Writes the steps that wait."""
        if self._waiting:
            latest = max(self._waiting)
            self._written = latest, frozenset(self._waiting[latest])
        rows, self._waiting = list(self._waiting.values()), {}
        written = cells(rows)
        self._grad_norms += [norm for row in written if isinstance(norm := row.get("grad_norm"), float)]
        self._folder.add_steps(written)

    def describe(self, status: Status) -> None:
        """Writes run.json."""
        ended = {} if status == "running" else {"ended": now(), "seconds": self.seconds}
        self._document |= {"status": status, **ended}
        self._folder.describe(self._document)

    def miss(self, what: str, reason: str) -> None:
        """Notes what turned out not to be seen, and why."""
        if what in self._document["unseen"]:
            return
        self._document["unseen"][what] = reason
        self.note(reason)

    def note(self, text: str) -> None:
        """Writes a remark on what is recorded."""
        self._document["notes"].append(text)
        self.describe("running")

    def close(self) -> None:
        """Lets go of the folder."""
        self._folder.close()

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return round(time.perf_counter() - self._began, 3)


def _document(watched: Watched, epochs: int | None) -> Document:
    parameters = list(watched.model.parameters())
    sizes = {} if "layers" in watched.unseen else _sizes(parameters)
    notes: Iterable[str] = (AS_STEPPED, *watched.unseen.values())
    return {
        "id": uuid.uuid4().hex[:12],
        "parent": None,
        "status": "running",
        "pid": os.getpid(),
        "result": None,
        "facts": sizes | dict(watched.facts) | ({"epochs_planned": epochs} if epochs else {}),
        "versions": versions(),
        "seeds": {},
        "threads": torch.get_num_threads(),
        "device": parameters[0].device.type if parameters else "cpu",
        "started": now(),
        "ended": None,
        "seconds": None,
        "unseen": dict(watched.unseen),
        "notes": list(notes),
    }


def _sizes(parameters: Sequence[torch.nn.Parameter]) -> Document:
    known = [parameter for parameter in parameters if not torch.nn.parameter.is_lazy(parameter)]
    if len(known) < len(parameters):
        return {}
    return {
        "parameters": sum(parameter.numel() for parameter in known),
        "trainable_parameters": sum(parameter.numel() for parameter in known if parameter.requires_grad),
    }
