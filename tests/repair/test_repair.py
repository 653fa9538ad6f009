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
from advisor.edits import Safety, apply
from advisor.errors import AdvisorError, DiskError
from advisor.repair import Job, Options, Scores, Sweep, Tools, Verdict, beside_yardstick, repair, serious
from advisor.repair import Made as MadeFrom
from advisor.repair.candidates import suspected
from advisor.repair.metrics import ACCURACY, R2
from advisor.repair.rounds import Entrant, apart
from advisor.repair.trials import Subject, Trial
from advisor.repair.verdict import compare
from advisor.repair.yardstick import Lead, Yardstick
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
    notes: tuple[str, ...] = ()
    trained: float | None = None  # how many of the training samples are right in the end
    shares: Any = None  # of the validation samples, right after each epoch; None: as many as in the end


@dataclass
class Fake:
    """Trains nothing: `outcome` says what would have come of a Config."""

    outcome: Any
    rate: float | None = None
    best: bool = False  # whether a run kept the weights of its best epoch
    closed: Any = None  # what to write by hand, where a module cannot be changed from outside
    solved: Any = None  # how a method that is not trained does; None: the data do not suit one
    runs: dict = field(default_factory=dict)  # by folder: what would have come of it, from what, and as far as which epoch
    trained: list = field(default_factory=list)  # the names of all folders, in the order of the jobs

    def train(self, jobs):
        return [self._refusal(job) for job in jobs]

    def _refusal(self, job):
        self.trained.append((job.folder.name, job.until))
        try:
            made = self.outcome(job.config)
        except AdvisorError as refusal:
            return refusal
        job.folder.mkdir(exist_ok=True)
        self.runs[job.folder] = (made, MadeFrom(job.config, job.parent, job.start), job.until)
        return None

    def made_from(self, folder):
        return self.runs[folder][1] if folder in self.runs else None

    def has_best_weights(self, folder):
        return self.best

    def scores(self, folder):
        made = self.runs[folder][0]
        targets = np.arange(SAMPLES) % 2
        return Scores(targets, np.where(np.arange(SAMPLES) < made.right, targets, 1 - targets), np.full(SAMPLES, made.losses))

    def yardstick(self, config):
        return self.solved

    def unreached(self, config, changed):
        return self.closed

    def range_test(self, config):
        return Sweep(np.empty(0), np.empty(0), self.rate)

    def read(self, folder):
        made, source, until = self.runs[folder]
        val = made.train_loss if made.val_loss is None else made.val_loss
        shares = [made.right / SAMPLES] * len(made.train_loss) if made.shares is None else made.shares
        curves = {"train_loss": made.train_loss, "val_loss": val, "val_balanced_accuracy": shares}
        curves |= {} if made.trained is None else {"train_accuracy": [made.trained] * len(made.train_loss)}
        curves = {name: values[:until] for name, values in curves.items()}
        if get(source.config, "data.validation") == 0:
            curves = {"train_loss": curves["train_loss"]}
        is_paused = until is not None and until < len(made.train_loss)
        about = {"status": "stopped" if is_paused else made.status, "id": folder.name, "notes": made.notes}
        return replace(record(**curves, config=source.config, about=about), path=folder, name=folder.name)


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
        fake.train([Job(tree or config(), tmp_path / "mine")])
        return Case(fake, fake.read(tmp_path / "mine"))

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
    """Of what was trained to the end."""
    return [(attempt.fix, str(attempt.verdict)) for attempt in outcome.attempts if attempt.verdict is not Verdict.DROPPED]


def attempt_at(outcome, fix):
    return next(attempt for attempt in outcome.attempts if attempt.fix == fix)


def test_a_clear_cure_is_proven_by_one_seed(case):
    mine = case(by_rate)
    outcome = mine.repair()
    assert verdicts(outcome) == [("lower-learning-rate", "cured")]
    attempt = attempt_at(outcome, "lower-learning-rate")
    assert (attempt.seeds, attempt.kept, attempt.trainings) == ((0,), True, 1.0)
    assert (attempt.comparison.before, attempt.comparison.after) == ((0.5,), (0.95,))
    assert (outcome.status, outcome.remaining) == ("cured", ())
    assert outcome.result == attempt.run == mine.run.path.with_name("mine-lower-learning-rate")


def test_the_run_with_the_fix_names_its_parent(case):
    mine = case(by_rate)
    assert mine.trainer.runs[mine.repair().result][1].parent == "mine"


@pytest.mark.parametrize(("fix", "goes_on"), [("lower-learning-rate", True), ("switch-optimizer", False)])
def test_where_the_loss_ran_away_smaller_steps_go_on_from_the_best_weights(case, fix, goes_on):
    mine = case(by_rate, best=True)
    attempt = attempt_at(mine.repair(fixes=(fix,)), fix)
    assert mine.trainer.made_from(attempt.run).start == (mine.run.path.resolve() if goes_on else None)
    assert attempt.rank.endswith("so it starts from the best weights of mine") == goes_on


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
    outcome = case(jittering([80, 81, 80], [85, 91, 86])).repair(fixes=("lower-learning-rate",))
    attempt = outcome.attempts[0]
    assert (attempt.seeds, attempt.verdict) == ((0, 1, 2), Verdict.CURED)
    assert attempt.trainings == pytest.approx(3 + 2 * 0.3)
    assert attempt.comparison.after == pytest.approx((0.85, 0.91, 0.86))


