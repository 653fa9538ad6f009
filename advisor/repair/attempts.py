"""What was tried, with its Verdict: as the JSON that people rely on, and as lines that no kill can take back."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from advisor.dotted import Tree
from advisor.edits import Edit, Safety
from advisor.errors import DiskError
from advisor.findings import Finding
from advisor.outcome import shown, strict
from advisor.repair.metrics import Metric
from advisor.repair.trainer import Sweep
from advisor.repair.verdict import Comparison, Verdict

ATTEMPTS = "attempts.jsonl"


@dataclass(frozen=True)
class Part:
    """One of several changes that were made together, taken back in a shorter training; where none mattered so, made alone."""

    change: str
    without: float  # the deciding metric without it
    matters: bool  # whether that is worse beyond the noise
    alone: float | None = None  # the metric with it and none of the others; None where that was not asked
    suffices: bool = False  # whether that is as good as all of them, within the noise

    def document(self) -> dict[str, Any]:
        """As it stands in the JSON document."""
        alone = {} if self.alone is None else {"alone": self.alone, "suffices": self.suffices}
        return {"change": self.change, "without": self.without, "matters": self.matters, **alone}


@dataclass(frozen=True)
class Attribution:
    """Which of the changes of a fix mattered, each taken back alone."""

    epochs: int  # that each of the shorter trainings had
    whole: float  # the metric with all the changes, after as many
    parts: tuple[Part, ...]

    def document(self) -> dict[str, Any]:
        """As it stands in the JSON document."""
        return {"epochs": self.epochs, "with_all": self.whole, "changes": [part.document() for part in self.parts]}


@dataclass(frozen=True)
class Attempt:
    """One Fix that was tried for a finding, or the reason why it was not."""

    fix: str
    edits: tuple[Edit, ...]
    safety: Safety
    finding: Finding
    verdict: Verdict
    run: Path | None = None
    seeds: tuple[int, ...] = ()
    trainings: float = 0.0  # full trainings' worth of epochs, those of the unfixed Config under further seeds included
    signal: float | None = None  # what the rule measures after the fix
    comparison: Comparison | None = None
    kept: bool = False
    reason: str = ""  # for people: why it was not tried or not trained to the end, or what the verdict lacks
    by_hand: tuple[str, ...] = ()  # what it could not change in a module of the user's own, with the line to write there
    rank: str = ""  # for people: its place in the race, and what the place rests on
    sweep: Sweep | None = None  # the range test that its learning rate comes from
    attribution: Attribution | None = None
    config: Tree = field(default_factory=dict, compare=False)  # before the edits

    def document(self) -> dict[str, Any]:
        """The attempt as it stands in the JSON document and in attempts.jsonl."""
        return {
            "fix": self.fix, "edits": [{"path": edit.path, "value": edit.value} for edit in self.edits], "safety": str(self.safety),
            "run": shown(self.run) if self.run else None, "seeds": list(self.seeds), "trainings": round(self.trainings, 3),
            "signal": {
                "rule": self.finding.rule, "before": self.finding.measured, "after": self.signal, "threshold": self.finding.threshold,
            },
            "metric": _metric(self.comparison), "verdict": str(self.verdict), "kept": self.kept, **self._more(),
        }  # fmt: skip

    def _more(self) -> dict[str, Any]:
        """What only some attempts have."""
        more: dict[str, Any] = {name: text for name, text in (("rank", self.rank), ("reason", self.reason)) if text}
        more |= {"by_hand": list(self.by_hand)} if self.by_hand else {}
        if self.comparison and self.comparison.witness:
            more["borne_out_by"] = _metric(self.comparison.witness)
        return more | ({"range_test": _sweep(self.sweep)} if self.sweep else {}) | self._attributed()

    def _attributed(self) -> dict[str, Any]:
        return {"attribution": self.attribution.document()} if self.attribution else {}


def _sweep(sweep: Sweep) -> dict[str, Any]:
    return {"rates": sweep.rates.tolist(), "losses": sweep.losses.tolist(), "suggestion": sweep.suggestion}


def _metric(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    metric: Metric = comparison.metric
    figures = {"before": list(comparison.before), "after": list(comparison.after)}
    return {"name": metric.name, "higher_is_better": metric.higher_is_better, **figures}


def append(folder: Path, attempt: Attempt) -> None:
    """Adds an attempt to a run's own record, on disk before this returns; one that stands there already is not repeated.

    Folders of runs are told apart by their names: all of them lie beside the run, wherever that lies by now.
    A line that a kill tore is left as it is; the next one starts anew. Raises DiskError where it cannot be written.
    """
    line = json.dumps(strict(attempt.document()), allow_nan=False, ensure_ascii=False).encode()
    try:
        with (folder / ATTEMPTS).open("a+b") as file:
            file.seek(0)
            if _beside(line) in map(_beside, file.read().splitlines()):
                return
            is_torn = file.seek(0, os.SEEK_END) > 0 and _last_byte(file) != b"\n"
            file.write(b"\n" * is_torn + line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as refusal:
        raise DiskError(
            f"{folder / ATTEMPTS}: cannot be written ({refusal.strerror}); make room or allow writing there, then the same command goes on"
        ) from None


def _beside(line: bytes) -> Any:
    """What a line tells, its run folder by the name alone; None of a torn one."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    run = entry.get("run") if isinstance(entry, dict) else None
    return {**entry, "run": PurePath(run).name} if isinstance(run, str) else entry


def _last_byte(file: Any) -> bytes:
    file.seek(-1, os.SEEK_END)
    return bytes(file.read(1))
