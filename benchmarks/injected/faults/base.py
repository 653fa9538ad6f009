"""What a fault is: an edit of a healthy Config, what must be said of it, and whether an edit that is allowed can take it out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from injected.programs import Edits, Program

Level = tuple[str, Edits]  # a name for how strong it is, and the edits

# What a training shows that steps too large have thrown off. No cause, but nothing wrong to say behind the cause either.
UNSTABLE = frozenset({
    "oscillating-loss", "loss-spikes", "diverging-loss", "non-finite-loss", "exploding-gradient", "dead-units", "saturated-units",
    "class-collapse", "not-learning", "plateau", "underfitting", "unusual-learning-rate", "vanishing-gradient", "zero-gradient",
    "noisy-validation", "trained-too-long", "stopped-too-early", "bad-initialization", "generalization-gap", "overfitting",
})  # fmt: skip
# What a training shows that gets nowhere, or not far.
POOR = frozenset({
    "not-learning", "class-collapse", "plateau", "underfitting", "slow-learning", "stopped-too-early", "trained-too-long",
    "tiny-updates", "learning-rate-too-low", "unusual-learning-rate", "undersized-model", "noisy-validation",
})  # fmt: skip
# What weights show that are next to nothing: the gradient does not pass, units die, and any step is large beside them.
SHRUNK = frozenset({"dead-units", "zero-gradient", "vanishing-gradient", "huge-updates"})
# What a training shows that learns its samples by heart.
BY_HEART = frozenset({"oversized-model", "trained-too-long", "stopped-too-early", "noisy-validation", "no-validation"})


@dataclass(frozen=True)
class Fault:
    """One way to spoil a training."""

    name: str
    family: str
    right: tuple[str, ...]  # rules that name it; the first is the one it is counted under
    levels: Callable[[Program], Iterator[Level]]
    companions: frozenset[str] = frozenset()  # consequences and predictions: neither right when they stand first, nor wrong
    mild: tuple[str, ...] = ()  # rules that name it well enough where it costs no more than 15 points
    is_curable: bool = True  # whether an edit that is allowed takes it out
    is_special: bool = False  # suits few programs, so that all its strengths are kept
    by: str = "score"  # what tells its cost: the test "score", or the test "loss" where the fault is about sureness


def each(**edits: Edits) -> Callable[[Program], Iterator[Level]]:
    """The same levels for every program; `none` of them is left out by whoever asks for traits."""
    return lambda program: iter(edits.items())


def suited(wanted: Callable[[Program], bool], levels: Callable[[Program], Iterator[Level]]) -> Callable[[Program], Iterator[Level]]:
    """The levels, for the programs that they suit."""
    return lambda program: levels(program) if wanted(program) else iter(())


def numbered(path: str, values: Mapping[str, object], **also: object) -> Callable[[Program], Iterator[Level]]:
    """One key set to several values."""
    fixed = {key.replace("__", "."): value for key, value in also.items()}
    return lambda program: iter([(name, {path: value, **fixed}) for name, value in values.items()])


def is_plain(program: Program) -> bool:
    """A network of the Config's own kinds, with all data."""
    return not program.traits & {"own", "recurrent", "few", "only-sorted", "rare"}


def has_hidden_layers(program: Program) -> bool:
    """Whether widths and activations stand in the Config, as those of an mlp."""
    return is_plain(program) and program.get("model.kind", "mlp") == "mlp"
