"""The lessons in examples/: their commands run as they stand there, and what they claim is true for three seeds."""

import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from advisor.cli import commands
from advisor.cli._rim import run
from advisor.compare import compare
from advisor.config import load
from advisor.readers import load as read
from advisor.signals.chance import late_spread

EXAMPLES = Path(__file__).parents[1] / "examples"
LESSONS = sorted(path.stem for path in EXAMPLES.glob("*.toml"))
SEEDS = (0, 1, 2)
FAILED = {"lr-high"}  # runs that are meant to end with NaN


def commands_of(lesson):
    """The command lines in the comment of a lesson, as they stand there."""
    lines = (EXAMPLES / f"{lesson}.toml").read_text(encoding="utf-8").splitlines()
    comments = [line.removeprefix("#").removeprefix(" Do:").strip() for line in lines if line.startswith("#")]
    return [line for line in comments if line.startswith("advisor ")]


class Lesson:
    """The runs of a lesson under several seeds, by name."""

    def __init__(self, name, folder):
        self.runs = {}
        for seed in SEEDS:
            for line in commands_of(name):
                self.obey(shlex.split(line)[1:], seed, folder / f"seed{seed}")

    def obey(self, command, seed, folder):
        shutil.copytree(EXAMPLES, folder / "examples", dirs_exist_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            if command[0] == "compare":
                assert run(commands, command) == 0
                return
            name = command[command.index("--name") + 1]
            assert run(commands, [*command, "--quiet", "--set", f"train.seed={seed}"]) == (1 if name in FAILED else 0)
            self.runs.setdefault(name, []).append(read(folder / "runs" / name))

    def result(self, name, figure="val_balanced_accuracy"):
        """A figure of the result, for each seed."""
        return np.array([run.about["result"][figure] for run in self.runs[name]], dtype=float)

    def spread(self, name, role):
        """How much a curve jitters at the end, for each seed."""
        return np.array([late_spread(run.need(role).values) for run in self.runs[name]])

    def is_proven(self, *names):
        """Whether the first run is best beyond the noise in the eyes of `advisor compare`, all seeds taken together."""
        found = compare([run for name in names for run in self.runs[name]])
        return found.is_beyond_noise and found.best is found.groups[0] and len(found.groups) == len(names)


@pytest.fixture
def lesson(tmp_path):
    return lambda name: Lesson(name, tmp_path)


def test_the_index_names_every_lesson():
    index = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in LESSONS if f"{name}.toml" not in index] == []
    assert [line for name in LESSONS for line in commands_of(name) if f"`{line}`" not in index] == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_is_a_config_with_the_commands_to_run_it(name):
    config = load(EXAMPLES / f"{name}.toml") if name != "transfer" else None
    assert not config or not config.notes
    assert commands_of(name)


@pytest.mark.slow
def test_a_perceptron_guesses_on_circles_and_a_hidden_layer_finds_every_point(lesson):
    circles = lesson("perceptron-or-mlp")
    assert (circles.result("circles-mlp") > 0.98).all()
    assert (circles.result("circles-perceptron") < 0.7).all()
    assert circles.is_proven("circles-mlp", "circles-perceptron")


@pytest.mark.slow
def test_smaller_batches_learn_more_in_an_epoch_and_shake_more(lesson):
    batches = lesson("batch-size")
    one, some, full = (batches.result(f"batch-{size}", "train_loss") for size in ("1", "32", "full"))
    assert (one < some - 0.05).all()
    assert (some < full - 0.05).all()
    assert (batches.spread("batch-1", "val_loss") > 3 * batches.spread("batch-32", "val_loss")).all()
    assert [run.steps for run in (batches.runs[f"batch-{size}"][0] for size in ("1", "32", "full"))] == [3200, 100, 10]


@pytest.mark.slow
def test_momentum_and_adaptive_rates_outrun_plain_descent(lesson):
    optimizers = lesson("optimizers")
    sgd, momentum, rmsprop, adam = (optimizers.result(name, "train_loss") for name in ("sgd", "momentum", "rmsprop", "adam"))
    assert (sgd > 1.0).all()
    assert (momentum < 0.25).all()
    assert (np.maximum(rmsprop, adam) < 0.05).all()


