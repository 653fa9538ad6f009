"""Watches a training from epoch to epoch: keeps its best weights, and ends it where nothing can come of it any more."""

from math import ceil, inf, isfinite

from advisor.diagnose import chosen_rules, diagnose
from advisor.errors import ReadError
from advisor.findings import Finding, Severity
from advisor.readers import load
from advisor.training import keep_best
from advisor.training.events import EpochDone, Event, Listener, Started, StopTraining

# A loss that runs away never comes back by itself, wherever the run stands.
RUNS_AWAY = ("non-finite-loss", "diverging-loss")
# What stands still may be starting slowly: it gets a third of the epochs.
STANDS_STILL = ("not-learning", "zero-gradient", "class-collapse")
PATIENCE = 1 / 3
FEWEST = 3  # epochs, before which nothing is hopeless but a loss that is no number
TWICE = 2  # looks in a row that find the same
LOOKS = 20  # of a whole training, after the first epochs


class Guard:
    """A listener that passes on what it hears."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.started: Started | None = None
        self.hopeless = ""  # the rule for which it ended the training
        self._best, self._seen, self._times = inf, "", 0

    def __call__(self, event: Event) -> None:
        self.listener(event)
        if isinstance(event, Started):
            self.started = event
        if isinstance(event, EpochDone) and self.started:
            self._look(self.started, event)

    def _look(self, started: Started, event: EpochDone) -> None:
        epoch, loss = (float(event.figures.get(name) or 0.0) for name in ("epoch", "val_loss"))
        if not event.figures.get("val_loss"):
            loss = float(event.figures.get("train_loss") or 0.0)
        if isfinite(loss) and loss < self._best:
            self._best = loss
            keep_best(started.folder)
        if isfinite(loss) and epoch >= FEWEST and _is_due(int(epoch), started.epochs):
            self._judge(started, epoch)

    def _judge(self, started: Started, epoch: float) -> None:
        found = _hopeless(started, epoch)
        self._times = self._times + 1 if found and found.rule == self._seen else 1
        self._seen = found.rule if found else ""
        if found and self._times >= TWICE and epoch < started.epochs:
            self.hopeless = found.rule
            raise StopTraining(found.rule)


def _is_due(epoch: int, epochs: int) -> bool:
    return epoch <= LOOKS or epoch % ceil(epochs / LOOKS) == 0


def _hopeless(started: Started, epoch: float) -> Finding | None:
    names = (*RUNS_AWAY, *(STANDS_STILL if epoch >= PATIENCE * started.epochs else ()))
    try:
        report = diagnose(load(started.folder), chosen_rules(",".join(names)))
    except ReadError:
        return None
    return next((finding for finding in report.findings if finding.severity is Severity.ERROR), None)
