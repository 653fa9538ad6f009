"""C108."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from advisor import dotted
from advisor.errors import SignalUnavailable
from advisor.findings import Finding, span
from advisor.rules.base import Example, Rule
from advisor.rules.examples import falling, record
from advisor.run import Floats, Run, Series
from advisor.text import number

FIRST = 30  # steps in which a sum shows: it grows with each, at first slowly where batches disagree, and later on its parts cancel


class GradientsNotCleared(Rule):
    """Gradients are added to those of earlier steps: norms grow from step to step as a sum would.

    What it measures
    ----------------
    How many times the first gradient norm the sixteenth to thirtieth are, where every step is logged; a sum of twenty alike gradients is
    twenty times the first. And how much the norm changes from one step to the next: single batches differ, a long sum hardly moves. Both
    together show the sum. One batch of all samples is calm by itself and cannot be judged.

    Why it matters
    --------------
    The weights follow the sum of all gradients since the start instead of the newest one: like a momentum that never decays. Training
    overshoots and swings, and no learning rate suits both its start and its end.

    What helps
    ----------
    Clear the gradients before each backward pass: `optimizer.zero_grad()`. Where they are accumulated on purpose, clear them after each
    optimiser step and divide by the number of batches.

    References
    ----------
    PyTorch, torch.optim.Optimizer.zero_grad. Humbatova et al. 2020, arXiv:1910.11015. Wardat et al. 2022, DeepDiagnosis.
    """

    code = "C108"
    needs = "layers or grad norm"
    fixes = ("clear-gradients",)
    explains = (
        *(
            "oscillating-loss",
            "diverging-loss",
            "exploding-gradient",
            "learning-rate-too-high",
            "not-learning",
            "loss-spikes",
            "underfitting",
            "overfitting",
        ),
        *("huge-updates", "dead-units", "saturated-units", "plateau"),
    )

    GROWTH = 3.0  # times the first norm; recorded sums: 5.8 to 59, others of so calm norms 0.4
    CALM = 0.04  # median change from a step to the next, on a log scale; recorded: 0.024 and less in sums, 0.05 and more in others
    FEWEST = 30  # steps

    def measure(self, run: Run) -> float:
        return _growth(self._norms(run).values)

    def check(self, run: Run) -> Iterable[Finding]:
        norms = self._norms(run)
        growth, change = _growth(norms.values), float(np.median(np.abs(np.diff(np.log(norms.values)))))
        if growth > self.GROWTH and change < self.CALM:
            evidence = span(run, ("grad_norm",), 0, len(norms) - 1, norms)
            yield self.finding(_message(norms.values, growth, change), growth, self.GROWTH, evidence, confidence=0.85)

    def _norms(self, run: Run) -> Series:
        norms = run.step_series.get("grad_norm")
        if norms is None or len(norms) < self.FEWEST or not _every_step(norms):
            raise SignalUnavailable(f"no gradient norms of each of the first {self.FEWEST} steps")
        if run.facts.get("steps_per_epoch") == 1 or dotted.get(run.config, "data.batch_size") == "full":
            raise SignalUnavailable("one batch of all samples: its gradients change slowly by themselves")
        if not (np.isfinite(norms.values).all() and (norms.values > 0).all()):
            raise SignalUnavailable("gradient norms that are zero or not finite")
        return norms

    def examples(self) -> tuple[Example, ...]:
        return (
            Example("a sum of alike gradients", _run(_summed(200, 1.0))),
            Example("a sum of gradients that differ", _run(_summed(200, 0.6))),
            Example("forty steps", _run(_summed(40, 1.0))),
        )

    def near_misses(self) -> tuple[Example, ...]:
        noisy = _summed(200, 1.0) * np.exp(np.random.default_rng(0).normal(0, 0.1, 200))
        return (
            Example("norms that grow, each batch by itself", _run(noisy)),
            Example("calm norms that double", _run(np.linspace(1.0, 3.5, 60))),
            Example("a sum, by a batch of all samples", _run(_summed(200, 1.0), steps_per_epoch=1)),
            Example("twenty steps", _run(_summed(20, 1.0))),
        )


def _growth(norms: Floats) -> float:
    return float(np.median(norms[FIRST // 2 : FIRST]) / norms[0])


def _every_step(norms: Series) -> bool:
    return bool(np.array_equal(norms.steps, np.arange(1.0, len(norms) + 1)))


def _summed(steps: int, share: float) -> Floats:
    """Norms of a sum of gradients of which the share `share` points the same way, and which comes to rest far above its start."""
    count = np.arange(1.0, steps + 1)
    return np.asarray(1 + share * 40 * (1 - np.exp(-(count - 1) / 40)))


def _run(norms: Floats, steps_per_epoch: int = 10) -> Run:
    curves: dict[str, Any] = {"steps_grad_norm": norms}
    return record(facts={"steps_per_epoch": steps_per_epoch}, train_loss=falling(2.3, 1.0, 20), **curves)


def _message(norms: Floats, growth: float, change: float) -> str:
    return (
        f"The gradient norm grows from {number(float(norms[0]))} to {number(growth)} times that within {FIRST} steps and changes by only "
        f"{change:.1%} from one step to the next, as a sum does. First clear the gradients before each backward pass."
    )
