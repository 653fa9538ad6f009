"""U102."""

from collections.abc import Iterable

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, layers_span
from advisor.rules._settings import times_usual_rate
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, layered, record
from advisor.run import Floats, Run
from advisor.signals.achieved import fell
from advisor.signals.updates import typical
from advisor.text import number

FIRST = 10  # recordings that make up the beginning
HARDLY = 0.03  # of the loss; no threshold of the rule, only of how it is told


class HugeUpdates(Rule):
    """Each step changes the weights by a large share of their size, and what was learned is lost again.

    What it measures
    ----------------
    How far a step moves the weights, as a share of their size: the median over the layers of each layer's median over the first ten
    recordings, or over the second half, whichever is larger. A head that starts from zero moves by its whole size at first; a median
    over layers leaves it out. Nets that start with large steps and learn all the same are left alone;
    where no rate far above the usual one is named, it is enough that they learn some: of noisy data that is all there is, and the weights
    of a linear model stay small. Adam and its kin make first steps
    as large as the rate, whatever the gradient: where the settings name an ordinary rate, only the second half counts.

    Why it matters
    --------------
    A tenth of the weights in a step means that ten steps may overwrite all there is. Units die or saturate, weights grow until
    nothing moves them, and the loss ends where it began.

    What helps
    ----------
    Divide the learning rate by ten or more, or find it by a range test; warm it up where only the first steps are too large. Where the
    gradients and not the rate are out of bounds, scale the inputs or clip.

    References
    ----------
    Karpathy, CS231n, Neural Networks 3, "Ratio of weights:updates". Ben Braiek, Khomh 2023, TheDeepChecker, arXiv:2204.00694.
    """

    code = "U102"
    needs = "layers"
    fixes = ("lower-learning-rate", "find-learning-rate", "change-batch-size", "add-warmup", "clip-gradients")
    explains = (
        *("diverging-loss", "not-learning", "underfitting", "plateau", "class-collapse", "oscillating-loss", "loss-spikes"),
        *("dead-units", "saturated-units", "exploding-gradient", "zero-gradient", "vanishing-gradient", "non-finite-loss"),
    )

    HUGE = 0.12  # TheDeepChecker takes 0.1; recorded: 0.15 and more where it did harm, 0.097 and less in sound nets at usual rates
    FELL = 0.5  # of the training loss; recorded nets with huge updates lost 0.03 of it, or 0.87 and more and were sound ...
    FELL_SOME = 0.2  # ... and at a rate that is not far above the usual: 0.18 and less; linear models on noisy numbers 0.45 and more
    FAR = 49.0  # times the usual rate, momentum counted: recorded runs at 50 and more failed
    ORDINARY = 10.0  # times the usual rate; recorded: at 5 times adagrad moved sound nets by 0.2 at first
    FEWEST = 4  # recordings

    def measure(self, run: Run) -> float:
        return self._size(run)[0]

    def check(self, run: Run) -> Iterable[Finding]:
        size, late = self._size(run)
        if not size > self.HUGE or fell(run) >= self._enough(run) or self._from_nothing(run):
            return
        layers, names = run.need_layers(), run.need_layers().where("update_ratio")[0]
        first, last = (len(layers.steps) // 2, len(layers.steps) - 1) if late else (0, min(FIRST, len(layers.steps)) - 1)
        evidence = layers_span(run, layers, names, first, last)
        yield self.finding(_message(size, late, fell(run)), size, self.HUGE, evidence, confidence=0.9)

    def _size(self, run: Run) -> tuple[float, bool]:
        """How large updates are, and whether late ones are the larger."""
        ratios = _of_first_weights(run)
        early, late = typical(ratios[:FIRST]), typical(ratios[len(ratios) // 2 :])
        if len(ratios) < self.FEWEST or np.isnan(early):
            raise SignalUnavailable(f"fewer than {self.FEWEST} recordings of updates")
        is_own_way = dotted.get(run.config, "optim.name") != "sgd" and times_usual_rate(run) <= self.ORDINARY
        return (late, True) if late > early or is_own_way else (early, False)

    def _enough(self, run: Run) -> float:
        """By how much the loss has to come down for the steps to have served."""
        return self.FELL if times_usual_rate(run) > self.FAR else self.FELL_SOME

    def _from_nothing(self, run: Run) -> bool:
        """Whether most layers start from weights that are all zero: any step is then many times their size."""
        try:
            _, weights = run.need_layers().where("weight_norm")
        except SignalUnavailable:
            return False
        return bool(np.median(weights[0]) == 0)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a fifth at first, then nothing moves", _net(_starting(0.2, 1e-6))),
            Example("a third throughout", _net(np.full((20, 3), 0.3))),
            Example("growing late", _net(_starting(0.01, 0.4))),
            Example("a fifth, and a seventh of the loss is gone", _net(_starting(0.2, 1e-6), end=1.95)),
            Example("a quarter is gone, adagrad at 90 times its usual rate", _net(_starting(0.2, 1e-6), end=1.7, rate=0.9)),
            Example("in four recordings", _net(np.full((4, 3), 0.3))),
            Example("a fifth at first, adagrad at 20 times its usual rate", _net(_starting(0.2, 1e-6), rate=0.2)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        head = np.tile([0.001, 0.002, 0.9], (20, 1))
        return (
            Example("a hundredth", _net(np.full((20, 3), 0.01))),
            Example("a tenth at first", _net(_starting(0.1, 0.001))),
            Example("a fifth at first, adagrad at five times its usual rate", _net(_starting(0.2, 1e-6), rate=0.05)),
            Example("a head that starts from zero", _net(head)),
            Example("a fifth at first, and it learns", _net(_starting(0.2, 1e-3), end=0.3)),
            Example("a tenth throughout, and a quarter of the loss is gone: noisy data", _net(np.full((20, 3), 0.13), end=1.7)),
            Example("a fifth in single steps", _net(_single())),
            Example("weights that start at zero", _net(_starting(0.2, 1e-3), weight=0.0)),
            Example(
                "weights that a penalty has shrunk to nothing", _net(_starting(0.01, 0.4), weight=np.r_[np.ones(10), np.full(10, 1e-3)])
            ),
            Example("three recordings", _net(np.full((3, 3), 0.3))),
        )


def _of_first_weights(run: Run) -> Floats:
    """Updates as shares of the weights, or of the first ones where they have shrunk since: a penalty may leave next to nothing."""
    layers = run.need_layers()
    names, ratios = layers.where("update_ratio")
    try:
        known, weights = layers.where("weight_norm")
    except SignalUnavailable:
        return ratios
    if known != names:
        return ratios
    with np.errstate(all="ignore"):
        left = np.minimum(weights / weights[0], 1.0)
    return ratios * np.where(np.isfinite(left), left, 1.0)


def _starting(first: float, later: float) -> Floats:
    return np.repeat(np.r_[np.full(10, first), np.full(10, later)][:, None], 3, axis=1)


def _single() -> Floats:
    table = np.full((20, 3), 0.001)
    table[::5] = 0.2
    return table


def _net(ratios: Floats, end: float = 2.29, weight: float | Floats = 1.0, rate: float | None = None) -> Run:
    weights = np.broadcast_to(np.reshape(weight, (-1, 1)), (len(ratios), 3))
    layers = layered(("first", "second", "head"), update_ratio=ratios, weight_norm=weights)
    config = {"optim": {"name": "adagrad", "lr": rate}} if rate else None
    return record(config=config, layers=layers, train_loss=falling(2.3, end, 20))


def _message(size: float, late: bool, gained: float) -> str:
    when = "In the second half" if late else "In the first recorded steps"
    much = f"{size:.0%} of" if size < 1 else f"{number(size)} times" if np.isfinite(size) else "infinitely many times"
    return (
        f"{when} a typical layer moves by {much} its size in each step, where about 0.1% is usual{_outcome(gained)}. "
        "First divide the learning rate by ten."
    )


def _outcome(gained: float) -> str:
    """What became of the training loss; nothing where it was not logged."""
    if np.isnan(gained):
        return ""
    return f", and the loss came down by {gained:.0%} only" if gained > HARDLY else ", and the loss did not come down"
