"""Short trials say how a rate and the labels do, and leave no trace."""

import torch

from advisor.config import parse
from advisor.training.short_trials import short_trials

BLOBS = {"data": {"source": "blobs"}, "model": {"hidden": [16]}, "optim": {"lr": 0.01}}


def fell(trials, name):
    return 1 - trials[name] / trials["first"]


def test_a_sound_rate_brings_more_than_a_tenth_of_it_and_meaningless_labels_little():
    trials = short_trials(parse(BLOBS))
    assert fell(trials, "as_set") > 2 * fell(trials, "tenth") > 0
    assert fell(trials, "shuffled") < 0.5 * fell(trials, "as_set")


def test_at_a_rate_far_too_high_a_tenth_brings_more():
    trials = short_trials(parse({**BLOBS, "optim": {"lr": 3.0}}))
    assert fell(trials, "tenth") > fell(trials, "as_set")


def test_the_same_config_gives_the_same_numbers_and_leaves_random_numbers_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    assert short_trials(parse(BLOBS)) == short_trials(parse(BLOBS))
    assert torch.equal(torch.get_rng_state(), before)


def test_labels_that_mean_nothing_are_learned_as_fast_when_shuffled():
    from advisor.rules._settings import told_of_labels
    from advisor.rules.examples import record

    trials = {"steps": 40, "first": 2.0, "as_set": 1.6, "shuffled": 1.62}
    assert "shuffled labels were learned as fast (19% of the loss gone" in told_of_labels(record(facts={"probes": {"trials": trials}}))
    assert told_of_labels(record(facts={"probes": {"trials": {**trials, "shuffled": 1.95}}})) == ""