@pytest.mark.slow
def test_a_rate_can_be_too_low_right_and_too_high(lesson):
    rates = lesson("learning-rate")
    assert (rates.result("lr-low") < 0.25).all()
    assert (rates.result("lr-right") > 0.9).all()
    assert np.isnan(rates.result("lr-high", "train_loss")).all()
    assert rates.is_proven("lr-right", "lr-low", "lr-high")


@pytest.mark.slow
def test_neurons_help_until_there_are_enough(lesson):
    spirals = lesson("layers-and-neurons")
    none, few, many, two = (spirals.result(f"spirals-{size}") for size in ("none", "4", "64", "64-64"))
    assert (none < 0.6).all()
    assert (few > none + 0.05).all()
    assert (many > few + 0.15).all()
    assert np.abs(two - many).max() < 0.03


@pytest.mark.slow
def test_through_many_layers_relu_learns_what_sigmoid_cannot(lesson):
    deep = lesson("deep-sigmoid")
    assert (deep.result("deep-sigmoid") < 0.15).all()
    assert (deep.result("deep-relu") > 0.6).all()
    assert deep.is_proven("deep-relu", "deep-sigmoid")


@pytest.mark.slow
def test_batch_norm_makes_deep_sigmoids_learn(lesson):
    norms = lesson("batch-norm")
    assert (norms.result("with-norm") > norms.result("without-norm") + 0.5).all()


@pytest.mark.slow
def test_dropout_keeps_from_learning_wrong_labels(lesson):
    dropouts = lesson("dropout")
    none, half, most = (dropouts.result(f"dropout-{share}") for share in ("none", "half", "most"))
    assert (half > none + 0.03).all()
    assert (most > none + 0.1).all()
    assert (dropouts.result("dropout-none", "train_loss") < dropouts.result("dropout-half", "train_loss") - 0.3).all()


@pytest.mark.slow
def test_penalties_keep_from_learning_wrong_labels(lesson):
    penalties = lesson("weight-penalties")
    for name in ("penalty-l1", "penalty-l2"):
        assert (penalties.result(name) > penalties.result("penalty-none") + 0.05).all()
        assert (penalties.result(name, "train_loss") > penalties.result("penalty-none", "train_loss") + 0.2).all()


@pytest.mark.slow
def test_clipping_keeps_the_first_steps_from_ruining_a_network(lesson):
    clipping = lesson("gradient-clipping")
    assert (clipping.result("unclipped", "val_r2") < 0.05).all()
    assert (clipping.result("clipped", "val_r2") > 0.9).all()
    assert all(run.need("grad_norm").values[0] > 10 for run in clipping.runs["unclipped"])
    assert clipping.is_proven("clipped", "unclipped")


@pytest.mark.slow
def test_schedules_settle_where_a_constant_rate_jumps(lesson):
    schedules = lesson("schedules")
    for name in ("step", "cosine", "onecycle"):
        assert (schedules.spread(name, "val_loss") < schedules.spread("constant", "val_loss") / 5).all()
        assert (schedules.result(name, "train_loss") < schedules.result("constant", "train_loss")).all()


@pytest.mark.slow
def test_early_stopping_keeps_the_best_epoch(lesson):
    stops = lesson("early-stopping")
    assert (stops.result("to-the-end", "val_r2") < 0.25).all()
    assert (stops.result("stopped-early", "val_r2") > 0.45).all()
    assert stops.is_proven("stopped-early", "to-the-end")


@pytest.mark.slow
def test_epochs_can_be_too_few_right_and_too_many(lesson):
    epochs = lesson("epochs")
    few, right, many = (epochs.result(f"epochs-{count}", "val_r2") for count in ("1", "10", "200"))
    assert (few < right - 0.15).all()
    assert (many < right - 0.3).all()
    assert (epochs.result("epochs-200", "train_loss") < epochs.result("epochs-10", "train_loss")).all()


@pytest.mark.slow
def test_what_was_learned_on_other_digits_helps_where_samples_are_few(lesson):
    transfer = lesson("transfer")
    transferred, scratch, frozen = (transfer.result(name) for name in ("transferred", "from-scratch", "frozen"))
    assert (transferred > scratch + 0.08).all()
    assert (frozen < scratch - 0.2).all()
    for pair in zip(transfer.runs["transferred"], transfer.runs["from-scratch"], strict=True):
        assert compare(pair).is_beyond_noise
