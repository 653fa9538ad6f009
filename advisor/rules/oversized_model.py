"""C103."""

from collections.abc import Iterable
from typing import Any

from advisor.errors import SignalUnavailable
from advisor.findings import Finding
from advisor.rules._settings import foretold, whole
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Run
from advisor.signals.achieved import late_skill
from advisor.text import number


class OversizedModel(Rule):
    """Far more parameters than samples, and a fit that shows it: training is learned by heart, validation is left behind.

    What it measures
    ----------------
    Trainable parameters per training sample; and by how much the skill on the training part exceeds that on the validation part at the
    end. Large networks often generalise well, so size alone is no finding.

    Why it matters
    --------------
    What does not help to predict costs time and memory, and gives room to memorise single samples and their wrong labels.

    What helps
    ----------
    Smaller layers or fewer of them, as long as training still reaches what it did; dropout or weight decay; more data, which is the best
    cure.

    References
    ----------
    Goodfellow, Bengio, Courville 2016, Deep Learning, section 5.2. Zhang et al. 2017, arXiv:1611.03530, on learning by heart. Nakkiran
    et al. 2020, Deep double descent, arXiv:1912.02292, on why size alone proves nothing.
    """

    code = "C103"
    needs = "config, facts"
    fixes = ("shrink-model", "add-l2", "add-dropout", "add-l1", "get-more-data")

    MANY = 20.0  # parameters a sample; recorded small sets (iris 39, wine 37) are well below the bound of GAP with as many
    GAP = 0.15  # of skill; recorded: 0.1 at most in sound nets, 0.45 where 60 samples met 300,000 parameters

    def measure(self, run: Run) -> float:
        return _parameters_a_sample(run)

    def check(self, run: Run) -> Iterable[Finding]:
        many = _parameters_a_sample(run)
        train, held_out = late_skill(run, "train"), late_skill(run, "val")
        if many != many or train != train or held_out != held_out:
            raise SignalUnavailable("no skill on both parts to compare")
        if many > self.MANY and train - held_out > self.GAP:
            found = self.finding(_message(many, train, held_out), many, self.MANY, whole(run), confidence=0.7)
            yield foretold(run, found)

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("5000 parameters a sample", _run(300_000, 1.0, 0.6)),
            Example("thirty a sample", _run(1_800, 1.0, 0.6)),
            Example("a gap of a fifth", _run(300_000, 1.0, 0.84)),
        )

    def near_misses(self) -> tuple[Example, ...]:
        return (
            Example("5000 parameters a sample, and validation keeps up", _run(300_000, 1.0, 0.95)),
            Example("a gap of a tenth", _run(300_000, 1.0, 0.92)),
            Example("twelve a sample", _run(720, 1.0, 0.6)),
        )


def _run(parameters: int, train: float, held_out: float) -> Run:
    facts = {"samples": 60, "trainable_parameters": parameters, "class_shares": [0.2] * 5}
    curves: dict[str, Any] = {"train_accuracy": falling(0.2, train, 40), "val_accuracy": falling(0.2, held_out, 40)}
    return record(facts=facts, train_loss=falling(1.6, 0.05, 40), **curves)


def _parameters_a_sample(run: Run) -> float:
    samples, parameters = run.facts.get("samples"), run.facts.get("trainable_parameters")
    if not samples or parameters is None:
        raise SignalUnavailable("the numbers of parameters and samples were not recorded")
    return float(parameters) / float(samples)


def _message(many: float, train: float, held_out: float) -> str:
    return (
        f"{number(many)} parameters a training sample, and a skill of {train:z.2f} on training against {held_out:z.2f} on validation. "
        "First try half the width."
    )
