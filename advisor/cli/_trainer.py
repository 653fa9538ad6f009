"""Repair's trainer: trains with PyTorch, and shows on standard error that it goes on."""

from pathlib import Path

import click

from advisor.cli._progress import progress
from advisor.config import parse
from advisor.dotted import Tree
from advisor.outcome import shown
from advisor.repair import Scores
from advisor.text import printable
from advisor.training import evaluate, range_test, train


class TorchTrainer:
    """Trains Configs whose relative paths start from `base`, a run folder: all others lie beside it."""

    def __init__(self, base: Path) -> None:
        self.base = base

    def train(self, config: Tree, folder: Path, parent: str | None) -> Path:
        """Trains a Config into a new run folder. Ctrl-C ends the training, and with it everything."""
        click.echo(f"training {printable(shown(folder))}", err=True)
        with progress(quiet=False) as listener:
            result = train(parse(config, self.base), folder, listener=listener, parent=parent)
        if result.status == "stopped":
            raise KeyboardInterrupt
        return result.folder

    def scores(self, folder: Path) -> Scores:
        """How a run's result does on each validation sample."""
        measured = evaluate(folder)
        return Scores(measured.targets, measured.predictions, measured.losses)

    def range_test(self, config: Tree) -> float | None:
        """The learning rate at which the loss of a short trial falls fastest."""
        click.echo("looking for the learning rate by a range test", err=True)
        return range_test(parse(config, self.base)).suggestion
