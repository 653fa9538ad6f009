"""Going on with a run that was stopped, killed or has too few epochs."""

import csv
from pathlib import Path
from typing import Any

from advisor.as_trained import EPOCHS, check_as_trained
from advisor.config import Config, load, parse
from advisor.errors import RunFolderError
from advisor.training.beginning import keeping_config
from advisor.training.document import Document, going_on, new_document
from advisor.training.events import Listener, ignore
from advisor.training.folder import CHECKPOINT, RunFolder, load_checkpoint, load_document, save_config
from advisor.training.loop import Training, TrainingResult
from advisor.training.probes import probe
from advisor.training.progress import Progress, restore
from advisor.training.repeatable import repeatable
from advisor.training.setup import Setup, set_up


def resume(folder: Path, epochs: int | None = None, *, listener: Listener = ignore, until: int | None = None) -> TrainingResult:
    """Goes on with a run, with its own Config; only the number of epochs may be raised. `until` stops it after so many.

    Ends with the weights of a run that was never stopped. Raises AdvisorError where there is nothing to go on with.
    """
    config = _with_epochs(_config_of(folder), epochs)
    with repeatable(config):
        setup = set_up(config)
        document, progress = _where_it_stood(folder, setup)
        _check_can_go_on(folder, document, progress, config)
        with _reopened(folder, setup, progress) as out:
            save_config(folder, config)
            out.describe(document := going_on(document, config))
            return Training(setup, progress, out, keeping_config(listener)).run(document, until)


def _reopened(folder: Path, setup: Setup, progress: Progress) -> RunFolder:
    try:
        return RunFolder.reopen(folder, setup.data.task, progress.epoch, progress.step)
    except (ValueError, LookupError, csv.Error) as reason:
        raise RunFolderError(f"{folder}: its recorded rows are damaged ({reason}); put them back as they were, or train again") from None


def _config_of(folder: Path) -> Config:
    """The run's own Config. What has none is no run folder, which its missing run.json says best."""
    if not (folder / "config.toml").exists():
        load_document(folder)
    check_as_trained(folder, but=EPOCHS)
    return load(folder / "config.toml")


def _where_it_stood(folder: Path, setup: Setup) -> tuple[Document, Progress]:
    """What run.json and the checkpoint say; the very beginning where a run was killed before it had them, and no epoch would be lost."""
    if (folder / CHECKPOINT).exists() or _has_epochs(folder):
        document, state = load_document(folder), load_checkpoint(folder)
        return document, restore(setup, state)
    is_described = (folder / "run.json").exists()
    document = load_document(folder) if is_described else new_document(setup, probe(setup), parent=None)
    return document, Progress()


def _has_epochs(folder: Path) -> bool:
    try:
        return (folder / "run.csv").read_bytes().count(b"\n") > 1
    except FileNotFoundError:
        return False


def _with_epochs(config: Config, epochs: int | None) -> Config:
    if epochs is None:
        return config
    tree: dict[str, Any] = config.tree()
    longer = parse({**tree, "train": {**tree["train"], "epochs": epochs}}, base=config.base)
    if longer.train.epochs < config.train.epochs:
        raise RunFolderError(f"train.epochs = {epochs} is less than the run's own {config.train.epochs}; a run can only be made longer")
    return longer


def _check_can_go_on(folder: Path, document: Document, progress: Progress, config: Config) -> None:
    if progress.failed and document.get("status") != "running":
        raise RunFolderError(f"{folder}: its loss is not finite any more, nothing to go on with; try `advisor fix {folder}`")
    if document.get("status") == "done" and progress.is_over(config):
        raise RunFolderError(
            f"{folder}: is done after {progress.epoch} epochs and nothing is left to train; "
            f"make it longer with --set train.epochs={2 * config.train.epochs}"
        )
