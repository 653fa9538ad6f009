"""Fixes that were tried, or could be → rows of text: the diff of the Config, the Verdict with its numbers, what to do now."""

import json
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from advisor import dotted
from advisor.charts import Curve, Mark, Plot, Row, Size, Span, draw
from advisor.edits import Edit, Safety
from advisor.findings import Finding, Proposal, Severity
from advisor.outcome import shown, typed
from advisor.repair import Attempt, Attribution, Outcome, Verdict, advice, serious
from advisor.report._changes import draw_change, verdict_rows
from advisor.report._findings import edit_words
from advisor.report._layout import BLANK, copyable, indented, labelled, paragraph
from advisor.report.base import Stage
from advisor.text import counted, number, printable

INDENT = "  "
SWEEP_ROWS, SWEEP_COLUMNS = 9, 72
FEWEST_RATES = 5  # that make a curve
BESIDE = 2  # findings of mere information that are named
ABOVE_START = 1.5  # times the first loss: where training breaks, the rise would hide all that came before
CURVES = ("val_loss", "val_metric", "val_r2")  # those that a run has of them
LOOKS = {"healthy": ("✓", "healthy"), "cured": ("✓", "healthy"), "improved": ("✓", "healthy"), "unchanged": ("–", "warning")}


def diff_rows(attempt: Attempt) -> list[Row]:
    """What a fix changes in the Config, key by key under the heads of their tables."""
    rows: list[Row] = []
    section = ""
    sections = list(dict.fromkeys(edit.path.partition(".")[0] for edit in attempt.edits))
    for edit in sorted(attempt.edits, key=lambda edit: sections.index(edit.path.partition(".")[0])):
        head, _, key = edit.path.partition(".")
        if head != section:
            rows.append((Span(f"{INDENT}  [{head}]", "axis"),))
            section = head
        old = dotted.get(attempt.config, edit.path)
        rows += [(Span(f"{INDENT}- {key} = {_toml(old)}", "warning"),)] if old is not None else []
        rows.append((Span(f"{INDENT}+ {key} = {_new_value(edit, old)}", "healthy"),))
    return rows


def _toml(value: Any) -> str:
    return printable(json.dumps(value, ensure_ascii=False))


def _new_value(edit: Edit, old: Any) -> str:
    if edit.measure is None:
        return _toml(edit.value)
    return f"what a {edit.measure} finds" + (f", else {_toml(edit.value)}" if edit.value != old else "")


def planned_rows(outcome: Outcome, stage: Stage) -> list[Row]:
    """The fixes that would be tried, best first, with their diffs."""
    rows: list[Row] = []
    for attempt in outcome.attempts:
        title = f"{attempt.fix} ({attempt.safety}), for {attempt.finding.rule}"
        rows += [*paragraph(title, stage.width, style="title"), *diff_rows(attempt), BLANK]
    return rows + _advice(outcome, stage)


def attempt_rows(attempt: Attempt, stage: Stage) -> list[Row]:
    """One attempt: its Verdict, its diff, its numbers for each seed; in brief where it was not trained to the end."""
    first, *rest = verdict_rows({**attempt.document(), "edits": ()}, stage)
    why = labelled("why", printable(attempt.reason), stage.width, indent=INDENT)
    cost = labelled("cost", worth(attempt.trainings) if attempt.trainings else "", stage.width, indent=INDENT)
    if attempt.comparison is None and attempt.reason:
        left = _by_hand(attempt, stage) if attempt.verdict is Verdict.NOT_TRIED else _in_part(attempt, stage)
        return [first, *_brief(attempt, stage), *why, *cost, *left]
    rank = labelled("rank", printable(attempt.rank), stage.width, indent=INDENT)
    proof = [*_noise(attempt, stage), *why, *_by_hand(attempt, stage), *_mattered(attempt, stage)]
    return [first, *diff_rows(attempt), *sweep_rows(attempt, stage), *rank, *rest, *proof, *cost]


def _brief(attempt: Attempt, stage: Stage) -> list[Row]:
    """What it is for, and what it would change, a line each."""
    changes = "; ".join(edit_words(edit.path, edit.value) for edit in attempt.edits)
    against = labelled("for", attempt.finding.rule, stage.width, indent=INDENT)
    return [*against, *labelled("change", printable(changes), stage.width, indent=INDENT)]


