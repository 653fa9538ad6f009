"""C105."""

from collections.abc import Iterable
from typing import Any

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.rules._settings import USUAL_RATE, foretold, times_usual_rate, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run
from advisor.text import number


class UnusualLearningRate(Rule):
    """The learning rate lies far outside what the optimiser takes.

    What it measures
    ----------------
    How many times the rate lies above or below the usual one of its optimiser: 0.001 for adam, adamw and rmsprop, 0.01 for adagrad,
    0.03 for sgd, whose momentum m multiplies the rate by 1 / (1 - m). Small rates on pretrained weights are left alone. It foretells:
    once a run is recorded, what was measured there counts.

    Why it matters
    --------------
    Optimisers that divide by the gradients' size move every weight by about the rate in each step; a rate that suits sgd throws them
    far off, and theirs leaves sgd nearly still.

    What helps
    ----------
    Start from the usual rate, then try factors of three. A range test finds the largest rate at which the loss still falls.

    References
    ----------
    Kingma, Ba 2015, arXiv:1412.6980. Bengio 2012, arXiv:1206.5533, section 3.1.1. Smith 2017, arXiv:1506.01186. Schoop, Huang, Hartmann
    2021, UMLAUT.
    """

    code = "C105"
    needs = "config"
    fixes = ("find-learning-rate", "default-recipe")

    FACTOR = 50.0  # recorded digits: adam at 0.03 and sgd at 0.5 are sound, adam at 0.1 and 0.00001, sgd at 2 and 0.0001 are not

    def measure(self, run: Run) -> float:
        ratio = _ratio(run)
        return max(ratio, 1 / ratio)

    def check(self, run: Run) -> Iterable[Finding]:
        off, small = self.measure(run), _ratio(run) < 1
        if off <= self.FACTOR or (small and dotted.get(run.config, "model.pretrained", "")):
            return
        yield foretold(run, self.finding(_message(run, off, small), off, self.FACTOR, whole(run), confidence=0.8))

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("adam at 0.1", record(config=_config("adam", 0.1))),
            Example("sgd at 0.0001", record(config=_config("sgd", 1e-4))),
            Example("sgd at 0.3 with momentum 0.9", record(config=_config("sgd", 0.3, momentum=0.9))),
            Example("adam at 0.1, recorded: information", record(config=_config("adam", 0.1), train_loss=falling(2.3, 2.2, 9))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("adam at 0.03", record(config=_config("adam", 0.03))),
            Example("sgd at 0.3", record(config=_config("sgd", 0.3))),
            Example("sgd at 0.001", record(config=_config("sgd", 1e-3))),
            Example("adam at 0.00001 on pretrained weights", record(config=_config("adam", 1e-5, pretrained="../other"))),
        )


def _ratio(run: Run) -> float:
    ratio = times_usual_rate(run)
    if ratio != ratio:
        raise SignalUnavailable("no Config that names the optimiser and its learning rate")
    return ratio


def _config(name: str, rate: float, momentum: float = 0.0, pretrained: str = "") -> dict[str, Any]:
    return {"optim": {"name": name, "lr": rate, "momentum": momentum}, "model": {"pretrained": pretrained}}


def _message(run: Run, off: float, small: bool) -> str:
    name, rate = dotted.get(run.config, "optim.name"), dotted.get(run.config, "optim.lr")
    return (
        f"optim.lr is {number(rate)}, {number(off)} times {'below' if small else 'above'} what {name} usually takes "
        f"({number(USUAL_RATE[name])}{', momentum counted' if name == 'sgd' else ''}). First find it by a range test."
    )
