"""U101."""

from collections.abc import Iterable

import numpy as np

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, layers_span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.achieved import best_skill, fell
from advisor.signals.updates import strongest
from advisor.text import number, of_layer

ACTIVE = 0.9  # the quantile of a layer's recordings that stands for its active time


class TinyUpdates(Rule):
    """The weights hardly move: each step changes them by a vanishing share of their size.

    What it measures
    ----------------
    For each layer how far a step moves its weights, as a share of their size, in the most active tenth of the recordings; of these
    the largest. Steps that become tiny at the end of a schedule or of a good training do not count, nor does a training whose loss
    came down by half or that predicts well: it needed no larger ones. Without any gradient the steps are not the trouble.

    Why it matters
    --------------
    At a ten-thousandth of their size in a step, weights need ten thousand steps to become others. The budget ends long before.

    What helps
    ----------
    A larger learning rate, by factors of ten, until updates reach about a thousandth; a range test finds it at once. Look also for a
    clip norm far below the gradients' length, for a warm-up that never ends, and for an optimiser that only slows down.

    References
    ----------
    Karpathy, CS231n, Neural Networks 3, "Ratio of weights:updates". Ben Braiek, Khomh 2023, TheDeepChecker, arXiv:2204.00694.
    """

    code = "U101"
    needs = "layers"
    fixes = ("raise-learning-rate", "find-learning-rate", "switch-optimizer", "train-longer")
    explains = ("not-learning", "underfitting", "plateau", "slow-learning", "class-collapse")

    TINY = 3e-4  # a third of the usual 1e-3; recorded: 2.4e-4 and less where the rate was too low, 4e-4 and more elsewhere
    FELL = 0.5  # of the training loss; as for vanishing gradients, a net that learns needs nothing
    GOOD = 0.75  # skill: fine-tuning takes small steps from a good start
    FEWEST = 10  # recordings

    def measure(self, run: Run) -> float:
        return float(np.nanmax(self._updates(run)[1]))

    def check(self, run: Run) -> Iterable[Finding]:
        names, ratios = self._updates(run)
        if np.nanmax(ratios) > self.TINY or fell(run) >= self.FELL or best_skill(run) >= self.GOOD or _is_cut_off(run):
            return
        layers = run.need_layers()
        evidence = layers_span(run, layers, names, 0, len(layers.steps) - 1)
        yield self.finding(_message(names, ratios), self.measure(run), self.TINY, evidence, confidence=0.9)

    def _updates(self, run: Run) -> tuple[tuple[str, ...], Floats]:
        names, ratios = strongest(run, ACTIVE)
        if len(run.need_layers().steps) < self.FEWEST or np.isnan(ratios).all():
            raise SignalUnavailable(f"fewer than {self.FEWEST} recordings of updates")
        return names, ratios

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a millionth", _net([1e-6, 2e-6, 1e-6])),
            Example("2e-4, and a tenth of the loss is gone", _net([2e-4, 1e-4, 2e-4], end=2.07)),
            Example("good for a third", _net([2e-5, 2e-5, 2e-5], accuracy=0.4)),
            Example("the loss fell by a third", _net([2e-5, 2e-5, 2e-5], end=1.5)),
            Example("in ten recordings", _net([1e-6, 2e-6, 1e-6], recordings=10)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        ending = np.repeat(np.geomspace(4e-3, 1e-9, 20)[:, None], 3, axis=1)
        return (
            Example("a thousandth", _net([1e-3, 8e-4, 1e-3])),
            Example("one layer moves", _net([1e-6, 2e-6, 5e-4])),
            Example("tiny at the end of a schedule", _net(ending)),
            Example("tiny, and it learns", _net([1e-6, 2e-6, 1e-6], end=0.9)),
            Example("fine-tuning from a good start", _net([2e-5, 2e-5, 2e-5], accuracy=0.9)),
            Example("no gradient either", _net([0.0, 0.0, 0.0], gradient=0.0)),
            Example("nine recordings", _net([1e-6, 2e-6, 1e-6], recordings=9)),
        )


def _is_cut_off(run: Run) -> bool:
    try:
        _, gradients = run.need_layers().where("grad_norm")
    except SignalUnavailable:
        return False
    return bool((gradients == 0).mean() > ACTIVE)


def _net(ratios: object, end: float = 2.29, accuracy: float = 0.12, recordings: int = 20, gradient: float = 0.3) -> Run:
    table = np.broadcast_to(np.asarray(ratios, dtype=float), (recordings, 3))
    layers = layered(("first", "second", "head"), update_ratio=table, grad_norm=np.full(3, gradient), weight_norm=np.ones(3))
    return record(layers=layers, train_loss=falling(2.3, end, 20), train_accuracy=np.linspace(0.1, accuracy, 20))


def _message(names: tuple[str, ...], ratios: Floats) -> str:
    most = int(np.nanargmax(ratios))
    return (
        f"In its most active steps {of_layer(names[most])} moves by {number(float(ratios[most]))} of its size, and no layer by more; "
        "about 0.001 is usual. First raise the learning rate tenfold, and look whether gradients are clipped far below their length."
    )
