"""Say what went wrong in a training, how that is known, and what helps."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from advisor import catalogue
from advisor.cli._completing import rules
from advisor.cli._judging import Question, judged, judged_bytes, judged_unended
from advisor.cli._known import known, remember
from advisor.cli._output import deliver
from advisor.cli._shared import Place, stage
from advisor.errors import AdvisorError
from advisor.text import printable

if TYPE_CHECKING:
    from advisor.outcome import Outcome
    from advisor.settings import Settings

CLEAN, FOUND, NOT_JUDGED = 0, 1, 2
NEVER = "never"


@click.command()
@click.argument("paths", metavar="PATH...", type=Place(), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(catalogue.names("report")), default="text", show_default=True, help="How to say it.")
@click.option("-o", "--output", metavar="FILE", type=Place(), help="Write it there instead of standard output.")
@click.option(
    "--select", metavar="RULES", shell_complete=rules, help="Ask only these: names, codes or their beginnings, separated by commas (ALL)."
)
@click.option("--ignore", metavar="RULES", shell_complete=rules, help="Do not ask these.")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "info", NEVER]), help="From which severity on the exit status is 1 (warning)."
)
@click.option("--baseline", metavar="FILE", type=Place(path_type=Path), help="Only new findings count; FILE is written if missing.")
@click.option(
    "--map", "mapped", metavar="ROLE=COLUMN", multiple=True,
    help="Which column plays a role; twice for a sum of two. Roles: epoch, step, time, train_loss, val_loss, test_loss, train_accuracy, "
    "val_accuracy, train_metric, val_metric, lr, grad_norm.",
)  # fmt: skip
@click.option(
    "--follow", "followed", is_flag=True, help="Look again as it is written, and say when a finding appears or goes; end with Ctrl-C."
)
@click.option("--probe", is_flag=True, help="Take a few steps of the run's Config: at other rates, and on shuffled labels.")
def diagnose(paths: tuple[str, ...], form: str, output: str | None, followed: bool, **asked: Any) -> int:
    """Say what went wrong in the trainings at PATH: log files, run folders, folders that hold runs, or - for standard input.

    What is not given here is taken from the settings of the project: [tool.advisor] in pyproject.toml, or [advisor] in
    advisor.toml; `advisor config show` prints them. Exit status: 0 nothing at or above --fail-on, 1 findings, 2 something could not
    be judged, 130 interrupted.

    \b
    Examples:
      advisor diagnose log.csv
      advisor diagnose runs --format concise        a line a finding
      advisor diagnose log.csv --map val_loss=eval_1/nll
      advisor diagnose runs --fail-on error --baseline known.json
      python my_training.py | advisor diagnose - --follow
    """
    from advisor.report.base import Stage

    if followed and asked["probe"]:
        raise AdvisorError("--probe beside --follow: probe a run that has ended; leave one of them out")
    chosen = _chosen(asked["select"], asked["ignore"], asked["fail_on"])
    question = Question(chosen, _roles(asked["mapped"]), known(asked["baseline"]), asked["probe"])
    for_programs = bool(output) or form not in ("text", "concise")
    outcomes = _followed(paths, question, for_programs) if followed else judged(paths, question)
    deliver(catalogue.entry("report", form).render(outcomes, Stage() if output else stage()), output)
    if asked["baseline"]:
        remember(outcomes, asked["baseline"], question.baseline)
    return max(_status(outcome, chosen.fail_on) for outcome in outcomes)


def _chosen(select: str | None, ignore: str | None, fail_on: str | None) -> "Settings":
    """The settings of the project, where the command line does not say otherwise."""
    from advisor.settings import settings

    if select is not None and not select.strip(" ,"):  # an empty variable of a shell would pass every run
        raise AdvisorError("--select: found no rule, expected names, codes or their beginnings, or ALL; `advisor rules` lists them")
    chosen = settings().overridden(select, ignore, fail_on)
    if not chosen.rules() and select is not None and ignore is None:  # what names no rule is refused before anything is read
        where = chosen.origins.get(("ignore",), "the settings")
        raise AdvisorError(f"--select {printable(select)}: found no rule that {where} does not ignore; add --ignore '' to ask them")
    return chosen


def _roles(mapped: Sequence[str]) -> dict[str, list[str]]:
    """Columns by role, as --map gives them."""
    from advisor.readers.mapped import check_role

    roles: dict[str, list[str]] = {}
    for text in mapped:
        role, equals, column = text.partition("=")
        if not (role and equals and column):
            raise AdvisorError(f"--map {printable(text)}: expected ROLE=COLUMN, such as val_loss=eval_loss")
        check_role(role)
        roles.setdefault(role, []).append(column)
    return roles


def _followed(paths: Sequence[str], question: Question, beside: bool) -> "list[Outcome]":
    """What stands at the end of following; what changes is said as it happens, beside the results where these are for programs."""
    from advisor.cli._follow import follow

    return follow(paths, partial(judged_unended, question), partial(judged_bytes, question), partial(click.echo, err=beside))


def _status(outcome: "Outcome", fail_on: str) -> int:
    from advisor.findings import Severity
    from advisor.outcome import Status

    if outcome.status is Status.UNREADABLE:
        return NOT_JUDGED
    fails = fail_on != NEVER and outcome.worst is not None and outcome.worst >= Severity[fail_on.upper()]
    return FOUND if fails else CLEAN
