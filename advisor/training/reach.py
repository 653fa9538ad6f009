"""Whether a change of the Config reaches a module of the user's own: its activations may be functions, its layers closed."""

import torch
from torch import nn

from advisor.config import Config
from advisor.config.places import place_of
from advisor.own_code import NOT_APPLIED
from advisor.training.functions_called import answers_of
from advisor.training.setup import Setup, set_up


def unreached(config: Config, changed: Config) -> tuple[str, ...] | None:
    """What to write by hand where both Configs give the same module; None where they do not, or where the model is a built-in one."""
    if place_of(config.model.kind) != "function":
        return None
    before, after = set_up(config), set_up(changed)
    return _by_hand(after) if _are_alike(before.model, after.model) else None


def _by_hand(setup: Setup) -> tuple[str, ...]:
    return tuple(note for note in setup.notes if NOT_APPLIED in note)


def _are_alike(one: nn.Module, other: nn.Module) -> bool:
    """Whether two networks are built the same, and start from the same weights."""
    weights, others = one.state_dict(), other.state_dict()
    return (
        repr(one) == repr(other)
        and answers_of(one) == answers_of(other)
        and weights.keys() == others.keys()
        and all(torch.equal(value, others[name]) for name, value in weights.items())
        and [each.requires_grad for each in one.parameters()] == [each.requires_grad for each in other.parameters()]
    )
