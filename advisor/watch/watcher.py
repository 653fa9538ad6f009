"""`watch`: what `advisor train` records, from two lines in a loop of the user's own."""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from torch import nn
from torch.optim import Optimizer
from torch.utils.hooks import RemovableHandle

from advisor.findings import Finding
from advisor.outcome import to_json
from advisor.training.files import replace_text
from advisor.watch import arguments, endings, ranks
from advisor.watch.judging import Judge
from advisor.watch.layers import Steps
from advisor.watch.pace import Pace
from advisor.watch.recording import Recording, Status
from advisor.watch.strays import NO_STEP, OR_ELSE, ROWS_WITHOUT_STEP, Strays
from advisor.watch.telling import place, told, warn
from advisor.watch.values import IN_EPOCHS, IN_STEPS, Value, values, whole

T = TypeVar("T")


def watch(
    model: nn.Module,
    optimizer: Optimizer | Sequence[Optimizer],
    run_dir: str | Path,
    *,
    epochs: int | None = None,
    record_every: int | str = "auto",
    stop_on: str | Iterable[str] = (),
    quiet: bool = False,
) -> "Watcher":
    """Records a training loop into the run folder `run_dir`, by hooks alone; what is trained stays bit for bit the same.

        with advisor.watch(model, optimizer, "runs/mine", epochs=20) as watcher:
            ...
            watcher.log(train_loss=..., val_loss=...)   # an epoch's row

    Without `with` it watches as well, until `watcher.close()` or the end of the program.
    `record_every`: steps from one look into the layers to the next; "auto" takes the first 10, each 100th and the first of each epoch,
    and fewer where they would take more than a hundredth of the time. `stop_on`: rules that make `watcher.should_stop` true.
    `quiet`: findings are not printed. Where something is at `run_dir` already, the run goes to `run_dir-2`.
    Raises AdvisorError for arguments that make no sense; nothing else is raised: where the folder cannot be made, one warning says so.
    """
    arguments.check_epochs(epochs)
    options = arguments.options(run_dir, record_every=record_every, stop_on=stop_on, quiet=quiet)
    return watcher_of(arguments.watched(model, optimizer), options, epochs)


def watcher_of(watched: arguments.Watched, options: arguments.Options, epochs: int | None, steps_before: int = 0) -> "Watcher":
    """A Watcher with its new run folder; without one on other ranks than the first, and with a warning where none can be made."""
    watcher = Watcher(watched, Pace(options.every), options.stop_on)
    if not ranks.is_first():
        return watcher
    try:
        recording = Recording(options.folder, watched, epochs, steps_before)
    except Exception as reason:  # noqa: BLE001 - the rim: a disk that is full when a training begins must not end it
        warn(f"{told(reason)}; the training goes on without being recorded")
        return watcher
    watcher.record(recording, options.is_quiet)
    endings.remember(watcher)
    if watcher.path and watcher.path != options.folder:
        warn(f"{place(options.folder)} exists already: this run is recorded in {place(watcher.path)}")
    return watcher