def test_a_gain_within_the_seed_spread_is_no_effect(case):
    outcome = case(jittering([80, 90, 70], [88, 86, 85])).repair(fixes=("lower-learning-rate",))
    assert outcome.attempts[0].verdict is Verdict.NO_EFFECT
    assert outcome.attempts[0].comparison.noise > outcome.attempts[0].comparison.gain > 0


def test_three_large_gains_are_proven_however_much_they_differ(case):
    """An unfixed run that ends anywhere: 12, 45 and 15 more of a hundred are right."""
    wild = jittering([78, 45, 75], [90, 90, 90])

    def outcome(tree):
        return wild(tree) if get(tree, "optim.lr") < 1.0 else replace(wild(tree), shares=[0.3, 0.44] * 5)

    (attempt,) = case(outcome).repair(fixes=("lower-learning-rate",)).attempts
    assert (attempt.verdict, attempt.seeds) == (Verdict.CURED, (0, 1, 2))


def test_a_single_gain_has_to_be_larger_than_seeds_usually_differ(case):
    """Eight more of a hundred are right: beyond what the samples leave to chance, yet another seed is asked."""
    outcome = case(jittering([80, 80, 80], [88, 80, 80])).repair(fixes=("lower-learning-rate",))
    attempt = outcome.attempts[0]
    assert (attempt.verdict, attempt.kept) == (Verdict.NO_EFFECT, False)
    assert len(attempt.seeds) == 2


def test_where_only_more_validation_samples_could_prove_a_gain_that_is_said(case):
    """Three more of a hundred under each seed: another hundred might have shown none."""
    attempt = attempt_at(case(jittering([80, 80, 80], [83, 83, 83])).repair(fixes=("lower-learning-rate",)), "lower-learning-rate")
    assert (attempt.kept, attempt.seeds) == (False, (0, 1, 2))
    assert attempt.reason == "better, but not proven: 100 validation samples leave as much to chance; more would tell"


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
    for budget in (0.1, 0.5, 1.0, 2.5):
        assert mine.repair(budget=budget, allows=lambda proposal: True).trainings <= budget
    outcome = mine.repair(budget=0.1, allows=lambda proposal: True)
    assert (outcome.trainings, {attempt.verdict for attempt in outcome.attempts}) == (0, {Verdict.NOT_TRIED})
    assert all("the budget has no room for it" in attempt.reason for attempt in outcome.attempts)


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
    assert verdict_of["lower-learning-rate"].verdict is Verdict.DROPPED


def test_with_a_yes_unsafe_fixes_are_tried(case):
    mine = case(lambda tree: Made(WELL, 95) if get(tree, "data.scale") == "standard" else Made(SICK, 50), config(data__scale="none"))
    assert verdicts(mine.repair(allows=lambda proposal: True)) == [("scale-inputs", "cured")]


def test_it_goes_on_with_what_remains(case):
    """First the overflow, then the overfitting that it hid."""

    def outcome(tree):
        if get(tree, "optim.lr") > 0.5:
            return Made(SICK, right=50, status="failed")
        stops = get(tree, "train.early_stopping") > 0
        return Made(WELL, right=90, val_loss=TURNED[:5] if stops else TURNED, losses=0.8 if stops else 1.6)

    mine = case(outcome)
    done = mine.repair(budget=10)
    assert verdicts(done)[:2] == [("lower-learning-rate", "cured"), ("stop-early", "cured")]
    assert attempt_at(done, "stop-early").comparison.metric.name == "val_loss"
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
    # itself, the cure, one that was dropped early, one that failed, and one that might have added to the cure
    assert outcome.trainings == pytest.approx(0.3 + 1 + 0.2 + 0.3 + 0.4)


def test_a_measured_rate_takes_the_place_of_the_guess(case):
    mine = case(by_rate, rate=0.0123)
    assert attempt_at(mine.repair(), "lower-learning-rate").edits[0].value == 0.012


@pytest.mark.parametrize("rate", [None, 5.0, NAN])
def test_a_rate_that_is_to_be_lowered_is_never_raised(case, rate):
    assert attempt_at(case(by_rate, rate=rate).repair(), "lower-learning-rate").edits[0].value == 0.1


def test_a_refused_training_is_not_the_end(case):
    def outcome(tree):
        if get(tree, "optim.clip_norm") == 0 and get(tree, "optim.lr") < 1.0:
            raise AdvisorError("no room on the disk")
        return Made(SICK, right=50, status="failed")

    done = case(outcome).repair()
    refused = attempt_at(done, "lower-learning-rate")
    assert (refused.verdict, refused.reason) == (Verdict.NOT_TRIED, "no room on the disk")
    assert attempt_at(done, "clip-gradients").verdict is Verdict.DROPPED


def test_a_race_in_which_every_training_is_refused_is_not_the_end(case):
    unfixed = config()

    def outcome(tree):
        if tree == unfixed:
            return Made(SICK, right=50, status="failed")
        raise AdvisorError("no room on the disk")

    done = case(outcome).repair()
    refused = [attempt.fix for attempt in done.attempts if attempt.reason == "no room on the disk"]
    assert {"lower-learning-rate", "clip-gradients"} <= set(refused)
    assert (done.status, done.result) == ("unchanged", None)


def test_a_full_disk_ends_everything_and_judges_no_fix(case):
    def outcome(tree):
        if get(tree, "optim.lr") != 1.0:
            raise DiskError("mine-lower-learning-rate: cannot be written (No space left on device)")
        return Made(SICK, right=50, status="failed")

    class Full(Fake):
        def train(self, jobs):
            for refusal in super().train(jobs):
                if refusal is not None:
                    raise refusal
            return [None for _ in jobs]

    mine = case(outcome)
    mine.trainer.__class__ = Full
    with pytest.raises(DiskError, match="No space left"):
        mine.repair(fixes=("lower-learning-rate",))
    assert not (mine.run.path / "attempts.jsonl").exists()


