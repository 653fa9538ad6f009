"""F106."""

from collections.abc import Iterable

from advisor.errors import SignalUnavailable
from advisor.findings import Finding, Severity, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record, straight
from advisor.run import Run
from advisor.signals.curves import of_episodes

HELD_OUT = ("val", "test")
EARNED = {"train_metric": "episode_reward"}


class NoValidation(Rule):
    """Nothing was held out: the log cannot tell how good the model is on new samples.

    What it measures
    ----------------
    The number of values on held-out samples, validation or test, beside a training loss of some length. An agent that learns from
    episodes is judged by what it earns in them, and needs none.

    Why it matters
    --------------
    A training loss falls as well when samples are learned by heart. Without held-out samples nobody can tell when to stop, nor
    whether a change made the model better.

    What helps
    ----------
    Keep a tenth to a fifth of the samples out of training, and log loss and accuracy on them after each epoch.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 5.3.
    """

    code = "F106"
    severity = Severity.INFO
    needs = "a training loss"
    fixes = ("hold-out-validation",)

    FEWEST = 10  # training losses; a shorter log may end before its first validation

    def measure(self, run: Run) -> float:
        if of_episodes(run):
            raise SignalUnavailable("an agent is judged by what it earns while it learns")
        if len(run.need("train_loss")) < self.FEWEST:
            raise SignalUnavailable(f"{len(run.need('train_loss'))} of {self.FEWEST} training losses")
        return float(sum(len(series) for role, series in run.series.items() if role.startswith(HELD_OUT)))

    def check(self, run: Run) -> Iterable[Finding]:
        if self.measure(run):
            return
        loss = run.need("train_loss")
        evidence = span(run, ("train_loss",), 0, len(loss) - 1)
        yield self.finding(_message(len(loss)), 0.0, 1.0, evidence, confidence=0.95)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a training loss alone", record(train_loss=falling(2.3, 0.5, 20))),
            Example("with its accuracy", record(train_loss=falling(2.3, 0.5, 20), train_accuracy=falling(0.1, 0.9, 20))),
            Example("twelve epochs", record(train_loss=falling(2.3, 0.5, 12))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("one validation at the end", record(train_loss=falling(2.3, 0.5, 20), val_loss=[0.6])),
            Example("a test loss", record(train_loss=falling(2.3, 0.5, 20), test_loss=falling(2.3, 0.5, 20))),
            Example("eight epochs", record(train_loss=falling(2.3, 0.5, 8))),
            Example("an agent that plays", record(train_loss=falling(2.3, 0.5, 20), train_metric=straight(0, 9, 20), columns=EARNED)),
        )


def _message(losses: int) -> str:
    found = f"{losses} training losses and 0 values on held-out samples: this log cannot show overfitting."
    return f"{found} First hold out a tenth of the samples."
