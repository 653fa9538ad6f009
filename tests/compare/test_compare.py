"""Which run is best, by what, and whether that is more than chance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from advisor.compare import compare
from advisor.errors import AdvisorError
from advisor.rules.examples import falling, record, shaken

CONFIG = {"data": {"source": "digits"}, "optim": {"lr": 0.1}, "train": {"seed": 0}}


def run(name, config=None, facts=None, about=None, columns=None, **series):
    told = {key: value for key, value in (("facts", facts), ("about", about), ("columns", columns)) if value is not None}
    return replace(record(config=config, **told, **series), name=name, path=Path("runs") / name)


def seeded(name, seed, value, **optim):
    """A run of digits with a validation accuracy that is still at the end."""
    config = {**CONFIG, "optim": {**CONFIG["optim"], **optim}, "train": {"seed": seed}}
    return run(name, config, {"validation_samples": 10_000}, val_accuracy=np.full(20, value))


def test_balanced_accuracy_decides_before_accuracy_and_loss():
    a, b = (
        run(
            name,
            columns={"val_metric": "val_balanced_accuracy"},
            train_loss=[1, loss],
            val_loss=[1, loss],
            val_accuracy=[0, one],
            val_metric=[0, two],
        )
        for name, loss, one, two in (("a", 0.1, 0.9, 0.5), ("b", 0.2, 0.8, 0.6))
    )
    found = compare([a, b])
    assert (found.metric.name, found.best.name) == ("val_balanced_accuracy", "b")


def test_r2_decides_for_numbers():
    a, b = (run(name, columns={"val_metric": "val_r2"}, val_loss=[1, 0.1], val_metric=[0, r2]) for name, r2 in (("a", 0.9), ("b", 0.5)))
    found = compare([a, b])
    assert (found.metric.name, found.best.name) == ("val_r2", "a")


def test_only_what_all_runs_have_decides():
    found = compare([run("a", val_accuracy=[0.1, 0.9], train_loss=[2, 1]), run("b", train_loss=[2, 0.5])])
    assert (found.metric.name, found.best.name) == ("train_loss", "b")


def test_losses_of_different_functions_decide_nothing():
    with pytest.raises(AdvisorError, match="cross_entropy, mse"):
        compare([run("a", facts={"loss": "cross_entropy"}, val_loss=[2, 1]), run("b", facts={"loss": "mse"}, val_loss=[1, 0.5])])


@pytest.mark.parametrize("runs", [[], [run("a", val_loss=[1, 2])], [run("a", val_loss=[1, 2]), run("b", val_accuracy=[0, 1])]])
def test_what_cannot_be_compared_is_refused_in_one_line(runs):
    with pytest.raises(AdvisorError) as refusal:
        compare(runs)
    assert "\n" not in str(refusal.value)
    assert "expected" in str(refusal.value)


def test_the_result_is_the_epoch_that_the_run_names():
    stopped = run("stopped", about={"result": {"epoch": 2}}, val_loss=[1.0, 0.2, 0.9])
    found = compare([stopped, run("other", val_loss=[1.0, 0.6, 0.5])])
    assert (found.best.name, found.results[0].value, found.results[0].epoch) == ("stopped", 0.2, 2)


@pytest.mark.parametrize(("gain", "beyond"), [(0.3, True), (0.01, False)])
def test_a_gain_counts_only_beyond_the_jumps_of_the_last_epochs(gain, beyond):
    a, b = (run(name, val_loss=shaken(falling(2.0, end, 40), 0.02, seed)) for name, end, seed in (("a", 1.0, 1), ("b", 1.0 - gain, 2)))
    found = compare([a, b])
    assert found.is_beyond_noise is beyond
    assert found.contests[0].cause == "epochs"


def test_a_steady_climb_is_no_jump_of_the_last_epochs():
    slow, done = run("slow", val_accuracy=np.linspace(0.2, 0.7, 6)), run("done", val_accuracy=shaken(np.full(6, 0.95), 0.002))
    assert compare([slow, done]).is_beyond_noise


def test_the_best_is_held_against_the_next_of_those_that_chance_may_have_put_behind_it():
    wild, near = (run(name, val_accuracy=np.tile(pair, 10)) for name, pair in (("wild", [0.9, 0.2]), ("next", [0.96, 0.93])))
    runs = [run("best", val_accuracy=np.full(20, 0.95)), wild, near]
    assert [contest.other.name for contest in compare(runs).contests] == ["next", "wild"]


@pytest.mark.parametrize(("samples", "beyond"), [(100, False), (100_000, True)])
def test_the_size_of_the_validation_part_says_what_a_gain_in_accuracy_is_worth(samples, beyond):
    a, b = (run(name, facts={"validation_samples": samples}, val_accuracy=np.full(20, share)) for name, share in (("a", 0.90), ("b", 0.92)))
    found = compare([a, b])
    assert found.is_beyond_noise is beyond
    assert found.contests[0].cause == "samples"


def test_the_sampling_error_of_accuracy_is_that_of_drawing_samples():
    rng = np.random.default_rng(0)
    drawn = rng.binomial(359, 0.95, 20_000) / 359
    result = compare([run(name, facts={"validation_samples": 359}, val_accuracy=[0.5, 0.95]) for name in "ab"]).results[0]
    assert result.sampling == pytest.approx(drawn.std(), rel=0.15)


def test_the_sampling_error_of_balanced_accuracy_is_that_of_drawing_samples_by_class():
    rng = np.random.default_rng(0)
    drawn = np.mean([rng.binomial(n, 0.8, 20_000) / n for n in (270, 30)], axis=0)
    facts = {"validation_samples": 300, "class_shares": [0.9, 0.1]}
    both = [run(name, facts=facts, columns={"val_metric": "val_balanced_accuracy"}, val_metric=[0.5, 0.8]) for name in "ab"]
    assert compare(both).results[0].sampling == pytest.approx(drawn.std(), rel=0.1)


def test_runs_that_differ_in_the_seed_only_are_one_config():
    runs = [seeded(f"a{i}", i, value) for i, value in enumerate((0.90, 0.91, 0.92))]
    runs += [seeded(f"b{i}", i, value, lr=0.2) for i, value in enumerate((0.95, 0.96, 0.97))]
    found = compare(runs)
    assert [len(group.runs) for group in found.groups] == [3, 3]
    assert found.best.value == pytest.approx(0.96)
    assert found.best_run.name == "b2"
    assert found.contests[0].cause == "seeds"
    assert found.contests[0].noise == pytest.approx(2 * 0.01 * np.sqrt(2 / 3))
    assert found.is_beyond_noise


def test_a_spread_over_seeds_hides_a_small_gain():
    runs = [seeded(f"a{i}", i, value) for i, value in enumerate((0.80, 0.90, 0.98))]
    runs += [seeded(f"b{i}", i, value, lr=0.2) for i, value in enumerate((0.82, 0.93, 0.97))]
    assert not compare(runs).is_beyond_noise


def test_seeds_of_one_config_have_no_best():
    found = compare([seeded(f"a{i}", i, value) for i, value in enumerate((0.5, 0.9))])
    assert (found.best, found.is_beyond_noise, len(found.groups)) == (None, False, 2)


def test_a_run_that_ended_without_a_number_is_behind_any_other():
    found = compare([run("lost", val_loss=[1.0, np.nan]), run("poor", val_loss=[9.0, 8.0])])
    assert (found.best.name, found.is_beyond_noise) == ("poor", True)


def test_where_nothing_is_known_of_chance_nothing_is_beyond_it():
    assert not compare([run("a", val_loss=[1.0]), run("b", val_loss=[0.5])]).is_beyond_noise


def test_equal_runs_have_no_best():
    assert compare([run("a", val_loss=[1.0, 0.5]), run("b", val_loss=[1.0, 0.5])]).best is None


def test_results_on_other_data_are_not_ranked_and_on_another_part_are_noted():
    other = {**CONFIG, "data": {"source": "iris"}}
    assert compare([run("a", CONFIG, val_loss=[1, 0.5]), run("b", other, val_loss=[1, 0.9])]).best is None
    moved = {**CONFIG, "data": {"source": "digits", "seed": 1}}
    found = compare([run("a", {**CONFIG, "data": {"source": "digits", "seed": 0}}, val_loss=[1, 0.5]), run("b", moved, val_loss=[1, 0.9])])
    assert found.best.name == "a"
    assert "data.seed differs" in found.notes[0]


def test_what_differs_is_listed_by_path_with_a_value_for_each_run():
    wide = {**CONFIG, "optim": {"lr": 0.1, "momentum": 0.9}}
    found = compare([run("a", CONFIG, val_loss=[1, 0.5]), run("b", wide, val_loss=[1, 0.4]), run("c", None, val_loss=[1, 0.3])])
    assert [(one.path, one.values) for one in found.differences] == [("optim.momentum", (None, 0.9, None))]


def test_the_same_file_named_from_two_folders_is_no_difference():
    def named(name, path):
        config = {**CONFIG, "data": {"source": path}}
        return replace(run("r", config, val_loss=[1, 0.5]), name=name, path=Path(name))

    assert compare([named("runs/a", "../../data.csv"), named("b", "../data.csv")]).differences == ()


def test_the_document_is_what_the_contract_says():
    document = compare([seeded("a", 0, 0.9), seeded("b", 0, 0.5, lr=0.3)]).document()
    assert list(document) == ["schema", "runs", "config_diff", "metric", "best", "beyond_noise"]
    assert document["config_diff"] == [{"path": "optim.lr", "values": [0.1, 0.3]}]
    assert (document["metric"], document["best"], document["beyond_noise"]) == ("val_accuracy", "runs/a", True)
    assert [entry["value"] for entry in document["runs"]] == [0.9, 0.5]


def test_runs_of_one_name_are_told_apart_by_their_paths():
    a, b = (replace(run("x", val_loss=[1, value]), path=Path(folder) / "x") for folder, value in (("one", 0.5), ("two", 0.4)))
    assert compare([a, b]).names == ("one/x", "two/x")
