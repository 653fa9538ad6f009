"""Hugging Face: `Trainer(..., callbacks=[AdvisorCallback("runs/mine")])`."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from advisor.integrations._beginning import begun, library
from advisor.watch.arguments import options, watched
from advisor.watch.watcher import Watcher

TrainerCallback: Any = library("transformers", "transformers").TrainerCallback

ROWS = 200  # at most, where nothing is evaluated: enough for a curve
NAMES = {"eval_loss": "val_loss", "eval_accuracy": "val_accuracy"}
SET = re.compile(r"eval_(.+)_runtime")  # of several evaluation sets, each is evaluated by itself
NOT_LEARNED = ("_runtime", "_per_second", "_time")  # how fast it was evaluated


class AdvisorCallback(TrainerCallback):
    """Records a Trainer's training into the run folder `run_dir`; the other arguments are those of `advisor.watch`.

    A row for every evaluation, with the mean of the losses that were logged since the last one; where nothing is evaluated a row of what
    was logged. `epoch` is the Trainer's own, with its fraction. Of several evaluation sets the first is the one that is judged. A rule of
    `stop_on` that fires sets `control.should_training_stop`.
    Raises AdvisorError for arguments that make no sense; during training nothing is raised.
    """

    def __init__(
        self, run_dir: str | Path, *, record_every: int | str = "auto", stop_on: str | Iterable[str] = (), quiet: bool = False
    ) -> None:
        super().__init__()
        self._options = options(run_dir, record_every=record_every, stop_on=stop_on, quiet=quiet)
        self._watcher: Watcher | None = None
        self._row: dict[str, Any] = {}  # the next row, as far as it is known
        self._losses: list[float] = []  # since the latest row
        self._latest = 0  # step of the latest row
        self._main = ""  # of several evaluation sets the first, whose loss is the validation loss

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Begins to watch, once the optimizer is there."""
        if self._watcher:  # a training before this one failed
            self._watcher.close("failed")
        planned = math.ceil(args.num_train_epochs) if args.max_steps <= 0 else None
        self._row, self._losses, self._latest, self._main = {}, [], state.global_step, ""
        self._watcher = begun(lambda: watched(kwargs.get("model"), kwargs.get("optimizer")), self._options, planned, state.global_step)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        """A row of the step, with the mean loss since the last log."""
        figures = {name: logs[name] for name in ("loss", "grad_norm") if name in (logs or {})}
        if not self._watcher or "loss" not in figures:
            return
        self._losses.append(float(figures["loss"]))
        self._watcher.log(figures, step=state.global_step)
        if (
            str(getattr(args.eval_strategy, "value", args.eval_strategy)) == "no"
            and state.global_step - self._latest >= state.max_steps / ROWS
        ):
            self._prepare(state, {})

    def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Any = None, **kwargs: Any) -> None:
        """The figures of an evaluation; those of several sets at the same step become one row."""
        if self._watcher:
            self._prepare(state, self._figures(metrics or {}))

    def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Writes the row of what was evaluated since the last step."""
        self._write(control)

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Ends the recording."""
        self._write(control)
        watcher, self._watcher = self._watcher, None
        if watcher:
            watcher.close()

    def _prepare(self, state: Any, figures: Mapping[str, Any]) -> None:
        trained = {"train_loss": sum(self._losses) / len(self._losses)} if self._losses else {}
        self._row = {**self._row, "epoch": round(float(state.epoch or 0), 6), **trained, **figures}
        self._losses, self._latest = [], state.global_step

    def _write(self, control: Any) -> None:
        row, self._row = self._row, {}
        if self._watcher and row:
            self._watcher.log(row)
            control.should_training_stop = control.should_training_stop or self._watcher.should_stop

    def _figures(self, metrics: Mapping[str, Any]) -> dict[str, Any]:
        names = NAMES
        if found := next((match for match in map(SET.fullmatch, metrics) if match), None):
            self._main = self._main or found[1]
            names = {f"eval_{found[1]}_loss": f"val_loss:{found[1]}"}
            if found[1] == self._main:
                names = {name.replace("eval", f"eval_{self._main}"): role for name, role in NAMES.items()}
        return {names.get(name, name): value for name, value in metrics.items() if name != "epoch" and not name.endswith(NOT_LEARNED)}