class Watcher:
    """A loop that is watched, from now until `close` or the end of the context. On other ranks than the first it does nothing."""

    def __init__(self, watched: arguments.Watched, pace: Pace, stop_on: frozenset[str]) -> None:
        self._watched, self._pace, self._stop_on = watched, pace, stop_on
        self._recording: Recording | None = None
        self._judge: Judge | None = None
        self._steps, self._strays = Steps(watched, self._broken), Strays(watched)
        self._handles: list[RemovableHandle] = []
        self._depth = 0
        self._refused: set[str] = set()
        self._spent = 0.0  # seconds on the step in progress
        self._entered = 0.0  # when the hook in progress was

    def record(self, recording: Recording, quiet: bool) -> None:
        """Where to record from now on."""
        self._recording, self._judge = recording, Judge(recording.path, self._stop_on, quiet)
        self._safely(self._begin)

    @property
    def path(self) -> Path | None:
        """The run folder; None where nothing is recorded: on other ranks, after trouble and after the end."""
        return self._recording.path if self._recording else None

    # In the user's loop

    def log(self, figures: Mapping[str, Any] | None = None, /, *, step: Any = None, **named: Any) -> None:
        """Records figures: an epoch's row, or, with `step`, a row of the optimiser step that was just done.

        Other names than those of run.csv become columns. Tensors may be given as they are: those of steps are read many at once.
        `step` only says that it is a step's: what is counted are optimiser steps, as everywhere in the run folder.
        """
        if step is None:
            self._safely(self._log_epoch, figures, named)
        else:
            self._safely(self._log_step, figures, named, step)

    def findings(self) -> tuple[Finding, ...]:
        """What `advisor diagnose` says of the run so far."""
        return self._safely(self._find) or ()

    @property
    def should_stop(self) -> bool:
        """Whether a rule of `stop_on` has fired, judged at each epoch's row. With several processes all of them must ask."""
        mine = self._judge is not None and self._judge.should_stop
        try:
            return ranks.agreed(mine) if self._stop_on else False
        except Exception as reason:  # noqa: BLE001 - the rim: nothing is raised into the user's loop
            self._broken(reason)
            return mine

    # Around the user's loop

    def start(self) -> Self:
        """The same as entering the context: the recording goes on until it was closed as often."""
        self._depth += 1
        return self

    def close(self, status: Status = "done") -> None:
        """Ends the recording; the same as leaving the context."""
        self._depth = max(self._depth - 1, 0)
        if self._depth == 0:
            self.end(status)

    def end(self, status: Status = "done") -> None:
        """Ends the recording, however often it was started."""
        self._safely(self._finish, status)
        self.let_go()
        for handle in self._handles:
            handle.remove()
        self._handles = []
        endings.forget(self)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close(endings.status_of(kind))

    def __del__(self) -> None:
        self.end()  # the loop is gone and nobody closed it

    # What they do, each behind the rim

    def _begin(self, recording: Recording) -> None:
        for one in self._watched.optimizers:
            self._handles += [one.register_step_pre_hook(self._before), one.register_step_post_hook(self._after)]
        self._expect(recording)

    def _before(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if self._steps.is_begun or self._steps.is_due:  # else there is nothing to do yet
            self._safely(self._step_begins, optimizer, _has_closure(args, kwargs))

    def _after(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if not self._steps.is_passed_over:
            self._safely(self._step_ends, optimizer, self._steps.is_due and _has_closure(args, kwargs))
        elif self._pace.passed():
            self._safely(self._expect)

    def _step_begins(self, recording: Recording, optimizer: Optimizer, has_closure: bool) -> None:
        self._entered = time.perf_counter()
        if self._steps.is_over(optimizer):
            self._end_step(recording)
        self._steps.before(optimizer, has_closure)
        self._spent += time.perf_counter() - self._entered

    def _step_ends(self, recording: Recording, optimizer: Optimizer, has_closure: bool) -> None:
        self._entered = time.perf_counter()
        self._steps.after(optimizer, has_closure)
        if self._steps.is_over():
            self._end_step(recording)

    def _end_step(self, recording: Recording) -> None:
        is_recorded = self._steps.is_due
        rows = self._steps.end()
        if not self._pace.step:
            recording.begin_steps()
        if is_recorded:
            recording.add_layers(self._pace.step + 1, rows, self._lr, self._steps.grad_norm)
            if self._steps.is_blind:
                recording.miss("activations", arguments.COMPILED)
        left = time.perf_counter()
        self._pace.stepped(self._spent + self._steps.spent + left - self._entered if is_recorded else 0.0)
        self._spent, self._entered = 0.0, left
        self._expect(recording)

    def _expect(self, recording: Recording) -> None:
        if self._pace.is_next_due:
            began = time.perf_counter()
            self._steps.expect()
            self._spent += time.perf_counter() - began

    def _log_step(self, recording: Recording, figures: Any, named: Mapping[str, Any], step: Any) -> None:
        began = time.perf_counter()
        recording.add_step(self._pace.step or whole(step), self._values(figures, named, IN_STEPS))
        self._pace.logged(time.perf_counter() - began)

    def _log_epoch(self, recording: Recording, figures: Any, named: Mapping[str, Any]) -> None:
        began = time.perf_counter()
        row = recording.add_epoch(self._pace.step, self._values(figures, named, IN_EPOCHS), self._lr)
        self._pace.is_new_epoch = True
        self._pace.logged(time.perf_counter() - began)
        if not self._steps.is_due and not self._steps.is_begun:
            self._expect(recording)
        if recording.rows == ROWS_WITHOUT_STEP:
            self._miss_steps(recording)
        if stray := self._strays.told(self._pace.step):
            recording.note(stray)
            warn(f"{stray}; {OR_ELSE}")
        is_broken = any(isinstance(value, float) and not math.isfinite(value) for value in row.values())
        if self._judge and (is_broken or self._judge.is_due):
            self._write_findings(recording, self._judge)

    def _find(self, recording: Recording) -> tuple[Finding, ...]:
        recording.flush()
        report = self._judge.report() if self._judge else None
        return report.findings if report else ()

    def _finish(self, recording: Recording, status: Status) -> None:
        self._entered = time.perf_counter()
        if self._steps.is_begun:
            self._end_step(recording)
        recording.flush()
        if recording.rows < ROWS_WITHOUT_STEP:
            self._miss_steps(recording)
        recording.describe(status)
        if self._judge:
            self._write_findings(recording, self._judge)

    def _miss_steps(self, recording: Recording) -> None:
        """Says so where rows were logged and the optimisers never stepped."""
        if recording.rows and not self._pace.step:
            recording.miss("layers", NO_STEP)
            warn(f"{NO_STEP}; {OR_ELSE}")

    def _write_findings(self, recording: Recording, judge: Judge) -> None:
        if report := judge.judge():
            replace_text(recording.path / "findings.json", to_json([report]) + "\n")

    def _values(self, figures: Any, named: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Value]:
        is_named = figures is None or isinstance(figures, Mapping)
        found, refused = values({**figures, **named} if figures and is_named else named, renamed)
        if not is_named:
            refused.append(type(figures).__name__)
        if not refused:
            return found
        if new := [name for name in refused if name not in self._refused]:
            self._refused.update(new)
            warn(f"watcher.log: {', '.join(new)} is left out: give a number or a text by its name, such as train_loss=0.5")
        return found

    @property
    def _lr(self) -> Value:
        return values({"lr": self._watched.optimizers[0].param_groups[0].get("lr")}, {})[0].get("lr")

    # The rim

    def _safely(self, action: Callable[..., T], *given: Any) -> T | None:
        """Does something with the recording, if there is one; trouble ends the recording and nothing else."""
        if self._recording is None:
            return None
        try:
            return action(self._recording, *given)
        except Exception as reason:  # noqa: BLE001 - the rim: nothing is raised into the user's loop
            self._broken(reason)
            return None

    def _broken(self, reason: Exception) -> None:
        """One warning, then silence. The optimiser's hooks stay until the end: it may be calling them now."""
        if self._recording:
            warn(f"{place(self._recording.path)} is not recorded any further ({told(reason)}); the training goes on")
        self.let_go()

    def let_go(self) -> None:
        """Records nothing any further, and writes nothing more."""
        recording, self._recording = self._recording, None
        self._steps.cancel()
        if recording:
            with suppress(Exception):
                recording.close()


def _has_closure(args: Any, kwargs: Mapping[str, Any]) -> bool:
    """Whether an optimiser computes gradients within its step; `args` begins with the optimiser."""
    return any(callable(given) for given in (*args[1:], kwargs.get("closure")))