def test_every_attempt_is_on_disk_as_soon_as_it_is_judged(case):
    mine = case(by_rate)
    lines = []
    path = mine.run.path / "attempts.jsonl"
    path.write_bytes(b'{"fix": "torn')
    mine.repair(told=lambda attempt: lines.append(path.read_text(encoding="utf-8").splitlines()))
    assert lines[0][0] == '{"fix": "torn'
    assert [len(known) for known in lines] == [2, 3, 4, 5]
    assert "cured" in [json.loads(line)["verdict"] for line in lines[-1][1:]]


def test_an_attempt_reads_as_the_documentation_says(case):
    document = attempt_at(case(by_rate).repair(), "lower-learning-rate").document()
    assert document.pop("range_test") == {"rates": [], "losses": [], "suggestion": None}
    assert Path(document.pop("run")).name == "mine-lower-learning-rate"
    assert document.pop("signal").keys() == {"rule", "before", "after", "threshold"}
    assert document == {
        "fix": "lower-learning-rate", "edits": [{"path": "optim.lr", "value": 0.1}], "safety": "safe", "seeds": [0], "trainings": 1.0,
        "metric": {"name": "val_balanced_accuracy", "higher_is_better": True, "before": [0.5], "after": [0.95]},
        "verdict": "cured", "kept": True, "rank": "1 of 2 in the race: val_balanced_accuracy 0.95 after 4 of 10 epochs",
    }  # fmt: skip


BY_FIX = {"lower-learning-rate": "optim.lr", "clip-gradients": "optim.clip_norm", "add-warmup": "optim.warmup"}


def racing(**shares):
    """By fix: the share that is right after each epoch; without any of them half is right, and the loss overflows."""

    def outcome(tree):
        default = config()
        fix = next((fix for fix, path in BY_FIX.items() if get(tree, path) != get(default, path)), None)
        if fix is None:
            return Made([*WELL[:-1], NAN], right=50, status="failed")
        curve = shares[fix.replace("-", "_")]
        return Made(WELL, right=round(100 * curve[-1]), shares=curve)

    return outcome


FAST, SLOW, WEAK = [0.9] * 10, [0.5, 0.54, 0.58, 0.65, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97], [0.6] * 10


def test_the_weak_are_dropped_and_the_best_is_trained_to_the_end(case):
    mine = case(racing(lower_learning_rate=WEAK, clip_gradients=FAST, add_warmup=WEAK))
    outcome = mine.repair()
    assert verdicts(outcome) == [("clip-gradients", "cured")]
    assert mine.trainer.trained.count(("mine-clip-gradients", None)) == 1
    assert ("mine-lower-learning-rate", None) not in mine.trainer.trained
    assert "where clip-gradients had 0.9" in attempt_at(outcome, "add-warmup").reason


def test_a_slow_starter_stays_in_the_race(case):
    mine = case(racing(lower_learning_rate=SLOW, clip_gradients=WEAK, add_warmup=[0.6] * 10))
    assert verdicts(mine.repair())[0] == ("lower-learning-rate", "cured")


def test_the_first_named_of_those_who_are_close_goes_first(case):
    wobbling = [0.9, 0.93, 0.9, 0.93, 0.9, 0.93, 0.9, 0.93, 0.9, 0.93]
    mine = case(racing(lower_learning_rate=FAST, clip_gradients=wobbling, add_warmup=WEAK))
    assert verdicts(mine.repair()) == [("lower-learning-rate", "cured")]


def test_two_fixes_that_come_to_one_rate_try_two_rates(case):
    first = attempt_at(case(by_rate, rate=0.01).repair(fixes=("lower-learning-rate",)), "lower-learning-rate")
    entrants = [
        Entrant(replace(first, fix=fix), Subject(fix, apply(first.edits, config())))
        for fix in ("lower-learning-rate", "find-learning-rate")
    ]
    assert [get(each.subject.config, "optim.lr") for each in apart(entrants)] == [0.01, 0.03]


def test_the_second_of_two_rates_is_never_the_one_that_the_run_has(case):
    first = attempt_at(case(by_rate, rate=0.01).repair(fixes=("lower-learning-rate",)), "lower-learning-rate")
    present = config(optim__lr=0.03)
    attempts = [replace(first, fix=fix, config=present) for fix in ("lower-learning-rate", "find-learning-rate")]
    entrants = [Entrant(each, Subject(each.fix, apply(first.edits, present))) for each in attempts]
    assert [get(each.subject.config, "optim.lr") for each in apart(entrants)] == [0.01]


def test_what_never_leads_the_unfixed_run_is_not_trained_to_the_end(case):
    mine = case(racing(lower_learning_rate=[0.5] * 10, clip_gradients=[0.5] * 10, add_warmup=[0.4] * 10))
    outcome = mine.repair()
    assert (outcome.status, verdicts(outcome)[:2]) == ("unchanged", [("find-learning-rate", "not tried"), ("default-recipe", "not tried")])
    assert "no better than the unfixed run" in attempt_at(outcome, "lower-learning-rate").reason
    assert not {"mine-lower-learning-rate", "mine-clip-gradients"} & {name for name, until in mine.trainer.trained if until is None}


