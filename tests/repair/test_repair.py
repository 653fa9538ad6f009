"""Every way a repair can go, with a trainer that trains nothing."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.config import parse
from advisor.diagnose import diagnose
from advisor.dotted import get, put
from advisor.edits import Safety
from advisor.errors import AdvisorError
from advisor.repair import Options, Scores, Tools, Verdict, repair
from advisor.rules.examples import falling, joined, record, straight

SAMPLES = 100
NAN = float("nan")
SICK = [2.3, 1.5, NAN]
WELL = falling(2.3, 0.05, epochs=10)
TURNED = joined(falling(2.3, 0.8, epochs=4, pace=1.0), straight(0.9, 1.6, 6))


def config(**keys: Any):
    tree = parse({"train": {"epochs": 10}, "optim": {"lr": 1.0}}).tree()
    for path, value in keys.items():
        tree = put(tree, path.replace("__", "."), value)
    return tree


@dataclass
class Made:
    """What a training would have come to: curves, and how many of 100 validation samples are right."""

    train_loss: Any
    right: int
    val_loss: Any = None
    losses: float = 1.0
    status: str = "done"


@dataclass
class Fake:
    """Trains nothing: `outcome` says what would have come of a Config."""

    outcome: Any
    rate: float | None = None
    runs: dict = field(default_factory=dict)

    def train(self, config, folder, parent):
        folder.mkdir()
        self.runs[folder] = (self.outcome(config), config, parent)
        return folder

    def scores(self, folder):
        made = self.runs[folder][0]
        targets = np.arange(SAMPLES) % 2
        return Scores(targets, np.where(np.arange(SAMPLES) < made.right, targets, 1 - targets), np.full(SAMPLES, made.losses))

    def range_test(self, config):
        return self.rate

    def read(self, folder):
        made, tree, _ = self.runs[folder]
        val = {} if get(tree, "data.validation") == 0 else {"val_loss": made.train_loss if made.val_loss is None else made.val_loss}
        about = {"status": made.status, "id": folder.name}
        return replace(record(train_loss=made.train_loss, config=tree, about=about, **val), path=folder, name=folder.name)


@dataclass
class Case:
    trainer: Fake
    run: Any

    def repair(self, **options):
        return repair(self.run, diagnose(self.run), Tools(self.trainer, self.trainer.read), Options(**options))


@pytest.fixture
def case(tmp_path):
    """A run called `mine` of a Config, and the trainer that made it."""

    def build(outcome, tree=None, **trainer):
        fake = Fake(outcome, **trainer)
        return Case(fake, fake.read(fake.train(tree or config(), tmp_path / "mine", None)))

    return build


def by_rate(tree):
    """Numbers overflow above a rate of 0.5, and all is well below."""
    return Made(SICK, right=50, status="failed") if get(tree, "optim.lr") > 0.5 else Made(WELL, right=95)


def jittering(before, after):
    """How many are right depends on the seed, before and after the learning rate was lowered."""

    def outcome(tree):
        lowered = get(tree, "optim.lr") < 1.0
        return Made(WELL if lowered else SICK, right=(after if lowered else before)[get(tree, "train.seed")], status="failed")

    return outcome


def verdicts(outcome):
    return [(attempt.fix, str(attempt.verdict)) for attempt in outcome.attempts]


def test_a_clear_cure_is_proven_by_one_seed(case):
    mine = case(by_rate)
    outcome = mine.repair()
    assert verdicts(outcome) == [("lower-learning-rate", "cured")]
    attempt = outcome.attempts[0]
    assert (attempt.seeds, attempt.kept, attempt.trainings) == ((0,), True, 1.0)
    assert (attempt.comparison.before, attempt.comparison.after) == ((0.5,), (0.95,))
    assert (outcome.status, outcome.remaining) == ("cured", ())
    assert outcome.result == attempt.run == mine.run.path.with_name("mine-lower-learning-rate")


def test_the_run_with_the_fix_names_its_parent(case):
    mine = case(by_rate)
    assert mine.trainer.runs[mine.repair().result][2] == "mine"


def test_nothing_is_overwritten(case):
    mine = case(by_rate)
    taken = mine.run.path.with_name("mine-lower-learning-rate")
    taken.mkdir()
    assert mine.repair().result.name == "mine-lower-learning-rate-2"
    assert list(taken.iterdir()) == []


def test_better_with_the_rule_still_firing_is_improved(case):
    mine = case(lambda tree: Made(SICK, right=50 if get(tree, "optim.lr") > 0.5 else 95, status="failed"))
    outcome = mine.repair(fixes=("lower-learning-rate",))
    assert verdicts(outcome) == [("lower-learning-rate", "improved")]
    assert (outcome.status, outcome.remaining) == ("improved", ("non-finite-loss",))


def test_worse_is_not_kept(case):
    mine = case(lambda tree: Made(WELL, right=60) if get(tree, "optim.lr") < 1.0 else Made(SICK, right=95, status="failed"))
    outcome = mine.repair(fixes=("lower-learning-rate",))
    assert verdicts(outcome) == [("lower-learning-rate", "worse")]
    assert (outcome.status, outcome.result, outcome.attempts[0].kept) == ("unchanged", None, False)


def test_a_silent_rule_without_a_better_result_is_no_effect(case):
    mine = case(lambda tree: Made(WELL if get(tree, "optim.lr") < 1.0 else SICK, right=50, status="failed"))
    assert verdicts(mine.repair(fixes=("lower-learning-rate",))) == [("lower-learning-rate", "no effect")]


def test_a_small_gain_takes_three_seeds(case):
    outcome = case(jittering([80, 81, 80], [86, 87, 85])).repair(fixes=("lower-learning-rate",))
    attempt = outcome.attempts[0]
    assert (attempt.seeds, attempt.verdict) == ((0, 1, 2), Verdict.CURED)
    assert attempt.trainings == pytest.approx(3 + 2 * 0.3)
    assert attempt.comparison.after == pytest.approx((0.86, 0.87, 0.85))


def test_a_gain_within_the_seed_spread_is_no_effect(case):
    outcome = case(jittering([80, 90, 70], [88, 86, 85])).repair(fixes=("lower-learning-rate",))
    assert outcome.attempts[0].verdict is Verdict.NO_EFFECT
    assert outcome.attempts[0].comparison.noise > outcome.attempts[0].comparison.gain > 0


def test_the_seeds_asked_for_are_the_seeds_trained(case):
    outcome = case(by_rate).repair(seeds=2, fixes=("lower-learning-rate",))
    assert outcome.attempts[0].seeds == (0, 1)
    assert outcome.attempts[0].verdict is Verdict.CURED


def test_a_gain_that_the_budget_cannot_prove_is_not_kept(case):
    outcome = case(jittering([80, 81, 80], [86, 87, 85])).repair(fixes=("lower-learning-rate",), budget=1.0)
    assert verdicts(outcome) == [("lower-learning-rate", "no effect")]
    assert "not proven" in outcome.attempts[0].reason


def test_trainings_stay_within_the_budget(case):
    mine = case(lambda tree: Made(SICK, right=50))
    outcome = mine.repair(budget=0.5, allows=lambda proposal: True)
    assert outcome.trainings == 0
    assert {attempt.verdict for attempt in outcome.attempts} == {Verdict.NOT_TRIED}
    assert {attempt.reason for attempt in outcome.attempts} == {"the budget has no room for it; raise --budget"}


def test_the_budget_counts_for_each_seed(case):
    assert case(by_rate).repair(seeds=3, budget=2.0).trainings <= 6


def test_without_a_validation_part_nothing_is_tried(case):
    mine = case(by_rate, config(data__validation=0.0))
    outcome = mine.repair()
    assert {attempt.verdict for attempt in outcome.attempts} == {Verdict.NOT_TRIED}
    assert "validation part" in outcome.attempts[0].reason
    assert (outcome.status, len(mine.trainer.runs)) == ("unchanged", 1)


def test_unsafe_fixes_need_a_yes(case):
    mine = case(lambda tree: Made(SICK, right=50), config(data__scale="none"))
    verdict_of = {attempt.fix: attempt for attempt in mine.repair().attempts}
    assert (verdict_of["scale-inputs"].verdict, verdict_of["scale-inputs"].safety) == (Verdict.NOT_TRIED, Safety.UNSAFE)
    assert verdict_of["lower-learning-rate"].verdict is Verdict.NO_EFFECT


def test_with_a_yes_unsafe_fixes_are_tried(case):
    mine = case(lambda tree: Made(WELL, 95) if get(tree, "data.scale") == "standard" else Made(SICK, 50), config(data__scale="none"))
    assert verdicts(mine.repair(allows=lambda proposal: True))[-1] == ("scale-inputs", "cured")


def test_it_goes_on_with_what_remains(case):
    """First the overflow, then the overfitting that it hid."""

    def outcome(tree):
        if get(tree, "optim.lr") > 0.5:
            return Made(SICK, right=50, status="failed")
        stops = get(tree, "train.early_stopping") > 0
        return Made(WELL, right=90, val_loss=TURNED[:5] if stops else TURNED, losses=0.8 if stops else 1.6)

    mine = case(outcome)
    done = mine.repair()
    assert verdicts(done)[:2] == [("lower-learning-rate", "cured"), ("stop-early", "cured")]
    assert done.attempts[1].comparison.metric.name == "val_loss"
    assert done.result.name == "mine-lower-learning-rate-stop-early"
    assert done.status == "cured"


def test_overfitting_is_judged_by_accuracy_once_the_loss_is_another(case):
    def outcome(tree):
        return Made(WELL, right=60 + 30 * (get(tree, "train.loss") == "mse"), val_loss=TURNED)

    mine = case(outcome, config(train__loss="cross_entropy"))
    assert deciding_metric(mine, "change-loss") is None  # nothing to change: cross entropy suits classes
    assert deciding_metric(mine, "lower-learning-rate") == "val_loss"


def deciding_metric(mine, fix):
    attempts = mine.repair(fixes=(fix,), allows=lambda proposal: True).attempts
    return attempts[0].comparison.metric.name if attempts else None


def test_findings_of_mere_information_are_never_cured(case):
    """Validation turned, but the best epoch was kept."""
    mine = case(lambda tree: Made(WELL, right=60 if get(tree, "optim.lr") == 1.0 else 95, val_loss=TURNED, losses=get(tree, "optim.lr")))
    mine.run = replace(mine.run, about={**mine.run.about, "result": {"epoch": 4}})
    assert mine.repair().status == "healthy"
    assert verdicts(mine.repair(fixes=("lower-learning-rate",))) == [("lower-learning-rate", "improved")]


def test_a_healthy_run_is_left_alone(case):
    mine = case(lambda tree: Made(WELL, right=95))
    assert (mine.repair().status, mine.repair().attempts) == ("healthy", ())


def test_a_stopped_run_is_no_measure_of_its_config(case):
    """It is trained in full before anything is compared with it."""
    mine = case(lambda tree: Made(SICK, right=50, status="stopped") if get(tree, "optim.lr") > 0.5 else Made(WELL, right=95))
    outcome = mine.repair()
    assert mine.run.path.with_name("mine-again") in mine.trainer.runs
    assert outcome.attempts[0].trainings == pytest.approx(1.3)


def test_a_measured_rate_takes_the_place_of_the_guess(case):
    mine = case(by_rate, rate=0.0123)
    assert mine.repair().attempts[0].edits[0].value == 0.012


@pytest.mark.parametrize("rate", [None, 5.0, NAN])
def test_a_rate_that_is_to_be_lowered_is_never_raised(case, rate):
    assert case(by_rate, rate=rate).repair().attempts[0].edits[0].value == 0.1


def test_a_refused_training_is_not_the_end(case):
    def outcome(tree):
        if get(tree, "optim.clip_norm") == 0 and get(tree, "optim.lr") < 1.0:
            raise AdvisorError("no room on the disk")
        return Made(SICK, right=50, status="failed")

    attempts = case(outcome).repair().attempts
    assert (attempts[0].verdict, attempts[0].reason) == (Verdict.NOT_TRIED, "no room on the disk")
    assert attempts[1].verdict is Verdict.NO_EFFECT


def test_every_attempt_is_on_disk_as_soon_as_it_is_judged(case):
    mine = case(by_rate)
    lines = []
    path = mine.run.path / "attempts.jsonl"
    path.write_bytes(b'{"fix": "torn')
    mine.repair(told=lambda attempt: lines.append(path.read_text(encoding="utf-8").splitlines()))
    assert lines[0][0] == '{"fix": "torn'
    assert json.loads(lines[0][1])["verdict"] == "cured"


def test_an_attempt_reads_as_the_documentation_says(case):
    document = case(by_rate).repair().attempts[0].document()
    assert Path(document.pop("run")).name == "mine-lower-learning-rate"
    assert document.pop("signal").keys() == {"rule", "before", "after", "threshold"}
    assert document == {
        "fix": "lower-learning-rate", "edits": [{"path": "optim.lr", "value": 0.1}], "safety": "safe", "seeds": [0], "trainings": 1.0,
        "metric": {"name": "val_balanced_accuracy", "higher_is_better": True, "before": [0.5], "after": [0.95]},
        "verdict": "cured", "kept": True,
    }  # fmt: skip
