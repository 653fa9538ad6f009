"""Train what a Config says and record it in a run folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from advisor.cli._completing import keys
from advisor.cli._shared import Place, need_terminal, note
from advisor.errors import AdvisorError
from advisor.interrupts import importing
from advisor.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from advisor.config import Config
    from advisor.run import Run
    from advisor.training import TrainingResult
    from advisor.training.events import Listener

STATUS = {"done": 0, "failed": 1, "stopped": 130}
EPOCHS = "train.epochs"


@dataclass(frozen=True)
class Fixing:
    """What --auto-fix may do."""

    unsafe: bool
    budget: float


@click.command()
@click.argument("file", metavar="[CONFIG.toml]", type=Place(path_type=Path), required=False)
@click.option(
    "--set", "overrides", metavar="PATH=VALUE", multiple=True, shell_complete=keys,
    help="Set a key of the Config, as in optim.lr=0.01; may be repeated.",
)  # fmt: skip
@click.option("--run-dir", metavar="DIR", type=Place(path_type=Path), default=Path("runs"), help="Where run folders are made (runs).")
@click.option("--name", metavar="NAME", help="The name of this run's folder (date, time and a short name of the Config).")
@click.option("--resume", "resumed", metavar="RUN", type=Place(path_type=Path), help="Go on with a run that was stopped or killed.")
@click.option("--auto-fix", "is_fixed", is_flag=True, help="Watch it: end it where it is hopeless, and fix what is found in it.")
@click.option("--unsafe", is_flag=True, help="With --auto-fix: also try fixes that change the model, the data or the loss, without asking.")
@click.option(
    "--budget", type=click.FloatRange(min=0, min_open=True), metavar="TRAININGS", default=6.0, show_default=True,
    help="With --auto-fix: how many full trainings' worth of epochs the fixes may cost.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show data, network and first loss; train nothing, write nothing.")
@click.option("--dashboard", "is_shown", is_flag=True, help="Train in a process of its own and show it in the dashboard.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def train(
    file: Path | None, overrides: tuple[str, ...], run_dir: Path, name: str | None, resumed: Path | None,
    is_fixed: bool, unsafe: bool, budget: float, dry_run: bool, is_shown: bool, quiet: bool,
) -> int:  # fmt: skip
    """Train what a Config says and record it. Without CONFIG: ./advisor.toml if there, else the defaults.

    Ends with 0 when the training is done, 1 when its loss is not finite any more, 2 when Config or data are wrong.
    Ctrl-C ends it with the epochs that are whole (130); --resume goes on with them.

    \b
    Examples:
      advisor train
      advisor train my.toml --name first --set optim.lr=0.01
      advisor train --set data.source=prices.csv --set data.target=price
      advisor train --resume runs/first
      advisor train my.toml --auto-fix --unsafe
    """
    fixing = Fixing(unsafe, budget) if is_fixed else None
    _refuse_without_fixing(fixing)
    if resumed:
        _refuse_beside_resume(file, name, dry_run=dry_run)
        if is_shown:
            return _show(["--resume", str(resumed), *_sets(overrides), *_fixing(fixing)], resumed)
        return _resume(resumed, overrides, fixing, quiet=quiet)
    with importing():
        from advisor.cli._leftovers import clear
        from advisor.config import load
    config = load(file, overrides)
    if dry_run:
        with importing():
            from advisor.cli._preview import show
        return show(config)
    clear(run_dir)
    if fixing and (folder := _begun(run_dir, name, config)):
        return _show(["--resume", str(folder), *_fixing(fixing)], folder) if is_shown else _resume(folder, (), fixing, quiet=quiet)
    from advisor.config.naming import new_folder

    folder = new_folder(run_dir, name, config)
    if is_shown:
        given = [str(file)] if file else []
        return _show([*given, *_sets(overrides), "--run-dir", str(run_dir), "--name", folder.name, *_fixing(fixing)], folder)
    with importing():
        from advisor.training import train as train_config
    return _trained(lambda listener: train_config(config, folder, listener=listener), fixing, quiet=quiet)


def _begun(run_dir: Path, name: str | None, config: "Config") -> Path | None:
    """The run that the same command began, was cut short in, and goes on with now."""
    from advisor.cli._unfinished import begun
    from advisor.outcome import shown

    folder = begun(run_dir, name, config)
    if folder:
        note(f"going on with {shown(folder)}, which this command began and did not finish; another --name begins another run")
    return folder


def _trained(begin: "Callable[[Listener], TrainingResult]", fixing: "Fixing | None", *, quiet: bool) -> int:
    """Trains under a listener that shows how it goes, and fixes what is found, where that is wanted."""
    with importing():
        from advisor.cli._guard import Guard
        from advisor.cli._progress import progress
    with progress(quiet=quiet) as shown:
        guard = Guard(shown)
        result = begin(guard if fixing else shown)
    if not fixing or (result.status == "stopped" and not guard.hopeless):
        return _ended(result, fixing, quiet=quiet)
    return _fixed(result.folder, fixing)


def _fixed(folder: Path, fixing: "Fixing") -> int:
    """Fixes what is found in a run that is over; the status of `train`: 0 where the run itself or a fixed one is done."""
    from advisor.cli._unfinished import unmark
    from advisor.cli.fix import fix_found
    from advisor.outcome import shown, typed
    from advisor.readers import load

    run = load(folder)
    note(*_cut_off(run))
    unsafe = " --unsafe" if fixing.unsafe else ""
    again = f"advisor fix {typed(folder)}{unsafe} --budget {fixing.budget:g}"
    note(f"{shown(folder)} is over; now it is fixed where needed (if that is stopped, the same command or `{again}` goes on)")
    helped = fix_found(folder, fixing.unsafe, fixing.budget)
    unmark(folder)
    return 0 if helped or run.about.get("status") == "done" else 1


def _cut_off(run: "Run") -> tuple[str, ...]:
    """Why a training ended before its last epoch, and what that spared."""
    planned, reason = int(run.facts.get("epochs_planned") or 0), run.about.get("hopeless")
    if reason:
        left = planned - (run.epochs or 0)
        spared = f"stopped after epoch {run.epochs} of {planned}, which spares {counted(left, 'epoch')}"
        return (f"{reason}: nothing can come of it any more, so it was {spared}",)
    if run.about.get("status") == "failed":
        return (f"the loss is not finite any more, so the training ended after epoch {run.epochs} of {planned}",)
    return ()


def _refuse_without_fixing(fixing: "Fixing | None") -> None:
    context = click.get_current_context()
    given = [name for name in ("unsafe", "budget") if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given and not fixing:
        raise AdvisorError(f"found --{given[0]} without --auto-fix, to which it belongs; add --auto-fix or leave it out")


def _fixing(fixing: "Fixing | None") -> list[str]:
    if fixing is None:
        return []
    return ["--auto-fix", "--budget", str(fixing.budget), *(["--unsafe"] if fixing.unsafe else [])]


def _sets(overrides: tuple[str, ...]) -> list[str]:
    return [argument for override in overrides for argument in ("--set", override)]


def _show(arguments: list[str], folder: Path) -> int:
    from advisor.cli._apart import train_shown

    need_terminal()
    return train_shown(arguments, folder)


def _refuse_beside_resume(file: Path | None, name: str | None, *, dry_run: bool) -> None:
    is_elsewhere = click.get_current_context().get_parameter_source("run_dir") is ParameterSource.COMMANDLINE
    given = {"CONFIG": file, "--name": name, "--run-dir": is_elsewhere, "--dry-run": dry_run}
    if extra := next((option for option, value in given.items() if value), None):
        raise AdvisorError(f"--resume beside {extra}: a run goes on with its own Config and folder; leave {extra} out")


def _resume(folder: Path, overrides: tuple[str, ...], fixing: "Fixing | None", *, quiet: bool) -> int:
    epochs = _epochs_in(overrides)
    if fixing and not epochs and _is_over(folder):
        return _fixed(folder, fixing)
    with importing():
        from advisor.training import resume
    return _trained(lambda listener: resume(folder, epochs, listener=listener), fixing, quiet=quiet)


def _is_over(folder: Path) -> bool:
    """Whether nothing of a run is left to train, or nothing can come of it any more."""
    with importing():
        from advisor.training.folder import load_document
    document = load_document(folder)
    return document.get("status") in {"done", "failed"} or bool(document.get("hopeless"))


def _epochs_in(overrides: tuple[str, ...]) -> int | None:
    from advisor.config.files import override_value

    values = dict(override.partition("=")[::2] for override in overrides)
    others = [path for path in values if path.strip() != EPOCHS]
    if others:
        raise AdvisorError(f"--set {others[0]} beside --resume: a run goes on with its own Config; only {EPOCHS} may be raised")
    epochs: int | None = override_value(values.popitem()[1]) if values else None
    return epochs


def _ended(result: "TrainingResult", fixing: "Fixing | None", *, quiet: bool) -> int:
    from advisor.outcome import typed

    run = typed(result.folder)
    if not quiet:
        note(*_explained(result, run, fixing))
    click.echo(f"{result.status}: {run}\nnext: advisor diagnose {run}")
    return STATUS[result.status]


def _explained(result: "TrainingResult", run: str, fixing: "Fixing | None") -> tuple[str, ...]:
    epoch = "no epoch was whole" if result.epoch is None else f"the result is epoch {result.epoch}"
    match result.status:
        case "stopped":
            again = "go on with the same command" if fixing else f"go on with advisor train --resume {run}"
            return (f"stopped by Ctrl-C; {epoch}; {again}",)
        case "failed":
            return (f"the loss is not finite any more; training ended, {epoch}",)
    return ()
