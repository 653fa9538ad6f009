"""Where a finding stands, for programs that open files: lines of the log and of the Config."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from advisor.findings import Finding
from advisor.report._words import STANDARD_INPUT
from advisor.run import Run

CONFIG = "config.toml"
ABOUT_SETTINGS = "C"  # findings of this family speak of the Config, not of a row of the log


@dataclass(frozen=True)
class Spot:
    """A file, and the lines in it where these are known."""

    file: Path
    lines: tuple[int, int] | None = None
    about: str = ""  # what stands there


def spots(finding: Finding, run: Run) -> list[Spot]:
    """Where to look first, and then where else: the lines of the log, and the Config lines that the first fix would change."""
    logged, written = list(_logged(finding, run)), list(_written(finding, run))
    return [*written, *logged] if finding.code.startswith(ABOUT_SETTINGS) else [*logged, *written]


def _logged(finding: Finding, run: Run) -> Iterator[Spot]:
    evidence = finding.evidence
    file = Path(evidence.file) if evidence.file else run.path
    if file != STANDARD_INPUT and (evidence.lines or not file.is_dir()):
        yield Spot(file, evidence.lines, "what was recorded")


def _written(finding: Finding, run: Run) -> Iterator[Spot]:
    """The lines of the run folder's Config that the first fix would change; the Config as a whole where nothing else is known."""
    file = run.path / CONFIG
    if run.config is None or not file.is_file():
        return
    text = file.read_text(encoding="utf-8", errors="replace")
    for edit in finding.fixes[0].edits if finding.fixes else ():
        if line := config_line(text, edit.path):
            yield Spot(file, (line, line), f"{finding.fixes[0].fix} would change {edit.path}")


def config_line(text: str, path: str) -> int | None:
    """The line, from 1, of a TOML text in which a dotted path stands; that of its table where the key is not named.

    >>> config_line("[model]\\nkind = 'mlp'\\n\\n[optim]\\nlr = 0.1\\n", "optim.lr")
    5
    """
    table, _, key = path.rpartition(".")
    found, inside = None, not table
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.fullmatch(r"\s*\[([^\[\]]+)\]\s*(#.*)?", line):
            inside = head[1].strip() == table
            found = number if inside else found
        elif inside and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return found
