"""What rules about data and settings share: whether anything was recorded yet, and where to point at."""

from dataclasses import replace

from advisor import dotted
from advisor.findings import Evidence, Finding, Severity, span
from advisor.run import Run

CURVES = ("train_loss", "val_loss", "train_accuracy", "val_accuracy")
BUILT_IN = frozenset({"perceptron", "mlp", "cnn"})


def is_recorded(run: Run) -> bool:
    """Whether a training has begun; a Config alone is judged before one."""
    return any(len(series) for series in run.series.values())


def whole(run: Run) -> Evidence:
    """The whole of the first curve there is; nowhere, in a Run that is only a Config."""
    role = next((role for role in (*CURVES, *run.series) if run.get(role) is not None), None)
    return Evidence((), "epoch", 0.0, 0.0, file=str(run.path)) if role is None else span(run, (role,), 0, len(run.need(role)) - 1)


def foretold(run: Run, finding: Finding) -> Finding:
    """A prediction: a warning before training, no more than information once the run itself shows what happened."""
    return replace(finding, severity=Severity.INFO) if is_recorded(run) else finding


def is_built_in(run: Run) -> bool:
    """Whether the Config describes the layers: a function's module may look otherwise."""
    return dotted.get(run.config, "model.kind") in BUILT_IN


def hidden(run: Run) -> tuple[int, ...]:
    """The widths of the hidden layers that the Config describes."""
    kind = dotted.get(run.config, "model.kind")
    return () if kind == "perceptron" else tuple(dotted.get(run.config, "model.hidden", ()))
