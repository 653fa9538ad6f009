"""Lightning: `Trainer(callbacks=[AdvisorCallback("runs/mine")])`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from advisor.integrations._beginning import begun, library
from advisor.watch.arguments import options, watched
from advisor.watch.watcher import Watcher

# Both names of the library are in use, each with a class of its own: whichever the script has imported.
_NAME = "pytorch_lightning" if "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules else "lightning.pytorch"
Callback: Any = library(_NAME, "lightning").Callback


class AdvisorCallback(Callback):
    """Records a Lightning training into the run folder `run_dir`; the other arguments are those of `advisor.watch`.

    A row of each epoch holds what the module logged (`callback_metrics`), a row of each step its loss. A rule of `stop_on` that fires
    sets `trainer.should_stop`. Raises AdvisorError for arguments that make no sense; during training nothing is raised.
    """

    def __init__(
        self, run_dir: str | Path, *, record_every: int | str = "auto", stop_on: str | Iterable[str] = (), quiet: bool = False
    ) -> None:
        super().__init__()
        self._options = options(run_dir, record_every=record_every, stop_on=stop_on, quiet=quiet)
        self._watcher: Watcher | None = None
        self._losses: list[Any] = []  # of the batches since the latest step
        self._step = 0  # the latest one, as Lightning counts

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Begins to watch, once the optimisers are there."""
        self._losses, self._step = [], trainer.global_step
        planned = trainer.max_epochs if trainer.max_epochs and trainer.max_epochs > 0 else None
        self._watcher = begun(lambda: watched(pl_module, list(trainer.optimizers)), self._options, planned, _steps(trainer))

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        """A row of the step that was just done, if one was: with its loss, the mean over batches whose gradients it adds up."""
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        if not self._watcher or loss is None:
            return
        self._losses.append(loss)
        if trainer.global_step != self._step:
            losses, self._losses, self._step = self._losses, [], trainer.global_step
            # Lightning divides each by the number of batches that it adds up.
            one = losses[0] if len(losses) == 1 else sum(losses) / len(losses)
            self._watcher.log(step=self._step, loss=one * trainer.accumulate_grad_batches if trainer.accumulate_grad_batches > 1 else one)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """A row of the epoch, validation included: it ran within the epoch."""
        if not self._watcher:
            return
        figures = {name: value for name, value in trainer.callback_metrics.items() if not name.endswith("_step")}
        self._watcher.log({**figures, "epoch": trainer.current_epoch + 1})
        if self._watcher.should_stop:
            trainer.should_stop = True

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Ends the recording."""
        self._close("done")

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Ends the recording of a training that failed or was interrupted."""
        self._close("failed" if isinstance(exception, Exception) else "stopped")

    def _close(self, status: Any) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher:
            watcher.close(status)


def _steps(trainer: Any) -> int:
    """Steps done before, all optimisers once in each: Lightning counts those of every optimiser."""
    return int(trainer.global_step) // max(len(trainer.optimizers), 1)