def _by_hand(attempt: Attempt, stage: Stage) -> list[Row]:
    """What to write in one's own module, where it could not be changed from outside."""
    return [row for note in attempt.by_hand for row in labelled("by hand", printable(note), stage.width, indent=INDENT)]


def _in_part(attempt: Attempt, stage: Stage) -> list[Row]:
    """Which keys could not be applied to a module of one's own, in brief."""
    keys = ", ".join(dict.fromkeys(note.partition(" ")[0] for note in attempt.by_hand))
    return labelled("in part", f"{printable(keys)} did not reach all of this module" if keys else "", stage.width, indent=INDENT)


def _mattered(attempt: Attempt, stage: Stage) -> list[Row]:
    """Which of many changes the result rests on."""
    found = attempt.attribution
    if found is None:
        return []
    needed = [f"{part.change} ({number(part.without)} without it)" for part in found.parts if part.matters]
    others = [part.change for part in found.parts if not part.matters]
    text = f"{', '.join(needed)} mattered" if needed else _interchangeable(found)
    more = f"; {', '.join(others)} could each be left out" if needed and others else ""
    how = f" (each taken back alone, {counted(found.epochs, 'epoch')}, {number(found.whole)} with all of them)"
    return labelled("of these", text + more + how, stage.width, indent=INDENT)


def _interchangeable(found: Attribution) -> str:
    """Where each change alone could be left out: those that are enough without the others, for they do the same."""
    enough = [f"{part.change} ({number(part.alone)})" for part in found.parts if part.suffices and part.alone is not None]
    if enough:
        return f"{' or '.join(enough)} alone is as good as all of them"
    asked = any(part.alone is not None for part in found.parts)
    return "no single change: each alone could be left out" + (", and none alone is enough" if asked else "")


def sweep_rows(attempt: Attempt, stage: Stage) -> list[Row]:
    """The range test that a learning rate comes from: loss against rate, the choice marked."""
    sweep = attempt.sweep
    if sweep is None or len(sweep.rates) < FEWEST_RATES:
        return []
    powers = np.log10(sweep.rates)
    top = float(np.median(sweep.losses[:FEWEST_RATES])) * ABOVE_START
    curve = Curve("loss", powers, np.minimum(sweep.losses, top))
    chosen = sweep.suggestion
    marks = (Mark(_taken(attempt, chosen), float(np.log10(chosen)), float(np.log10(chosen)), "info"),) if chosen else ()
    plot = Plot((curve,), "range test", "log10 of the learning rate", marks, log=False)
    drawn = draw(plot, Size(min(stage.width - len(INDENT), SWEEP_COLUMNS), SWEEP_ROWS), stage.glyphs)
    said = [] if chosen else labelled("", "no rate made the loss fall", stage.width, indent=INDENT)
    return [*indented(drawn, INDENT), *said]


def _taken(attempt: Attempt, suggested: float) -> str:
    """The rate that the test suggests as the Config has it, and the one that is tried where it is another."""
    rounded = float(f"{suggested:.2g}")
    tried = next((edit.value for edit in attempt.edits if edit.path == "optim.lr"), rounded)
    return f"{number(rounded)} taken" if tried == rounded else f"{number(rounded)} suggested, {number(float(tried))} tried"


def _noise(attempt: Attempt, stage: Stage) -> list[Row]:
    """How the gain compares with what chance alone could do."""
    found = attempt.comparison
    if found is None:
        return []
    seeds = f"seed {attempt.seeds[0]}" if len(attempt.seeds) == 1 else f"seeds {', '.join(map(str, attempt.seeds))}"
    over = f" over {', '.join(map(number, found.held_to))}, {found.held_as}," if found.held_as else ""
    text = f"gain {number(found.gain)}{over} on {seeds}; noise {number(found.noise)}, so more than {number(found.needed)} is needed"
    if not isfinite(found.gain):
        text = f"{'no number at all' if found.gain < 0 else 'a result where there was no number at all'}, on {seeds}"
    if found.witness:
        fell = f"{found.witness.metric.name} bears it out, {number(found.witness.before[0])} to {number(found.witness.after[0])}"
        text = f"gain {number(found.gain)}{over} on {seeds}; more than the noise, {number(found.noise)}, and {fell}"
    return labelled("proof", text, stage.width, indent=INDENT)


