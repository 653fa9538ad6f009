"""A Finding → rows: what happened, why it matters, where it can be seen, what to do first."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor import dotted
from advisor.charts import Row, Span
from advisor.dotted import Tree
from advisor.edits import Edit, Safety
from advisor.findings import Evidence, Finding, Proposal
from advisor.outcome import Report, shown
from advisor.report._curves import Numbered, numbered
from advisor.report._layout import BLANK, LABEL, code, indented, labelled, paragraph
from advisor.report._words import STANDARD_INPUT
from advisor.run import Run
from advisor.text import position, printable

SYMBOLS = {"error": "✗", "warning": "!", "info": "i"}
INDENT = "  "
STEP = "   "  # how far an effect stands to the right of its cause
ASKS = {Safety.SAFE: "safe", Safety.UNSAFE: "unsafe: asks first", Safety.MANUAL: "by hand"}
MORE_FIXES = 3
LAYERS_NAMED = 4


def finding_rows(report: Report, width: int) -> list[Row]:
    """All findings in their order, effects indented behind their causes."""
    depths: dict[str, int] = {}
    rows: list[Row] = []
    for item in numbered(report.findings):
        finding = item.finding
        depth = depths.get(finding.because or "", -1) + 1
        depths[finding.rule] = depth
        indent = STEP * min(depth, 3)
        rows += [BLANK, *indented(one_finding(item, report.run, width - len(indent)), indent)]
    return rows


def one_finding(item: Numbered, run: Run, width: int) -> list[Row]:
    """A finding alone: its number, what happened, why, where, what to do."""
    finding = item.finding
    severity = str(finding.severity)
    head = [Span(f"{item.label} ", "title"), Span(f"{SYMBOLS[severity]} {severity}", severity), Span(" ")]
    cause = f", because of {finding.because}" if finding.because else ""
    rows = paragraph(f"{finding.code} {finding.rule}{cause}", width, lead=head, style="title")
    rows += paragraph(printable(finding.message), width, INDENT)
    rows += labelled("why", finding.why, width, indent=INDENT)
    rows += labelled("seen in", place(finding.evidence, run), width, indent=INDENT)
    return rows + _fixes(finding, width, run.config)


def place(evidence: Evidence, run: Run) -> str:
    """Where a finding can be seen, in words: file and lines, epochs or steps, series, layers."""
    parts = [_file(evidence, run), _extent(evidence), _listed([printable(name) for name in evidence.series]), _layers(evidence)]
    return ", ".join(part for part in parts if part)


def _file(evidence: Evidence, run: Run) -> str:
    name = printable(_known_as(Path(evidence.file), run.path)) if evidence.file else ""
    for word, ends in (("line", evidence.lines), ("record", evidence.records)):
        if ends:
            return f"{name} {word}{_range(*ends)}"
    return name


def _known_as(file: Path, run: Path) -> str:
    """A file as its reader knows it: the run's own by its name, files of a run folder by their place in it."""
    if file == STANDARD_INPUT:
        return "standard input"
    if file == run:
        return file.name
    return file.relative_to(run).as_posix() if file.is_relative_to(run) else shown(file)


def _extent(evidence: Evidence) -> str:
    known = evidence.start == evidence.start and evidence.end == evidence.end
    return f"{evidence.axis}{_range(evidence.start, evidence.end)}" if known else ""


def _range(first: float, last: float) -> str:
    return f" {position(first)}" if first == last else f"s {position(first)}–{position(last)}"


def _layers(evidence: Evidence) -> str:
    names = [printable(name) for name in evidence.layers]
    return f"layer{'' if len(names) == 1 else 's'} {_listed(names)}" if names else ""


def _listed(names: Sequence[str]) -> str:
    more = len(names) - LAYERS_NAMED
    return " ".join(names[:LAYERS_NAMED]) + (f" and {more} more" if more > 0 else "")


def _fixes(finding: Finding, width: int, config: Tree | None) -> list[Row]:
    if not finding.fixes:
        return []
    first, *others = finding.fixes
    rows = labelled("do first", f"{first.fix} ({ASKS[first.safety]}): {first.title}", width, indent=INDENT)
    for line in change(first, config):
        rows += code(line, width, INDENT + " " * LABEL, style="healthy" if config is not None and first.edits else "curve1")
    for other in others[:MORE_FIXES]:
        rows += labelled("or", f"{other.fix} ({ASKS[other.safety]}): {other.title}", width, indent=INDENT)
    if len(others) > MORE_FIXES:
        rows += labelled("or", ", ".join(other.fix for other in others[MORE_FIXES:]), width, indent=INDENT)
    return rows


def change(proposal: Proposal, config: Tree | None) -> list[str]:
    """What a fix changes: lines of the Config, or what to write in PyTorch and in Keras where there is none."""
    if config is not None and proposal.edits:
        return [_edit_line(edit, dotted.get(config, edit.path)) for edit in proposal.edits]
    pytorch = proposal.pytorch.splitlines()
    return pytorch if config is not None else ["# PyTorch", *pytorch, "# Keras", *proposal.keras.splitlines()]


def _edit_line(edit: Edit, now: Any) -> str:
    """An Edit as a line of a Config; a value that stands there already is not offered as the change, but what is measured."""
    if edit.measure and edit.value == now:
        return f"{edit.path} = ...  # what a {edit.measure} finds; now {_plain(now)}"
    measured = f"  # or what a {edit.measure} finds" if edit.measure else ""
    return edit_words(edit.path, edit.value) + measured


def edit_words(path: str, value: Any) -> str:
    """A path of a Config and its new value, as in TOML.

    >>> edit_words("optim.lr", 0.001), edit_words("model.norm", "batch")
    ('optim.lr = 0.001', 'model.norm = "batch"')
    """
    return f"{path} = {_plain(value)}"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
