"""What a fix asks of a Config: the keys that differ from what it wants, and what kind of model they describe."""

from collections.abc import Mapping
from typing import Any

from advisor import dotted
from advisor.dotted import Tree
from advisor.edits import Edit
from advisor.run import Run

BUILT_IN_MODELS = frozenset({"perceptron", "mlp", "cnn"})
WEIGHING = ("Linear", "Conv")  # how the classes of layers are called that mix what they receive
SHALLOW = 4  # hidden layers that train from any sound weights; mended digits: 0.966 so, 0.924 from He's, whose first loss is larger
UNSOUND = frozenset({"zeros", "large", "tiny"})  # ways to draw the first weights
DEFAULT_WIDTHS = {"mlp": (64, 64), "cnn": (16, 32)}


def changes(config: Tree | None, wanted: Mapping[str, Any]) -> tuple[Edit, ...] | None:
    """Edits for the keys that are not as wanted yet; None where all are.

    >>> changes({"model": {"norm": "none"}}, {"model.norm": "batch", "model.residual": False})
    (Edit(path='model.norm', value='batch', measure=None), Edit(path='model.residual', value=False, measure=None))
    >>> changes({"model": {"norm": "batch"}}, {"model.norm": "batch"}) is None
    True
    """
    edits = tuple(Edit(path, value) for path, value in wanted.items() if dotted.get(config, path) != value)
    return edits or None


def is_built_in(config: Tree | None) -> bool:
    """Whether the model is one of advisor's own, whose layers the Config describes."""
    return dotted.get(config, "model.kind", "mlp") in BUILT_IN_MODELS


def in_effect(run: Run, path: str) -> Any:
    """The value of a key; of `model.*` what was seen in the model that a function returns counts, None where nothing was."""
    section, _, key = path.partition(".")
    if section != "model" or is_built_in(run.config):
        return dotted.get(run.config, path)
    return (run.facts.get("module") or {}).get(key)


def raw_outputs(run: Run) -> dict[str, Any]:
    """What takes the activation off the outputs; empty where a function returns the model and none was seen there."""
    is_bare = not is_built_in(run.config) and in_effect(run, "model.output") in {None, "logits"}
    return {} if is_bare else {"model.output": "logits"}


def widths(config: Tree | None) -> tuple[int, ...]:
    """Widths of the hidden layers of a built-in model, first layer first; empty for a perceptron."""
    kind = dotted.get(config, "model.kind", "mlp")
    return tuple(dotted.get(config, "model.hidden", DEFAULT_WIDTHS.get(kind, ()))) if kind != "perceptron" else ()


def has_hidden_layers(config: Tree | None) -> bool:
    """Whether there is a hidden layer to change; assumed of a model that is a function."""
    return bool(widths(config)) if is_built_in(config) else True


def is_shallow(run: Run) -> bool:
    """Whether there are few enough hidden layers to train from any sound weights; of a function's module the recorded ones count."""
    if is_built_in(run.config):
        return len(widths(run.config)) <= SHALLOW
    weighing = [kind for kind in (run.layers.kinds if run.layers else ()) if kind.startswith(WEIGHING)]
    return 0 < len(weighing) <= SHALLOW + 1  # the head is one of them


def classifies(config: Tree | None, facts: Mapping[str, Any]) -> bool:
    """Whether the run tells classes apart, as far as its facts or its Config say."""
    task = facts.get("task") or dotted.get(config, "data.task", "auto")
    return bool(facts.get("classes")) if task == "auto" else task == "classification"
