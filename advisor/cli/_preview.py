"""What `--dry-run` shows: data, network, and what is known before the first step."""

import click

from advisor.cli._first_look import looks
from advisor.cli._shared import note, table
from advisor.config import Config
from advisor.text import number, printable
from advisor.training.preview import LayerShape, Preview, preview


def show(config: Config) -> int:
    """Prints the preview of a Config's training; returns the exit status."""
    shape = preview(config)
    note(*shape.notes)
    rows = [(layer.name, layer.kind, _sizes(layer), str(layer.parameters)) for layer in shape.layers]
    table([(name.replace("_", " "), _brief(value)) for name, value in shape.facts.items()], ("data", ""))
    click.echo()
    table(rows, ("layer", "kind", "shapes", "parameters"))
    click.echo()
    table(_training(shape), ("training", ""))
    click.echo()
    table([(look.name, look.text) for look in looks(shape.probes)], ("before the first step", ""))
    return 0


def _training(shape: Preview) -> list[tuple[str, str]]:
    return [
        ("parameters", str(shape.parameters)),
        ("loss", shape.loss),
        ("device", shape.device),
        ("steps an epoch", str(shape.steps_per_epoch)),
    ]


def _sizes(layer: LayerShape) -> str:
    return " ".join("x".join(str(length) for length in shape) for shape in layer.shapes)


def _brief(value: object) -> str:
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        shown = [_brief(item) for item in value[:10]]
        return " ".join(shown or ["none"]) + (f" and {len(value) - 10} more" if len(value) > 10 else "")
    return printable(str(value))
