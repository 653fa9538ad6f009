"""The commands: load, call one core function, print."""

import click


@click.group()
def main() -> None:
    """Say what is going wrong in a training, how it is known, and what helps."""
