"""The training loop, from top to bottom: config, data, model, loop.

Everything that is random follows the Config's seeds, so the same Config repeats run.csv byte for byte on the CPU.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from advisor.config import Config
from advisor.training.batches import Batch
from advisor.training.document import Document, new_document, now
from advisor.training.events import Ended, EpochDone, Listener, Started, StepDone, StopTraining, ignore
from advisor.training.files import Cell
from advisor.training.folder import RunFolder, load_checkpoint, run_columns
from advisor.training.measures import held_out, measured, scores
from advisor.training.optimizers import clip_gradients
from advisor.training.probes import probe
from advisor.training.progress import Progress, checkpoint, restore
from advisor.training.recorder import Recorder, is_due
from advisor.training.repeatable import repeatable
from advisor.training.setup import Setup, set_up
from advisor.training.steplog import Step, StepLog

Status = Literal["done", "stopped", "failed"]


@dataclass(frozen=True)
class TrainingResult:
    """Where a training was recorded, how it ended, and its id for others to name as their parent."""

    folder: Path
    status: Status
    run_id: str
    epoch: int | None  # the result's; None where no epoch was completed


def train(
    config: Config, folder: Path, *, listener: Listener = ignore, parent: str | None = None, until: int | None = None
) -> TrainingResult:
    """Trains what `config` says and records it in `folder`, which must not exist yet.

    `parent` is the id of the run that this one is a changed copy of. `until` stops it after so many epochs, for `resume` to go on with.
    Raises AdvisorError where config, data or folder do not allow it.
    """
    with repeatable(config):
        setup = set_up(config)
        document = new_document(setup, probe(setup), parent)
        with RunFolder.create(folder, config, setup.data.task, document) as out:
            out.save_checkpoint(checkpoint(setup, Progress()))
            return Training(setup, Progress(), out, listener).run(document, until)


class Training:
    """One run in progress: its network, how far it has come, and where it is recorded."""

    def __init__(self, setup: Setup, progress: Progress, out: RunFolder, listener: Listener) -> None:
        self.setup, self.progress, self.out, self.listener = setup, progress, out, listener
        self.recorder = Recorder(setup.model)
        self.parameters = setup.trainable
        self.lr = 0.0
        self.began = time.perf_counter() - progress.seconds

    def run(self, document: Document, until: int | None = None) -> TrainingResult:
        """All epochs that are left, or as far as `until`; Ctrl-C ends them with the last whole one."""
        setup, config = self.setup, self.setup.config
        status: Status = "done"
        try:
            self.listener(self.started(document))
            while not self.progress.is_over(config) and (until is None or self.progress.epoch < until):
                self.epoch()
            status = "done" if self.progress.is_over(config) else "stopped"
        except StopTraining as reason:
            status, document = "stopped", {**document, "hopeless": str(reason)}
        except KeyboardInterrupt:
            status = "stopped"
            self.recorder.cancel()
            self.progress = restore(setup, load_checkpoint(self.out.path))
            self.out.rewind(self.progress.epoch)
        if self.progress.failed:
            status = "failed"
        epoch = self.finish(document, status)
        return TrainingResult(self.out.path, status, document["id"], epoch)

    def started(self, document: Document) -> Started:
        """What is known before the first step."""
        setup, probes = self.setup, document.get("facts", {}).get("probes", {})
        return Started(self.out.path, self.progress.epoch, setup.config.train.epochs, len(setup.batches), setup.notes, probes)

    def epoch(self) -> None:
        """One pass over the training part, one over the validation part, one row."""
        setup, data, number = self.setup, self.setup.data, self.progress.epoch + 1
        steps, outputs, targets = StepLog(self.out), [], []
        for batch in setup.batches:
            outputs.append(self.step(batch, number, steps))
            targets.append(batch.y)
            self.listener(StepDone(self.progress.step))
        steps.flush()
        figures = steps.means()
        figures |= scores("train", data.task, setup.loss.predict(torch.cat(outputs)), torch.cat(targets))
        figures |= measured(setup.model, setup.loss, held_out(data, "val"), data.task)
        figures |= {"epoch": number, "step": self.progress.step, "lr": self.lr, "seconds": self.seconds}
        setup.schedule.end_epoch(float(figures.get("val_loss", figures["train_loss"]) or 0.0))
        self.keep({name: figures.get(name) for name in run_columns(data.task)})

    def step(self, batch: Batch, epoch: int, steps: StepLog) -> Tensor:
        """One optimiser step, recorded by layer where that is due; the outputs it came from."""
        setup, config = self.setup, self.setup.config
        self.progress.step += 1
        if is_recorded := is_due(self.progress.step, len(setup.batches), config.train.record_every):
            self.recorder.begin()
        outputs: Tensor = setup.model(batch.x)
        loss = setup.loss(outputs, batch.y)
        setup.optimizer.zero_grad()
        torch.autograd.backward(loss)
        if is_recorded:
            self.recorder.after_backward()
        grad_norm = clip_gradients(self.parameters, config.optim.clip_norm)
        self.lr = setup.optimizer.param_groups[0]["lr"]
        setup.optimizer.step()
        setup.schedule.step()
        steps.add(Step(self.progress.step, epoch, self.lr, len(batch.y), loss.detach(), grad_norm))
        if is_recorded:
            at: dict[str, Cell] = {"step": self.progress.step, "epoch": epoch}
            steps.add_layers(at | row for row in self.recorder.end())
        return outputs.detach()

    def keep(self, row: dict[str, Cell]) -> None:
        """Makes a finished epoch last: first its row, then the checkpoint to go on from."""
        self.out.add_epoch(row)
        self.progress.end_epoch(row, self.setup)
        self.out.save_checkpoint(checkpoint(self.setup, self.progress))
        self.listener(EpochDone(row))

    def finish(self, document: Document, status: Status) -> int | None:
        """Writes the result: the last epoch, or under early stopping the best one. Returns its number."""
        setup, progress = self.setup, self.progress
        result: Document | None = None
        if progress.row:
            if progress.best_weights is not None:
                setup.model.load_state_dict(progress.best_weights)
            test = measured(setup.model, setup.loss, held_out(setup.data, "test"), setup.data.task)
            result = {"epoch": progress.row["epoch"], "step": progress.row["step"], **progress.figures, **test}
            self.out.save_weights(setup.model)
        self.out.describe({**document, "status": status, "result": result, "ended": now(), "seconds": self.seconds})
        epoch = result["epoch"] if result else None
        self.listener(Ended(status, epoch))
        return epoch

    @property
    def seconds(self) -> float:
        """Since the run began, stops left out."""
        return round(time.perf_counter() - self.began, 3)