def outcome_rows(outcome: Outcome, stage: Stage) -> list[Row]:
    """What came of it all: before and after in pictures, the run to use from now on, and what remains."""
    rows: list[Row] = []
    if outcome.result:
        rows += [BLANK, *draw_change(outcome.before.run, outcome.after.run, stage, CURVES), BLANK]
    symbol, style = LOOKS[outcome.status]
    rows += paragraph(
        f"{printable(shown(outcome.run.path))}{_spent(outcome.trainings)}",
        stage.width,
        lead=(Span(f"{symbol} {outcome.status}", style), Span("  ")),
    )
    rows += copyable("result", printable(shown(outcome.result)) if outcome.result else "", stage.width, indent=INDENT)
    rows += _command(outcome.config, stage) if outcome.config else []
    rows += labelled("remains", ", ".join(outcome.remaining), stage.width, indent=INDENT)
    return rows + _advice(outcome, stage) + _told_beside(outcome, stage)


def worth(trainings: float) -> str:
    """How much was trained, in words.

    >>> worth(1), worth(2.25)
    ("one training's worth of epochs", "2.25 trainings' worth of epochs")
    """
    spent = "one training's" if round(trainings, 3) == 1 else f"{number(trainings)} trainings'"  # thirds add up to less than a whole
    return f"{spent} worth of epochs"


def _spent(trainings: float) -> str:
    """What it cost, if it cost anything."""
    if not trainings:
        return ", nothing was trained"
    return f", after {worth(trainings)}"


def _command(config: Path, stage: Stage) -> list[Row]:
    command = copyable("next", f"advisor train {typed(config)}", stage.width, indent=INDENT)
    return [*command, *labelled("", "your own Config file is as it was", stage.width, indent=INDENT)]


def _advice(outcome: Outcome, stage: Stage) -> list[Row]:
    """What only a person can do about what remains, with the line to write."""
    rows: list[Row] = []
    for proposal in advice(serious(outcome.after)):
        rows += labelled("try", _advised(proposal), stage.width, indent=INDENT)
        rows += [(Span(f"{INDENT}{'':10}"), Span(line, "curve1")) for line in proposal.pytorch.splitlines()]
    return rows


def _told_beside(outcome: Outcome, stage: Stage) -> list[Row]:
    """What mere information proposes is not tried unasked: how to ask for it."""
    run, tried = outcome.result or outcome.run.path, {attempt.fix for attempt in outcome.attempts}
    firsts = ((finding, next(iter(finding.fixes), None)) for finding in outcome.after.findings if finding.severity is Severity.INFO)
    asked = [(finding.rule, first) for finding, first in firsts if first and first.safety is not Safety.MANUAL and first.fix not in tried]
    rows: list[Row] = []
    for rule, first in asked[:BESIDE]:
        unsafe = " --unsafe" if first.safety is Safety.UNSAFE else ""
        rows += labelled("also", f"{rule}, mere information:", stage.width, indent=INDENT)
        rows += copyable("", f"advisor fix {typed(run)} --apply {first.fix}{unsafe}", stage.width, indent=INDENT)
    return rows


def _advised(proposal: Proposal) -> str:
    return f"{proposal.fix}: {proposal.title} (advisor explain {proposal.fix})"


def snippet_rows(findings: Sequence[Finding], stage: Stage) -> list[Row]:
    """What to write in one's own code against each finding, where there is no Config to change."""
    return [row for finding in findings for row in (*_heading(finding, stage), *_snippets(finding.fixes, stage), BLANK)]


def _heading(finding: Finding, stage: Stage) -> list[Row]:
    return paragraph(f"{finding.code} {finding.rule}: {printable(finding.message)}", stage.width, style="title")


def _snippets(proposals: Sequence[Proposal], stage: Stage) -> Iterator[Row]:
    for proposal in proposals:
        yield from paragraph(f"{proposal.fix}: {proposal.title}", stage.width, INDENT)
        for label, code in (("pytorch", proposal.pytorch), ("keras", proposal.keras)):
            for line in code.splitlines():
                yield (Span(f"{INDENT}{INDENT}{label:<9}"), Span(line, "curve1"))
