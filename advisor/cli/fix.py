"""Try what helps a training, and prove that it did."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from advisor import catalogue
from advisor.cli._completing import fixes as known_fixes
from advisor.cli._shared import Place, is_live, note, stage, tell
from advisor.errors import AdvisorError
from advisor.interrupts import importing
from advisor.text import nearest, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.charts import Row
    from advisor.findings import Proposal
    from advisor.outcome import Report
    from advisor.repair import Attempt, Options, Outcome

HELPED, UNCHANGED, NOT_TRIED = 0, 1, 2


@click.command()
@click.argument("path", metavar="RUN", type=Place(path_type=Path))
@click.option(
    "--apply", "wanted", metavar="FIX[,FIX]", shell_complete=known_fixes,
    help="Try these, in this order, instead of what the findings propose.",
)  # fmt: skip
@click.option("--unsafe", is_flag=True, help="Also try fixes that change the model, the data or the loss, without asking.")
@click.option("--diff", "only_diff", is_flag=True, help="Show what would change in the Config; train nothing.")
@click.option(
    "--seeds", type=click.IntRange(min=1), metavar="N", help="Compare over exactly N seeds (as many as the proof takes, up to 3)."
)
@click.option(
    "--budget", type=click.FloatRange(min=0, min_open=True), metavar="TRAININGS", default=6.0, show_default=True,
    help="How many full trainings' worth of epochs to spend at most, proof included; times N with --seeds.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to say it.")
def fix(path: Path, wanted: str | None, unsafe: bool, only_diff: bool, seeds: int | None, budget: float, form: str) -> int:
    """Retrain RUN with fixes for what was found in it, one at a time, and keep what is proven to help.

    Each attempt is a new run folder beside RUN; RUN itself and your own Config file stay as they are.
    Exit status: 0 healthy, cured, improved or --diff, 1 unchanged, 2 nothing could be tried, 130 interrupted.

    \b
    Examples:
      advisor fix runs/first --diff                 only show what would change
      advisor fix runs/first
      advisor fix runs/first --apply clip-gradients,lower-learning-rate
      advisor fix runs/first --unsafe --seeds 3
    """
    fixes, as_json = _named(wanted), form == "json"
    report = _judged(path)
    if report.run.config is None:
        return _advise(report, as_json=as_json)
    from advisor.repair import Options, planned

    plan = planned(report.run, report, fixes)
    if only_diff:
        return _show_plan(plan, as_json=as_json)
    _check(plan, fixes, unsafe=unsafe)
    options = Options(fixes, seeds, budget, _asking(report, unsafe=unsafe), (lambda attempt: None) if as_json else _tell)
    return _ended(_repaired(report, options), as_json=as_json)


def fix_found(path: Path, unsafe: bool, budget: float) -> bool:
    """Fixes what is found in a run that has just been trained; whether the run is healthy now, or better."""
    from advisor.repair import Options

    report = _judged(path)
    return _ended(_repaired(report, Options((), None, budget, _asking(report, unsafe=unsafe), _tell)), as_json=False) == HELPED


def _named(wanted: str | None) -> tuple[str, ...]:
    """The fixes that --apply names; none where it is not given."""
    if wanted is None:
        return ()
    fixes = tuple(dict.fromkeys(part.strip() for part in wanted.split(",")))
    known = catalogue.names("fixes")
    for name in fixes:
        if name not in known:
            hint = nearest(name, known) or f"expected one of {', '.join(known)}"
            raise AdvisorError(f"--apply: found no fix {printable(name)!r}, {hint}")
    return fixes


def _judged(path: Path) -> "Report":
    """The run and what the rules say of it; refuses one that is still being recorded, or of which nothing is known."""
    from advisor.diagnose import diagnose
    from advisor.lock import is_held
    from advisor.outcome import Status, typed
    from advisor.readers import load
    from advisor.readers.formats.run_folder import NO_EPOCH

    if is_held(path):
        raise AdvisorError(f"{printable(str(path))}: is still being recorded; wait until the training ends")
    _check_config(path / "config.toml")
    report = diagnose(load(path))
    if NO_EPOCH in report.run.notes:
        again = f"go on with advisor train --resume {typed(path)}, then fix it"
        raise AdvisorError(f"{printable(str(path))}: no epoch has ended yet, so there is nothing to compare with; {again}")
    if report.status is Status.UNDECIDED:
        reason = report.skipped[0].reason if report.skipped else "no rule could judge it"
        raise AdvisorError(f"{printable(str(path))}: too little is recorded to judge ({reason}); expected a longer run")
    return report


def _check_config(file: Path) -> None:
    """Refuses what somebody wrote into the Config of a run folder and no Config holds, mistake by mistake."""
    if file.is_file():
        from advisor.config import load

        load(file)


def _advise(report: "Report", *, as_json: bool) -> int:
    """A log without a Config cannot be retrained: says what to write in one's own code."""
    from advisor.repair import untried
    from advisor.report._repairs import snippet_rows

    note("no Config is known for this log, so nothing can be retrained; this is what to change in your own code")
    if as_json:
        click.echo(untried(report.run, report).to_json())
    else:
        _print(snippet_rows(report.findings, stage()))
    return NOT_TRIED


