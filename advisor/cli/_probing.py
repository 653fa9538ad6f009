"""`--probe`: a run with what a few steps of its Config show, or with the reason why none were taken."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from advisor.errors import AdvisorError
from advisor.interrupts import importing
from advisor.run import Run


def probed(run: Run) -> Run:
    """The same run with `facts.probes.trials`, or with a note that says why there are none."""
    told = _tried(run)
    if isinstance(told, str):
        return replace(run, notes=(*run.notes, f"--probe: {told}; judged by the record alone"))
    probes = {**run.facts.get("probes", {}), "trials": told}
    return replace(run, facts={**run.facts, "probes": probes})


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
