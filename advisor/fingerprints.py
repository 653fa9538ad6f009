"""What a finding is known by from one diagnosis to the next: in a baseline, and in reports that other programs keep.

Neither a number nor a line of it, for these change as a log grows. A finding is the same one if either fingerprint is:

place   the rule, and the path in the repository and name of the run: the same through a retraining at the same place
record  the rule, and how the record begins: the same when the log is moved, renamed or has grown
"""

from hashlib import sha256
from itertools import chain

from advisor.findings import Finding
from advisor.outcome import repository_path, shown
from advisor.run import Run, Series

# Of these roles the first that was logged tells recordings apart: it is there from the first row on.
LEADING = ("train_loss", "val_loss", "train_accuracy", "val_accuracy", "train_metric", "val_metric", "grad_norm")
BEGINNING = 3  # values: runs of one seed may share the first, before any update


def fingerprints(finding: Finding, run: Run) -> dict[str, str]:
    """The fingerprints of a finding, 16 hexadecimal digits each; without `record` where nothing was logged."""
    known = {"place": _hashed(finding.rule, repository_path(run.path) or shown(run.path), run.name)}
    beginning = _beginning(run)
    return known | ({"record": _hashed(finding.rule, *beginning)} if beginning else {})


def _beginning(run: Run) -> list[str]:
    """The role that was logged first and its first values, as they were logged: means over epochs change while these go on."""
    series = next(filter(None, (_logged(run, role) for role in chain(LEADING, sorted(run.series)))), None)
    return [repr(float(value)) for value in series.values[:BEGINNING]] if series else []


def _logged(run: Run, role: str) -> Series | None:
    return run.step_series.get(role) or run.get(role)


def _hashed(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]
