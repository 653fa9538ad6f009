"""Watches a training from epoch to epoch: keeps its best weights, and ends it where nothing can come of it any more."""

from collections.abc import Iterator, Mapping
from math import ceil, inf, isfinite
from typing import Any

from advisor.cli._unfinished import mark
from advisor.diagnose import chosen_rules, diagnose
from advisor.errors import ReadError
from advisor.findings import Finding, Severity
from advisor.readers import load
from advisor.run import Run
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
    """A listener that passes on what it hears. Of a training that goes on it knows what it would, had it never been interrupted."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.started: Started | None = None
        self.hopeless = ""  # the rule for which it ended the training
        self._best, self._seen, self._times = inf, "", 0

    def __call__(self, event: Event) -> None:
        self.listener(event)
        if isinstance(event, Started):
            self.started = event
            mark(event.folder)
            if event.epoch:
                self._catch_up(event)
        if isinstance(event, EpochDone) and self.started:
            self._look(self.started, event)

    def _look(self, started: Started, event: EpochDone) -> None:
        epoch, loss = int(event.figures.get("epoch") or 0), _loss(event.figures)
        self._take(started, loss)
        if isfinite(loss) and _is_due(epoch, started.epochs):
            self._judge(started, epoch, _read(started))

    def _take(self, started: Started, loss: float) -> None:
        """Keeps the weights of the epoch that has just ended, where it is the best one."""
        if isfinite(loss) and loss < self._best:
            self._best = loss
            keep_best(started.folder)

    def _catch_up(self, started: Started) -> None:
        """Takes back what it knew when the training was interrupted, be it amid a look."""
        run = _read(started)
        if run is None:
            return
        *before, last = [_loss(losses) for losses in _recorded(run)]
        self._best = min(filter(isfinite, before), default=inf)
        self._take(started, last)
        due = [epoch for epoch in range(1, started.epoch + 1) if _is_due(epoch, started.epochs)]
        for epoch in due[-TWICE:]:
            self._judge(started, epoch, run.until(epoch))

    def _judge(self, started: Started, epoch: int, run: Run | None) -> None:
        found = _hopeless(run, epoch, started.epochs)
        self._times = self._times + 1 if found and found.rule == self._seen else 1
        self._seen = found.rule if found else ""
        if found and self._times >= TWICE and epoch < started.epochs:
            self.hopeless = found.rule
            raise StopTraining(found.rule)


def _is_due(epoch: int, epochs: int) -> bool:
    return epoch >= FEWEST and (epoch <= LOOKS or epoch % ceil(epochs / LOOKS) == 0)


def _loss(figures: Mapping[str, Any]) -> float:
    """Of validation, else of training; in the digits that run.csv has, so that who goes on with a run sees the same."""
    value = figures.get("val_loss")
    return float(f"{figures['train_loss'] if value is None else value:.9g}")


def _recorded(run: Run) -> Iterator[dict[str, float]]:
    """The losses of each epoch so far."""
    series = {role: found.values for role in ("train_loss", "val_loss") if (found := run.get(role))}
    for values in zip(*series.values(), strict=True):
        yield dict(zip(series, values, strict=True))


def _read(started: Started) -> Run | None:
    try:
        return load(started.folder)
    except ReadError:
        return None


def _hopeless(run: Run | None, epoch: int, epochs: int) -> Finding | None:
    if run is None:
        return None
    names = (*RUNS_AWAY, *(STANDS_STILL if epoch >= PATIENCE * epochs else ()))
    report = diagnose(run, chosen_rules(",".join(names)))
    return next((finding for finding in report.findings if finding.severity is Severity.ERROR), None)