def test_the_same_command_goes_on_where_it_was_killed(case):
    """Whatever it had trained by then, the end is the same, and nothing is trained twice."""

    def build():
        return case(racing(lower_learning_rate=WEAK, clip_gradients=FAST, add_warmup=WEAK))

    mine = build()
    expected = mine.repair()
    jobs = len(mine.trainer.trained)
    lines = (mine.run.path / "attempts.jsonl").read_text(encoding="utf-8")
    mine.trainer.trained.clear()
    again = mine.repair()
    assert mine.trainer.trained == []
    assert (verdicts(again), again.trainings, again.result) == (verdicts(expected), expected.trainings, expected.result)
    assert (mine.run.path / "attempts.jsonl").read_text(encoding="utf-8") == lines
    assert jobs == 1 + 3 + 1 + 1 + 1  # itself, both looks, to the end, and one that might have added to it


def test_what_is_far_behind_early_is_not_trained_further(case):
    mine = case(racing(lower_learning_rate=WEAK, clip_gradients=FAST, add_warmup=WEAK))
    mine.repair()
    assert [name for name, until in mine.trainer.trained if until == 4] == ["mine-clip-gradients"]


def test_a_setting_that_stands_out_is_tried_though_no_finding_names_it(case):
    """The record speaks of the numbers alone; that dropout is stronger than networks bear is known before any training."""
    mine = case(lambda tree: Made(WELL, 95) if get(tree, "model.dropout") < 0.5 else Made(SICK, 50), config(model__dropout=0.9))
    outcome = mine.repair(allows=lambda proposal: True)
    assert verdicts(outcome)[0] == ("lower-regularization", "cured")
    assert attempt_at(outcome, "lower-regularization").finding.rule == "non-finite-loss"


def test_what_adds_a_little_to_a_cure_is_proven_beside_the_unfixed_run(case):
    """Four more of a hundred need more seeds than that; both changes together gain 44."""

    def outcome(tree):
        lowered, clipped = (get(tree, path) != get(config(), path) for path in ("optim.lr", "optim.clip_norm"))
        return Made(WELL, 92 if clipped else 86) if lowered else Made(SICK, 50, status="failed")

    done = case(outcome).repair()
    assert verdicts(done) == [("lower-learning-rate", "cured"), ("clip-gradients", "cured")]
    added = attempt_at_last(done, "clip-gradients")
    assert [edit.path for edit in added.edits] == ["optim.lr", "optim.clip_norm"]
    assert (added.comparison.before, added.comparison.after, added.seeds) == ((0.5,), (0.92,), (0,))
    assert added.reason == "on top of lower-learning-rate, from val_balanced_accuracy 0.86 to 0.92"
    assert (done.result.name, done.status, done.notes) == ("mine-lower-learning-rate-clip-gradients", "cured", ())


def test_nothing_is_called_cured_while_something_still_adds_and_the_budget_ends(case):
    def outcome(tree):
        changed = sum(get(tree, path) != get(config(), path) for path in BY_FIX.values())
        return Made(WELL, [50, 86, 91, 96][changed]) if get(tree, "optim.lr") < 1.0 else Made(SICK, 50, status="failed")

    assert case(outcome).repair(budget=10).status == "cured"
    done = case(outcome).repair(budget=3.4)
    assert (done.status, done.remaining) == ("improved", ())
    assert "more may be had" in done.notes[0]


def attempt_at_last(outcome, fix):
    return next(attempt for attempt in reversed(outcome.attempts) if attempt.fix == fix)


def test_a_run_that_swings_is_held_to_the_mean_of_its_last_epochs(case):
    """It ended at its worst: what it would come to in the next epoch is no merit of the fix."""
    swings = [0.5, 0.9] * 4 + [0.9, 0.5]
    mine = case(lambda tree: Made(WELL, 88) if get(tree, "optim.lr") < 1.0 else Made([*WELL[:-1], NAN], 50, shares=swings))
    comparison = mine.repair(fixes=("lower-learning-rate",)).attempts[0].comparison
    assert (comparison.before[0], comparison.after[0], comparison.held_as) == (0.5, 0.88, "the mean of its last epochs")
    assert comparison.gain == pytest.approx(0.88 - 0.74)


def test_a_run_that_falls_to_its_end_is_held_to_its_end(case):
    falls = [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.5]
    mine = case(lambda tree: Made(WELL, 88) if get(tree, "optim.lr") < 1.0 else Made([*WELL[:-1], NAN], 50, shares=falls))
    assert mine.repair(fixes=("lower-learning-rate",)).attempts[0].comparison.gain == pytest.approx(0.38)


def test_what_could_not_be_changed_is_said_with_the_line_to_write(case):
    def outcome(tree):
        notes = ("10 rows were empty", "model.norm was not applied inside rnn (GRU): write self.norm = nn.LayerNorm(width)")
        return replace(by_rate(tree), notes=notes if get(tree, "optim.lr") < 1.0 else notes[:1])

    attempt = attempt_at(case(outcome).repair(), "lower-learning-rate")
    assert attempt.by_hand == ("model.norm was not applied inside rnn (GRU): write self.norm = nn.LayerNorm(width)",)
    assert attempt.document()["by_hand"] == list(attempt.by_hand)


def test_a_fix_that_does_not_reach_the_module_is_not_trained(case):
    mine = case(by_rate, config(model__activation="sigmoid"), closed=("model.activation was not applied to F.sigmoid: write self.act",))
    outcome = mine.repair(fixes=("use-relu",), allows=lambda proposal: True)
    (attempt,) = outcome.attempts
    assert (attempt.verdict, outcome.trainings) == (Verdict.NOT_TRIED, 0)
    assert "does not reach" in attempt.reason
    assert attempt.by_hand == mine.trainer.closed


