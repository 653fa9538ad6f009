"""What a training would be, without training: shapes, sizes and what the probes see before the first step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.config import Config
from advisor.training.probes import probe
from advisor.training.recorder import layers_of
from advisor.training.repeatable import repeatable
from advisor.training.setup import Setup, set_up


@dataclass(frozen=True)
class LayerShape:
    """A layer that would be recorded."""

    name: str
    kind: str
    shapes: tuple[tuple[int, ...], ...]  # of its own trainable parameters
    parameters: int


@dataclass(frozen=True)
class Preview:
    """The resolved data, network and probes of a Config."""

    facts: Mapping[str, Any]  # of the data
    layers: tuple[LayerShape, ...]
    parameters: int
    loss: str
    device: str
    steps_per_epoch: int
    probes: Mapping[str, Any]
    notes: tuple[str, ...]


def preview(config: Config) -> Preview:
    """Loads the data and builds the network; nothing is written. Raises AdvisorError as a training would."""
    with repeatable(config):
        setup = set_up(config)
        probes = probe(setup)
    parameters = sum(parameter.numel() for parameter in setup.model.parameters())
    return Preview(
        setup.data.facts, _layers(setup), parameters, setup.loss.name, setup.device.type, len(setup.batches), probes, setup.notes
    )


def _layers(setup: Setup) -> tuple[LayerShape, ...]:
    return tuple(
        LayerShape(
            layer.name,
            type(layer.module).__name__,
            tuple(tuple(parameter.shape) for parameter in layer.parameters),
            sum(parameter.numel() for parameter in layer.parameters),
        )
        for layer in layers_of(setup.model)
    )
