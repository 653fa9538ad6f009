"""What `--dry-run` shows: data, network, and what is known before the first step."""

import click

from advisor.cli._shared import note, table
from advisor.config import Config
from advisor.text import number, printable
from advisor.training.preview import LayerShape, preview


def show(config: Config) -> int:
    """Prints the preview of a Config's training; returns the exit status."""
    shape = preview(config)
    note(*shape.notes)
    facts, probes = shape.facts, shape.probes
    rows = [
        (layer.name, layer.kind, " ".join("x".join(map(str, size)) for size in layer.shapes), str(layer.parameters))
        for layer in shape.layers
    ]
    table([(name.replace("_", " "), _brief(value)) for name, value in facts.items()], ("data", ""))
    click.echo()
    table(rows, ("layer", "kind", "shapes", "parameters"))
    click.echo()
    table(
        [
            ("parameters", str(shape.parameters)),
            ("loss", shape.loss),
            ("device", shape.device),
            ("steps an epoch", str(shape.steps_per_epoch)),
            *((name.replace("_", " "), _brief(value) or "none") for name, value in probes.items()),
        ],
        ("training", ""),
    )
    return 0


def _sizes(layer: LayerShape) -> str:
    return " ".join("x".join(str(length) for length in shape) for shape in layer.shapes)


def _brief(value: object) -> str:
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        shown = [_brief(item) for item in value[:10]]
        return " ".join(shown) + (f" and {len(value) - 10} more" if len(value) > 10 else "")
    return printable(str(value))
