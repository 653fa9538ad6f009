"""`--probe`: a run with what a few steps of its Config show, told in a note, or with the reason why none were taken."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from advisor.errors import AdvisorError
from advisor.interrupts import importing
from advisor.run import Run
from advisor.text import number

TRIALS = {
    "as_set": "at the rate that is set", "tenth": "at a tenth of it", "tenfold": "at ten times it", "shuffled": "on shuffled labels",
}  # fmt: skip


def probed(run: Run) -> Run:
    """The same run with `facts.probes.trials`, and with a note of what they showed or why there are none."""
    told = _tried(run)
    if isinstance(told, str):
        return replace(run, notes=(*run.notes, f"--probe: {told}; judged by the record alone"))
    probes = {**run.facts.get("probes", {}), "trials": told}
    return replace(run, facts={**run.facts, "probes": probes}, notes=(*run.notes, _in_words(told)))


def _in_words(trials: Mapping[str, Any]) -> str:
    """What came of every trial, whether a rule makes something of it or not."""
    to = ", ".join(f"{number(float(trials[name]))} {where}" for name, where in TRIALS.items())
    return f"--probe: {trials['steps']} steps from the start took the training loss from {number(float(trials['first']))} to {to}"


def _tried(run: Run) -> Mapping[str, Any] | str:
    if run.config is None:
        return "no Config beside this log"
    with importing():
        from advisor.config import parse
        from advisor.config.places import split_function
        from advisor.training.short_trials import short_trials
    base = run.path if run.path.is_dir() else run.path.parent
    try:
        config = parse(run.config, Path(base))
        if split_function(config.model.kind) or split_function(config.data.source):
            return "its Config names functions, which diagnose never imports"
        return short_trials(config) or "the network is too large for a quick look"
    except AdvisorError as refusal:
        return str(refusal)
