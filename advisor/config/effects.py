"""Keys that have no effect because of what other keys say, each with the reason."""

from collections.abc import Callable, Iterator
from typing import Any

from advisor import dotted
from advisor.config.expected import shown
from advisor.config.names import sections
from advisor.config.places import place_of, split_function
from advisor.config.whole import Config, Tree

GENERATED = ("blobs", "circles", "moons", "spirals", "regression")
WITH_MOMENTUM = ("sgd", "rmsprop")

# For each key: why it has no effect, or None where it has.
Reason = Callable[[Config], str | None]


def _under(name: str, applies: bool) -> str | None:
    return None if applies else name


def _only_generated(config: Config) -> str | None:
    return _under(f"with data.source {shown(config.data.source)}", config.data.source in GENERATED)


def _only_tables(config: Config) -> str | None:
    return _under(f"with data.source {shown(config.data.source)}", place_of(config.data.source) in {"table", "function", "arrays"})


def _only_hidden(config: Config) -> str | None:
    return _under('with model.kind "perceptron", which has no hidden layer', config.model.kind != "perceptron")


def _only_built(config: Config) -> str | None:
    return _under("on a module that a function returns", not split_function(config.model.kind))


def _only_for(task: str) -> Reason:
    return lambda config: _under(f'with data.task "{config.data.task}"', config.data.task in {"auto", task})


REASONS: dict[str, tuple[Reason, ...]] = {
    "data.target": (lambda config: _under("outside tables", place_of(config.data.source) == "table"),),
    "data.samples": (_only_generated,),
    "data.noise": (_only_generated,),
    "data.missing": (_only_tables,),
    "data.scale_target": (_only_for("regression"),),
    "data.shuffle": (lambda config: _under('with data.batch_size "full"', config.data.batch_size != "full"),),
    "model.hidden": (_only_hidden, _only_built),
    "model.activation": (_only_hidden,),
    "model.norm": (_only_hidden,),
    "model.dropout": (_only_hidden,),
    "model.residual": (_only_hidden, _only_built),
    "model.output": (_only_built,),
    "optim.momentum": (lambda config: _under(f'under optim.name "{config.optim.name}"', config.optim.name in WITH_MOMENTUM),),
    "train.class_weights": (_only_for("classification"),),
}


def effects(config: Config) -> dict[str, str]:
    """The keys that are set to other than their default in vain, with the reason of each."""
    return dict(_in_vain(config))


def _in_vain(config: Config) -> Iterator[tuple[str, str]]:
    for path in REASONS:
        reason = why_without_effect(config, path)
        if reason and value(config, path) != default(path):
            yield path, reason


def why_without_effect(config: Config, path: str) -> str | None:
    """Why a key has no effect, whatever its value; None where it has.

    >>> from advisor.config import defaults
    >>> why_without_effect(defaults(), "optim.momentum")
    'under optim.name "adam"'
    """
    return next((reason for check in REASONS.get(path, ()) if (reason := check(config))), None)


def notes(config: Config) -> tuple[str, ...]:
    """One line for each key without effect."""
    return tuple(f"{path} = {shown(value(config, path))} has no effect {reason}" for path, reason in effects(config).items())


def value(config: Config, path: str) -> Any:
    """The value of a key."""
    section, _, key = path.partition(".")
    return getattr(getattr(config, section), key)


def default(path: str) -> Any:
    """What a key is where a Config does not name it.

    >>> default("optim.lr"), default("model.hidden")
    (0.001, (64, 64))
    """
    section, _, key = path.partition(".")
    return sections()[section].model_fields[key].default


def effectless(tree: Tree) -> tuple[str, ...]:
    """The keys of a valid tree that are set to other than their default in vain; a Fix that makes them so removes them.

    >>> effectless({"optim": {"name": "adam", "momentum": 0.9}})
    ('optim.momentum',)
    """
    return tuple(effects(Config.model_validate(tree)))


def without_effectless(tree: Tree) -> dict[str, Any]:
    """The tree without those keys.

    >>> without_effectless({"optim": {"name": "adam", "momentum": 0.9}})
    {'optim': {'name': 'adam'}}
    """
    return without(tree, effectless(tree))


def without(tree: Tree, unwanted: tuple[str, ...]) -> dict[str, Any]:
    """The tree without the keys at some dotted paths."""
    kept: dict[str, Any] = {name: {} for name in tree}
    for path, item in dotted.leaves(tree):
        if path not in unwanted:
            kept = dotted.put(kept, path, item)
    return kept