def by_schedule(before, after):
    """The lower rate cures; what its last epochs had and its result may be apart, unless the rate falls."""

    def outcome(tree):
        if get(tree, "optim.lr") == 1.0:
            return Made(SICK, right=50, status="failed")
        curve = after if get(tree, "optim.schedule") == "cosine" else before
        return Made(WELL, right=round(100 * curve[-1]), shares=curve)

    return outcome


STEADY, FELL_BACK = [0.9] * 10, [0.9] * 8 + [0.95, 0.9]


@pytest.mark.parametrize(("before", "tried"), [(FELL_BACK, True), (STEADY, False)], ids=["fell back", "steady"])
def test_a_result_below_its_last_epochs_is_tried_with_a_falling_rate(case, before, tried):
    outcome = case(by_schedule(before, [0.96] * 10)).repair()
    assert any(attempt.fix == "add-schedule" and attempt.kept for attempt in outcome.attempts) is tried


@pytest.mark.parametrize(("hidden", "tried"), [([5, 5], True), ([64, 64], False)], ids=["narrow", "wide"])
def test_a_cured_network_of_few_units_is_tried_with_more(case, hidden, tried):
    mine = case(by_schedule(STEADY, STEADY), config(model__hidden=hidden))
    assert any(attempt.fix == "widen-model" for attempt in mine.repair(allows=lambda proposal: True).attempts) is tried


def test_a_rate_that_the_range_test_finds_again_is_tried_threefold(case):
    outcome = case(by_rate, rate=0.01).repair()
    rates = [attempt.edits[0].value for attempt in outcome.attempts if attempt.fix == "find-learning-rate"]
    assert rates[-1] == 0.03


def test_what_restrains_a_network_comes_on_top_of_stopping_early(case):
    """Each a training of its own: a part of the epochs tells nothing of them."""

    def outcome(tree):
        stops, restrained = get(tree, "train.early_stopping") > 0, get(tree, "optim.l2") > 0
        stopped = joined(TURNED[:4], straight(0.81, 0.8, 6))
        return Made(WELL, 80, val_loss=stopped if stops else TURNED, losses=(0.3 if restrained else 0.5) if stops else 4.0)

    done = case(outcome).repair()
    assert ("add-l2", "cured") in verdicts(done)
    assert done.result.name == "mine-stop-early-add-l2"


def test_what_keeps_a_loss_from_jumping_is_trained_to_the_end_however_slowly_it_begins(case):
    """No jump came in the part of the epochs that a race sees."""
    calm = falling(2.3, 0.3, 40, pace=4.0)
    jumping = calm + 0.8 * np.isin(np.arange(40), (20, 26, 32, 38))

    def outcome(tree):
        if get(tree, "optim.clip_norm") > 0:
            return Made(calm, 95, shares=[0.3] * 30 + [0.95] * 10)
        return Made(jumping, 60, shares=[0.6] * 40)

    mine = case(outcome, config(train__epochs=40, optim__lr=0.01))
    assert [finding.rule for finding in serious(diagnose(mine.run))] == ["loss-spikes"]
    assert verdicts(mine.repair()) == [("clip-gradients", "cured")]


def test_a_race_leaves_room_to_train_the_best_to_the_end(case):
    outcome = case(by_rate).repair(budget=1.0)
    assert (attempt_at(outcome, "lower-learning-rate").verdict, outcome.trainings) == (Verdict.CURED, 1.0)


def test_a_rate_that_is_to_be_lowered_does_not_stay_as_the_range_test_finds_it(case):
    assert attempt_at(case(by_rate, rate=0.95).repair(), "lower-learning-rate").edits[0].value == 0.1


def known(right):
    """The first so many of the validation samples found by a method that is not trained."""
    targets = np.arange(SAMPLES) % 2
    return Scores(targets, np.where(np.arange(SAMPLES) < right, targets, 1 - targets))


def test_what_another_method_does_clearly_better_is_not_called_cured(case):
    mine = case(racing(lower_learning_rate=[0.8] * 10, clip_gradients=WEAK, add_warmup=WEAK))
    assert mine.repair().status == "cured"
    mine.trainer.solved = known(95)
    done = mine.repair()
    assert (done.status, done.remaining) == ("improved", ())
    assert done.notes[-1].endswith("reaches val_balanced_accuracy 0.95 where the result has 0.8")


@pytest.mark.parametrize("right", [82, 60])
def test_another_method_within_the_noise_or_behind_leaves_a_cure_as_it_is(case, right):
    mine = case(racing(lower_learning_rate=[0.8] * 10, clip_gradients=WEAK, add_warmup=WEAK))
    mine.trainer.solved = known(right)
    assert mine.repair().status == "cured"


def test_nothing_is_added_where_another_method_comes_to_the_same(case):
    def outcome(tree):
        lowered, clipped = (get(tree, path) != get(config(), path) for path in ("optim.lr", "optim.clip_norm"))
        return Made(WELL, 92 if clipped else 86) if lowered else Made(SICK, 50, status="failed")

    mine = case(outcome)
    mine.trainer.solved = known(86)
    done = mine.repair()
    assert (done.status, verdicts(done)) == ("cured", [("lower-learning-rate", "cured")])


def test_a_wider_network_is_tried_on_top_where_another_method_shows_that_much_is_missing(case):
    def outcome(tree):
        if get(tree, "optim.lr") == 1.0:
            return Made(SICK, 50, status="failed")
        return Made(WELL, 95 if max(get(tree, "model.hidden")) > 64 else 70)

    mine = case(outcome)
    assert mine.repair(allows=lambda proposal: True).status == "cured"
    mine.trainer.solved = known(95)
    done = mine.repair(allows=lambda proposal: True)
    assert (done.status, verdicts(done)[-1]) == ("cured", ("widen-model", "cured"))


