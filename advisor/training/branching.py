"""A run that goes on from the best epoch of another one, with a Config that trains the same network in another way."""

import shutil
from pathlib import Path
from typing import Any

from advisor.config import Config
from advisor.errors import RunFolderError
from advisor.training.beginning import keeping_config
from advisor.training.document import Document, new_document
from advisor.training.events import Listener, ignore
from advisor.training.folder import CHECKPOINT, RunFolder, load_document, load_state
from advisor.training.loop import Training, TrainingResult
from advisor.training.probes import probe
from advisor.training.progress import Progress, checkpoint, restore
from advisor.training.repeatable import repeatable
from advisor.training.setup import Setup, set_up

BEST = Path("resume") / "best.pt"  # a checkpoint of the best epoch so far, where somebody keeps one
LOGS = ("run.csv", "steps.csv", "layers.csv")


def keep_best(folder: Path) -> None:
    """Takes the checkpoint of the last epoch for that of the best one."""
    temporary = (folder / BEST).with_suffix(".new")
    shutil.copyfile(folder / "resume" / "checkpoint.pt", temporary)
    temporary.replace(folder / BEST)


def is_torn(folder: Path) -> bool:
    """Whether a branch was killed before it had all that it takes over from its source; `branch` makes it whole."""
    return "start" in load_document(folder) and not (folder / CHECKPOINT).exists()


def branch(source: Path, config: Config, folder: Path, *, listener: Listener = ignore, parent: str | None = None) -> TrainingResult:
    """Trains `config` in `folder` from where `source` was at its best; rows up to there are taken over.

    The optimiser starts with empty moments, a schedule where it would stand by now. Raises AdvisorError where the weights do not fit.
    """
    with repeatable(config):
        setup = set_up(config)
        state = load_state(source / BEST)
        is_begun = folder.exists() and is_torn(folder)
        document = load_document(folder) if is_begun else _described(setup, state, source, parent)
        progress = _moved(setup, state, source)
        if not is_begun:
            RunFolder.create(folder, config, setup.data.task, document).close()
        for name in LOGS:
            shutil.copyfile(source / name, folder / name)
        with RunFolder.reopen(folder, setup.data.task, progress.epoch, progress.step) as out:
            out.save_checkpoint(checkpoint(setup, progress))
            return Training(setup, progress, out, keeping_config(listener)).run(document)


def _described(setup: Setup, state: dict[str, Any], source: Path, parent: str | None) -> Document:
    """The run.json of a branch that begins; measured before the weights move in."""
    return {**new_document(setup, probe(setup), parent), "start": {"run": str(source), "epoch": state["progress"]["epoch"]}}


def _moved(setup: Setup, state: dict[str, Any], source: Path) -> Progress:
    """Puts weights, batches and random numbers back, but neither the optimiser's moments nor the schedule's cuts."""
    fresh = checkpoint(setup, Progress())
    schedule = {**fresh["schedule"], "taken": state["schedule"]["taken"]}
    try:
        return restore(setup, {**state, "optimizer": fresh["optimizer"], "schedule": schedule})
    except RuntimeError:
        raise RunFolderError(f"{source}: its weights do not fit the changed network; train from the beginning") from None
