"""Results to standard output, or to a file that is whole whenever somebody looks at it."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import click

from advisor.errors import AdvisorError
from advisor.text import printable


def deliver(text: str, output: str | None) -> None:
    """Write `text` to the file `output`, or to standard output where there is none. Raises AdvisorError where it cannot be written."""
    if output is None:
        click.echo(text, nl=False, color=True)
        return
    try:
        _replace(Path(output), text)
    except OSError as refusal:
        reason = refusal.strerror or str(refusal)
        raise AdvisorError(f"{printable(output)}: cannot be written ({reason}); give a file in a folder that can be written to") from None


def _replace(file: Path, text: str) -> None:
    """The file as a whole, where it is one: readers see the old text or the new one. A pipe or device is written as it is."""
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8", newline="\n")
        return
    target = file.resolve()  # a link stays a link
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