def test_a_result_above_all_last_epochs_of_a_run_that_swings_is_proven(case):
    """Its swings of 0.4 would hide any gain; above its best the fixed run stands by more than its own noise."""
    swings = [0.1, 0.5] * 5
    mine = case(lambda tree: Made(WELL, 72) if get(tree, "optim.lr") < 1.0 else Made([*WELL[:-1], NAN], 50, shares=swings))
    attempt = mine.repair(fixes=("lower-learning-rate",)).attempts[0]
    assert (attempt.verdict, attempt.seeds, attempt.comparison.held_to) == ("cured", (0, 1), (0.5, 0.5))


def test_to_rise_to_what_a_guess_comes_to_is_no_gain(case):
    """Two classes: 30 of 100 right is worse than naming one of them for all, and 52 is hardly better."""
    mine = case(lambda tree: Made(WELL, 52) if get(tree, "optim.lr") < 1.0 else Made(SICK, 30))
    attempt = mine.repair(fixes=("lower-learning-rate",)).attempts[0]
    assert (attempt.verdict, attempt.comparison.before[0], attempt.comparison.held_to[0]) == ("no effect", 0.3, 0.5)


def dull(right):
    """A training that no rule minds, with so many right after each of its epochs."""
    return {"train_loss": falling(2.3, 0.5, epochs=10), "shares": [right / 100] * 10, "right": right}


def test_a_run_without_a_finding_that_falls_far_short_of_another_method_is_treated(case):
    mine = case(lambda tree: Made(**dull(75)) if get(tree, "optim.lr") == 1.0 else Made(**dull(95)), rate=0.1, solved=known(96))
    report = beside_yardstick(diagnose(mine.run), Tools(mine.trainer, mine.trainer.read))
    assert [finding.rule for finding in serious(report)] == ["underfitting"]
    assert "ends at 0.75, where kernel ridge regression" in report.findings[0].message
    done = repair(mine.run, report, Tools(mine.trainer, mine.trainer.read), Options())
    assert (done.status, attempt_at_last(done, "find-learning-rate").signal) == ("cured", 0.95)


@pytest.mark.parametrize("solved", [known(80), known(50), None])
def test_a_run_without_a_finding_near_what_another_method_reaches_is_left_alone(case, solved):
    mine = case(lambda tree: Made(**dull(75)), solved=solved)
    report = diagnose(mine.run)
    assert beside_yardstick(report, Tools(mine.trainer, mine.trainer.read)) == report


LEVELLED = {"train_loss": falling(2.3, 0.5, epochs=30, pace=3.0), "shares": [0.8] * 30, "right": 80}


@pytest.mark.parametrize(("kind", "first"), [("perceptron", ["widen-model"]), ("mlp", [])])
def test_a_model_without_any_non_linearity_has_to_fall_less_short_to_be_treated(case, kind, first, monkeypatch):
    monkeypatch.setattr(Yardstick, "lead", lambda yardstick, scores: Lead(ACCURACY, 0.84, 0.8, 0.005))
    mine = case(lambda tree: Made(**LEVELLED), tree=config(model__kind=kind, train__epochs=30), solved=known(84))
    report = beside_yardstick(diagnose(mine.run), Tools(mine.trainer, mine.trainer.read))
    assert [finding.fixes[0].fix for finding in serious(report)] == first


@pytest.mark.parametrize(("kind", "until"), [("perceptron", 5), ("mlp", None)])
def test_a_first_hidden_layer_is_raced_and_a_wider_one_is_trained_to_the_end(case, kind, until):
    mine = case(lambda tree: Made(**LEVELLED), tree=config(model__kind=kind, train__epochs=30), solved=known(99))
    tools = Tools(mine.trainer, mine.trainer.read)
    repair(mine.run, beside_yardstick(diagnose(mine.run), tools), tools, Options(allows=lambda proposal: True))
    assert dict(reversed(mine.trainer.trained))["mine-widen-model"] == until


def test_a_gain_that_leaves_a_run_far_short_of_another_method_is_no_cure(case):
    mine = case(lambda tree: Made(**dull(50)) if get(tree, "optim.lr") == 1.0 else Made(**dull(75)), rate=0.1, solved=known(96))
    report = beside_yardstick(diagnose(mine.run), Tools(mine.trainer, mine.trainer.read))
    done = repair(mine.run, report, Tools(mine.trainer, mine.trainer.read), Options())
    assert (done.status, attempt_at_last(done, "find-learning-rate").verdict) == ("improved", "improved")


@pytest.mark.parametrize(("loss", "seeds"), [(0.3, (0,)), (0.9, (0, 1))], ids=["falls with it", "hardly falls"])
def test_a_gain_that_the_validation_loss_bears_out_is_proven_by_one_seed(case, loss, seeds):
    def outcome(tree):
        if get(tree, "optim.lr") < 1.0:
            return Made(WELL, 88, val_loss=[loss] * 10, losses=loss)
        return Made([*WELL[:-1], NAN], 80, val_loss=[1.0] * 10)

    attempt = case(outcome).repair(fixes=("lower-learning-rate",)).attempts[0]
    assert (attempt.verdict, attempt.seeds, bool(attempt.comparison.witness)) == ("cured", seeds, len(seeds) == 1)
    borne_out = {"name": "val_loss", "higher_is_better": False, "before": [1.0], "after": [0.3]}
    assert attempt.document().get("borne_out_by") == (borne_out if attempt.comparison.witness else None)