def _show_plan(plan: "Outcome", *, as_json: bool) -> int:
    from advisor.report._repairs import planned_rows

    if as_json:
        click.echo(plan.to_json())
        return HELPED
    if not plan.attempts:
        note("nothing to change: no finding proposes an Edit; without --diff its result is held to another method's as well")
    _print(planned_rows(plan, stage()))
    return HELPED


def _check(plan: "Outcome", fixes: tuple[str, ...], *, unsafe: bool) -> None:
    """Refuses unsafe fixes that are asked for where nobody can be asked back."""
    from advisor.edits import Safety

    refused = [attempt.fix for attempt in plan.attempts if attempt.safety is Safety.UNSAFE]
    if fixes and refused and not unsafe and not _can_ask():
        raise AdvisorError(f"--apply {refused[0]}: changes the model, the data or the loss, which is unsafe; add --unsafe to allow it")


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and is_live(sys.stderr)


def _asking(report: "Report", *, unsafe: bool) -> "Callable[[Proposal], bool]":
    """Whether a fix may be tried: safe ones always, others by --unsafe or by a yes at the terminal."""
    from advisor.edits import Safety

    def allows(proposal: "Proposal") -> bool:
        if proposal.safety is Safety.SAFE or unsafe:
            return True
        return _can_ask() and _is_wanted(proposal)

    return allows


def _is_wanted(proposal: "Proposal") -> bool:
    """Whether the person at the terminal wants an unsafe fix tried."""
    from advisor.report._findings import edit_words

    changes = ", ".join(edit_words(edit.path, edit.value) for edit in proposal.edits)
    tell("unsafe", f"{proposal.fix} sets {printable(changes)}")
    return click.confirm("        Try it?", default=False, err=True)


def _repaired(report: "Report", options: "Options") -> "Outcome":
    with importing():
        from advisor.cli._leftovers import clear
        from advisor.cli._trainer import TorchTrainer
        from advisor.training import check_unchanged
    from advisor.lock import hold_fixing
    from advisor.outcome import Status
    from advisor.readers import load
    from advisor.repair import Tools, beside_yardstick, repair, untried

    clear(report.run.path.resolve().parent)
    with TorchTrainer(report.run.path) as trainer:
        tools = Tools(trainer, load)
        if not options.fixes:
            report = beside_yardstick(report, tools)
        if report.status is Status.HEALTHY and not options.fixes:
            return untried(report.run, report)
        check_unchanged(report.run.path)
        with hold_fixing(report.run.path):
            try:
                return repair(report.run, report, tools, options)
            except KeyboardInterrupt:
                note("stopped by Ctrl-C; what is trained is kept, and the same command goes on with it")
                raise


def _tell(attempt: "Attempt") -> None:
    from advisor.report._repairs import attempt_rows

    _print(attempt_rows(attempt, stage()))


def _ended(outcome: "Outcome", *, as_json: bool) -> int:
    from advisor.report._repairs import outcome_rows

    note(*outcome.notes)
    if as_json:
        click.echo(outcome.to_json())
    else:
        _print(outcome_rows(outcome, stage()))
    return _status(outcome)


def _status(outcome: "Outcome") -> int:
    """Fixes that were only declined leave the run unchanged; without any that could be tried there was nothing to do."""
    from advisor.repair import DECLINED, Verdict
    from advisor.repair.outcome import UNCHANGED as WITHOUT_EFFECT

    if outcome.status != WITHOUT_EFFECT:
        return HELPED
    is_open = any(attempt.verdict is not Verdict.NOT_TRIED or attempt.reason == DECLINED for attempt in outcome.attempts)
    return UNCHANGED if is_open else NOT_TRIED


def _print(rows: "list[Row]") -> None:
    from advisor.report import written

    click.echo(written(rows, stage().colours), nl=False, color=True)
