"""Tables become a Config, or every mistake is named."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.config import defaults, parse
from advisor.config.names import nearest, paths
from advisor.config.parsing import check
from advisor.errors import ConfigError
from advisor.text import printable


def problems_of(tree):
    with pytest.raises(ConfigError) as caught:
        parse(tree)
    return {problem.path: problem for problem in caught.value.problems}


def test_nothing_named_gives_the_documented_defaults():
    config = defaults()
    assert (config.data.source, config.data.validation, config.data.batch_size) == ("digits", 0.2, 32)
    assert (config.model.kind, config.model.hidden, config.model.activation) == ("mlp", (64, 64), "relu")
    assert (config.optim.name, config.optim.lr, config.train.epochs, config.train.threads) == ("adam", 1e-3, 30, 1)
    assert config.notes == ()


def test_a_tree_read_back_gives_the_same_config():
    config = parse({"model": {"kind": "cnn", "dropout": 0.5}, "data": {"batch_size": "full", "limit": 100}})
    assert parse(config.tree()).tree() == config.tree()


def test_a_cnn_has_its_own_default_widths():
    assert parse({"model": {"kind": "cnn"}}).model.hidden == (16, 32)
    assert parse({"model": {"kind": "cnn", "hidden": [8]}}).model.hidden == (8,)


def test_all_mistakes_are_reported_at_once():
    tree = {
        "data": {"batch_size": 0, "validation": 1.5, "shuffle": "yes"},
        "model": {"activation": "reluu", "hidden": [64, -1]},
        "optim": {"learning_rate": 0.1, "momentum": 1},
        "training": {"epochs": 3},
    }
    assert set(problems_of(tree)) == {
        "data.batch_size", "data.validation", "data.shuffle", "model.activation", "model.hidden",
        "optim.learning_rate", "optim.momentum", "training",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("section", "key", "value", "found", "expected"),
    [
        ("data", "batch_size", 0, "0", 'a whole number of at least 1 or "full"'),
        ("data", "batch_size", 8.0, "8.0", 'a whole number of at least 1 or "full"'),
        ("data", "validation", 1, "1", "a number from 0 to 0.9 or a .csv, .tsv or .npz file, a folder of images (folder/)"),
        ("data", "shuffle", 1, "1", "true or false"),
        ("model", "activation", "reluu", '"reluu"', 'did you mean "relu"?'),
        ("model", "hidden", [64, -1], "[64, -1]", "a list of whole numbers of at least 1"),
        ("model", "hidden", 64, "64", "a list of whole numbers of at least 1"),
        ("model", "freeze", True, "true", "a whole number of at least 0"),
        ("model", "kind", "my_net", '"my_net"', "a function FILE.py:FUNCTION"),
        ("optim", "lr", 0, "0", "a number above 0"),
        ("optim", "lr", float("nan"), "nan", "a number above 0"),
        ("optim", "lr", float("inf"), "inf", "a number above 0"),
        ("optim", "lr", "0.1", '"0.1"', "a number above 0"),
        ("optim", "lr", {"peak": 1}, "a table", "a number above 0"),
        ("optim", "momentum", 1, "1", "a number from 0 to below 1"),
        ("train", "seed", 2**32, "4294967296", "a whole number from 0 to 4294967295"),
        ("train", "record_every", 0, "0", 'a whole number of at least 1 or "auto"'),
        ("data", "source", "digitz", '"digitz"', 'did you mean "digits"?'),
        ("data", "source", "net.safetensors", '"net.safetensors"', "a .csv, .tsv or .npz file"),
        ("data", "source", "", '""', "a folder of images"),
    ],
)
def test_a_wrong_value_says_what_was_found_and_expected(section, key, value, found, expected):
    problem = problems_of({section: {key: value}})[f"{section}.{key}"]
    assert problem.found == found
    assert expected in problem.expected


@pytest.mark.parametrize("source", ["iris", "prices.csv", "a/b.TSV", "x.csv.gz", "data.npz", "pictures/", "d.py:f", "pkg.d:f"])
def test_every_form_of_source_is_taken(source):
    assert parse({"data": {"source": source}}).data.source == source


@pytest.mark.parametrize(
    ("tree", "path", "hint"),
    [
        ({"optim": {"learning_rate": 1}}, "optim.learning_rate", "did you mean optim.lr?"),
        ({"optim": {"weight_decay": 1}}, "optim.weight_decay", "did you mean optim.l2?"),
        ({"train": {"batch_size": 1}}, "train.batch_size", "did you mean data.batch_size?"),
        ({"model": {"dropuot": 1}}, "model.dropuot", "did you mean model.dropout?"),
        ({"lr": 1}, "lr", "did you mean optim.lr?"),
        ({"optimizer": {"lr": 1}}, "optimizer", "did you mean [optim]?"),
        ({"data": 3}, "data", "a table [data]"),
        ({"optim.lr": 3}, "optim.lr", "did you mean optim.lr?"),
        ({"data": {"a.b": 1}}, "data.a.b", "one of source, target"),
        ({"optim": {"\x1b[31m": 1}}, "optim.\\x1b[31m", "one of name, lr"),
    ],
)
def test_an_unknown_key_is_told_what_it_probably_means(tree, path, hint):
    assert hint in problems_of(tree)[path].expected


def test_no_alias_points_to_a_key_that_is_not_there():
    from advisor.config.names import ALIASES

    assert set(ALIASES.values()) <= set(paths())
    assert nearest("zzzzzz") is None


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"optim": {"schedule": "onecycle", "warmup": 0.1}}, "optim.warmup"),
        ({"model": {"norm": "batch"}, "data": {"batch_size": 1}}, "model.norm"),
        ({"model": {"norm": "batch"}, "data": {"limit": 1}}, "model.norm"),
        ({"data": {"validation": 0.6, "test": 0.4}}, "data.validation"),
        ({"data": {"validation": "v.csv"}}, "data.validation"),
        ({"data": {"source": "x.npz", "test": "pictures/"}}, "data.test"),
        ({"data": {"source": "data.py:load", "validation": "v.npz"}}, "data.validation"),
        ({"data": {"validation": 0}, "train": {"early_stopping": 5}}, "train.early_stopping"),
        ({"data": {"validation": 0}, "optim": {"schedule": "plateau"}}, "optim.schedule"),
        ({"data": {"task": "regression"}, "train": {"loss": "bce"}}, "train.loss"),
        ({"data": {"task": "classification", "label_noise": 1.5}}, "data.label_noise"),
        ({"model": {"kind": "cnn", "hidden": []}}, "model.hidden"),
        ({"model": {"freeze": 3}}, "model.freeze"),
        ({"model": {"kind": "perceptron", "freeze": 1}}, "model.freeze"),
    ],
)
def test_values_that_cannot_go_together_are_refused(tree, path):
    assert list(problems_of(tree)) == [path]


@pytest.mark.parametrize(
    "tree",
    [
        {"optim": {"schedule": "cosine", "warmup": 0.1}},
        {"model": {"norm": "layer"}, "data": {"batch_size": 1}},
        {"model": {"norm": "batch"}, "data": {"batch_size": "full"}},
        {"data": {"validation": 0.5, "test": 0.4}},
        {"data": {"validation": "data.py:held_out", "source": "data.py:load", "test": "more.data:tested"}},
        {"data": {"validation": "held/out", "source": "pictures/"}},
        {"data": {"validation": 0, "source": "x.npz"}, "train": {"early_stopping": 5}},
        {"data": {"validation": "val.csv", "source": "x.csv", "test": 0.9}, "train": {"early_stopping": 5}},
        {"model": {"freeze": 2}},
        {"model": {"kind": "n.py:f", "freeze": 30}},
    ],
)
def test_near_misses_of_impossible_combinations_are_fine(tree):
    parse(tree)


def test_a_wrong_key_is_not_blamed_twice():
    assert list(problems_of({"optim": {"schedule": "onecycle", "warmup": 0.7}})) == ["optim.warmup"]
    assert list(problems_of({"optim": 1, "train": {"early_stopping": -1}})) == ["optim", "train.early_stopping"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["auto", "full", "batch", "cnn"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["lr", "source"]), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from([path.partition(".")[2] for path in paths()]) | st.text(max_size=8)
names = st.sampled_from(["data", "model", "optim", "train"]) | st.text(max_size=8)


@given(st.dictionaries(names, anything | st.dictionaries(keys, anything, max_size=5), max_size=5))
def test_whatever_the_tables_hold_a_config_or_problems_come_back(tree):
    config, problems = check(tree, Path())
    assert all(printable(str(problem)) == str(problem) for problem in problems)
    assert problems or parse(config.tree())