def test_the_second_of_two_rates_far_above_the_usual_lies_between_both(case):
    first = attempt_at(case(by_rate, rate=0.1).repair(fixes=("lower-learning-rate",)), "lower-learning-rate")
    entrants = [
        Entrant(replace(first, fix=fix), Subject(fix, apply(first.edits, config())))
        for fix in ("lower-learning-rate", "find-learning-rate")
    ]
    assert [get(each.subject.config, "optim.lr") for each in apart(entrants)] == [0.1, 0.01]


def test_another_optimiser_at_a_measured_rate_far_above_its_usual_one_takes_one_between_both(case):
    mine = case(by_rate, config(optim__name="sgd", optim__lr=1.0), rate=0.1)
    edits = attempt_at(mine.repair(fixes=("switch-optimizer",)), "switch-optimizer").edits
    assert {edit.path: edit.value for edit in edits} == {"optim.name": "adam", "optim.lr": 0.01}


def test_before_one_fix_is_tried_under_further_seeds_its_rival_is_trained_to_the_end(case):
    mine = case(racing(lower_learning_rate=[0.58] * 10, clip_gradients=[0.57] * 7 + [0.95] * 3, add_warmup=[0.5] * 10))
    outcome = mine.repair()
    assert verdicts(outcome)[0] == ("clip-gradients", "cured")
    assert not [name for name, _ in mine.trainer.trained if "seed" in name]


def test_of_two_that_one_seed_leaves_open_the_better_one_is_tried_under_further_seeds(case):
    mine = case(racing(lower_learning_rate=[0.57] * 10, clip_gradients=[0.56] * 7 + [0.59] * 3, add_warmup=[0.5] * 10))
    outcome = mine.repair(budget=9)
    seeds = {attempt.fix: attempt.seeds for attempt in outcome.attempts if attempt.verdict is not Verdict.DROPPED}
    assert (seeds["lower-learning-rate"], seeds["clip-gradients"]) == ((0,), (0, 1))


def test_a_result_that_swings_to_the_end_is_tried_with_a_rate_that_falls_to_zero(case):
    def outcome(tree):
        if get(tree, "optim.lr") == 1.0:
            return Made([*WELL[:-1], NAN], 50)
        return Made(WELL, 90) if get(tree, "optim.schedule") == "cosine" else Made(WELL, 75, shares=[0.65, 0.85] * 5)

    kept = next(attempt for attempt in case(outcome).repair().attempts if attempt.kept)
    assert (kept.fix, kept.seeds, kept.verdict) == ("lower-learning-rate", (0,), "cured")
    assert [edit.path for edit in kept.edits] == ["optim.lr", "optim.schedule"]


@pytest.mark.parametrize(("sureness", "is_kept"), [(0.5, True), (0.9, False)], ids=["as sure", "less sure"])
def test_what_is_right_a_little_more_often_is_added_where_it_is_no_less_sure(case, sureness, is_kept):
    def outcome(tree):
        if get(tree, "optim.lr") == 1.0:
            return Made(SICK, 50, status="failed")
        is_added = get(tree, "optim.clip_norm") > 0
        return Made(WELL, 88 if is_added else 85, losses=sureness if is_added else 0.5)

    done = case(outcome).repair()
    assert done.result.name == "mine-lower-learning-rate" + "-clip-gradients" * is_kept


@pytest.mark.parametrize(
    ("tree", "recorded", "fix"),
    [
        ({"data__batch_size": 256}, {"facts": {"samples": 500}}, "change-batch-size"),
        ({"data__batch_size": "full"}, {"facts": {"samples": 500}}, "change-batch-size"),
        ({"model__init": "tiny"}, {}, "reinitialize"),
        ({"optim__clip_norm": 0.01}, {"grad_norm": [1.0, 1.0]}, "clip-gradients"),
        ({"train__loss": "mae"}, {"facts": {"task": "classification"}}, "change-loss"),
    ],
    ids=["few steps", "one step", "tiny weights", "clipped", "classes for numbers"],
)
def test_first_weights_few_steps_and_a_bound_that_shortens_every_gradient_stand_out(tree, recorded, fix):
    assert suspected(record(config=config(optim__lr=0.001, **tree), train_loss=WELL, **recorded)) == [fix]
    assert suspected(record(config=config(optim__lr=0.001), train_loss=WELL, **recorded)) == []


def test_a_run_that_still_improved_is_given_more_epochs_where_another_method_does_better(case):
    still = straight(1.0, 0.5, 10)
    short = {"train_loss": still, "val_loss": still, "shares": straight(0.6, 0.85, 10), "right": 85}
    mine = case(lambda tree: Made(**short), solved=known(96))
    report = beside_yardstick(diagnose(mine.run), Tools(mine.trainer, mine.trainer.read))
    assert report.findings[0].fixes[0].fix == "train-longer"


@pytest.mark.parametrize(("epochs", "first"), [(7, "train-longer"), (8, "find-learning-rate")])
def test_of_few_epochs_the_number_itself_is_suspected_first(case, epochs, first):
    levelled = {"train_loss": [1.0, *[0.7] * (epochs - 1)], "shares": [0.7] * epochs, "right": 70}
    mine = case(lambda tree: Made(**levelled), config(train__epochs=epochs), solved=known(96))
    report = beside_yardstick(diagnose(mine.run), Tools(mine.trainer, mine.trainer.read))
    assert serious(report)[0].fixes[0].fix == first


def test_a_training_too_short_for_a_race_is_first_given_what_is_named_first(case):
    def outcome(tree):
        is_long = get(tree, "train.epochs") > 5
        losses = falling(1.0, 0.1, 20) if is_long else straight(1.0, 0.6, 5)
        shares = straight(0.7, 0.95, 20) if is_long else straight(0.5, 0.7, 5)
        return Made(losses, 95 if is_long else 70, val_loss=losses, shares=shares)

    mine = case(outcome, config(train__epochs=5), rate=0.1, solved=known(96))
    tools = Tools(mine.trainer, mine.trainer.read)
    done = repair(mine.run, beside_yardstick(diagnose(mine.run), tools), tools, Options(allows=lambda proposal: True))
    assert [(each.fix, each.verdict) for each in done.attempts] == [("train-longer", "cured")]


def test_the_way_up_of_few_epochs_is_no_noise_that_hides_a_gain():
    targets = np.linspace(-1, 1, SAMPLES)

    def trial(share, r2):
        run = record(train_loss=WELL, val_loss=WELL, val_r2=r2)
        return Trial(run, diagnose(run), Scores(targets, share * targets))

    before, after = trial(0.82, [0.3, 0.8, 0.95, 0.965, 0.97]), trial(0.92, [0.7, 0.95, 0.985, 0.992, 0.994])
    assert compare([before], [after], R2).is_better


def test_more_units_come_before_a_race_where_too_few_are_named_as_the_cause(case):
    def outcome(tree):
        is_wide = max(get(tree, "model.hidden")) >= 32
        is_normed = get(tree, "model.norm") != "none"
        return Made(WELL, 95, trained=0.97) if is_wide else Made(falling(0.7, 0.6, 10), 80 if is_normed else 55, trained=0.55)

    done = case(outcome, config(model__hidden=[4] * 8, optim__lr=0.001)).repair(allows=lambda proposal: True)
    first = next(each for each in done.attempts if each.trainings)
    assert (first.fix, first.verdict) == ("widen-model", "cured")


def test_what_restrains_is_added_though_another_method_learns_as_much_by_heart(case):
    def outcome(tree):
        if not get(tree, "train.early_stopping"):
            return Made(falling(2.3, 0.1, 10), 70, val_loss=TURNED, losses=1.6)
        is_restrained = get(tree, "model.dropout") > 0
        losses = falling(2.3, 0.4 if is_restrained else 0.9, 10)
        return Made(losses, 85 if is_restrained else 72, val_loss=losses, losses=0.4 if is_restrained else 0.9)

    done = case(outcome, solved=known(72)).repair(allows=lambda proposal: True)
    assert {attempt.fix for attempt in done.attempts if attempt.kept} >= {"stop-early", "add-dropout"}


def test_where_nothing_that_is_proposed_helps_a_falling_rate_is_tried_too(case):
    def outcome(tree):
        return Made(WELL, 90) if get(tree, "optim.schedule") == "cosine" else Made([*WELL[:-1], NAN], 50)

    assert attempt_at(case(outcome).repair(), "add-schedule").verdict == "cured"


def test_before_a_small_gain_is_tried_under_further_seeds_a_fix_that_shows_late_is_trained(case):
    def outcome(tree):
        is_wide = max(get(tree, "model.hidden")) >= 32
        return Made(**dull(95 if is_wide else 58 if get(tree, "optim.lr") != 1.0 else 50))

    mine = case(outcome, config(model__hidden=[4]), rate=0.1, solved=known(96))
    tools = Tools(mine.trainer, mine.trainer.read)
    asked = Options(allows=lambda proposal: proposal.fix in {"find-learning-rate", "widen-model"})
    done = repair(mine.run, beside_yardstick(diagnose(mine.run), tools), tools, asked)
    assert not [name for name, _ in mine.trainer.trained if "seed" in name]
    assert attempt_at_last(done, "widen-model").verdict == "cured"


def test_how_far_below_a_guess_numbers_swing_hides_no_gain():
    targets = np.linspace(-1, 1, SAMPLES)

    def trial(predictions, r2):
        run = record(train_loss=WELL, val_loss=WELL, val_r2=r2)
        return Trial(run, diagnose(run), Scores(targets, predictions))

    wild, sound = trial(-3 * targets, [-15.0, -1.0] * 5), trial(0.7 * targets, [0.91] * 10)
    found = compare([wild], [sound], R2)
    assert (found.is_better, found.held_to) == (True, (0.0,))


@pytest.mark.parametrize(("trained", "solved", "status"), [(0.8, None, "improved"), (0.8, 80, "cured"), (0.97, None, "cured")])
def test_nothing_is_called_cured_whose_training_ends_poor_unless_another_method_comes_to_the_same(case, trained, solved, status):
    mine = case(lambda tree: Made(WELL, 80, trained=trained) if get(tree, "optim.lr") < 1.0 else Made(SICK, 50, status="failed"))
    mine.trainer.solved = known(solved) if solved else None
    done = mine.repair()
    assert (done.status, done.remaining) == (status, ())
    assert [note.endswith("training itself ends at 0.8") for note in done.notes] == [True] * (status == "improved")


@pytest.mark.parametrize(("fix", "is_asked"), [("default-recipe", True), ("lower-learning-rate", False)])
def test_which_change_mattered_is_asked_where_one_fix_makes_many(case, fix, is_asked):
    def outcome(tree):
        low = get(tree, "optim.lr") < 1.0
        return Made(WELL, 97) if low else Made(falling(2.3, 2.29, epochs=10), 10)

    attempt = attempt_at(case(outcome).repair(fixes=(fix,), allows=lambda proposal: True, budget=20.0), fix)
    assert attempt.kept
    assert (attempt.attribution is not None) is is_asked
