"""Right and wrong of every rule on labelled real logs: `python benchmarks/judging.py FOLDER [--left-out] [--verbose] [--roles]`.

FOLDER holds a MANIFEST.csv with the columns `file`, `labels`, `repo` and, for --roles, `roles`. Labels are rule names, or
`healthy`; one with `?` is tolerated and not required. A finding that is neither is wrong, a required label without one is
missed, and a file that cannot be read counts as silence. Lenient: a finding of the same group is right. An alarm is a wrong
finding of warning or worse on a healthy run. Intervals: 95 %, drawn over repositories, since runs of one repository are alike.

The thresholds were set while looking at these files: such figures are marked `tuned`, and new logs can only show less. With --left-out
the tuned thresholds are chosen anew without the repository that they judge, see left_out.py.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from left_out import left_out

from advisor.diagnose import all_rules, diagnose
from advisor.errors import AdvisorError
from advisor.findings import Finding, Severity
from advisor.readers import load_all
from advisor.run import Run

# Which rules may stand for each other in the lenient count.
ALIKE = (
    ("overfitting", "generalization-gap"), ("overfitting", "trained-too-long"), ("generalization-gap", "trained-too-long"),
    ("slow-learning", "stopped-too-early"), ("plateau", "trained-too-long"),
)  # fmt: skip
GROUPS = (
    ("plateau", "slow-learning", "not-learning", "underfitting", "learning-rate-too-low"),
    ("diverging-loss", "non-finite-loss", "exploding-gradient", "learning-rate-too-high"),
    ("loss-spikes", "oscillating-loss", "noisy-validation"),
)
NOT_COUNTED = frozenset({"no-validation", "class-imbalance", "unusual-learning-rate", "oversized-model", "undersized-model"})
DRAWS = 1000


@dataclass(frozen=True)
class Log:
    """One labelled file, and what was said about it."""

    file: str
    repo: str
    required: frozenset[str]
    tolerated: frozenset[str]  # required ones included
    findings: tuple[Finding, ...]
    error: str
    runs: tuple[Run, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        return frozenset(finding.rule for finding in self.findings) - NOT_COUNTED

    @property
    def is_healthy(self) -> bool:
        return "healthy" in self.required

    @property
    def wrong(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.rule not in self.tolerated | NOT_COUNTED]

    @property
    def alarms(self) -> list[Finding]:
        return [finding for finding in self.wrong if finding.severity >= Severity.WARNING] if self.is_healthy else []


@dataclass(frozen=True)
class Count:
    """How often a rule was right, wrong and missing."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else float("nan")

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else float("nan")

    @property
    def f1(self) -> float:
        all_told = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / all_told if all_told else float("nan")


def alike(rule: str) -> frozenset[str]:
    """The rules that may stand for `rule` in the lenient count, itself among them."""
    pairs = {name for pair in ALIKE if rule in pair for name in pair}
    return frozenset({rule} | pairs | {name for group in GROUPS if rule in group for name in group})


def itself(rule: str) -> frozenset[str]:
    return frozenset({rule})


def counted(rule: str, logs: Iterable[Log], group: Callable[[str], frozenset[str]]) -> Count:
    """Right, wrong and missed of one rule; `group` says which labels and findings may stand for it."""
    right = wrong = missed = 0
    for log in logs:
        if rule in log.named:
            wanted = group(rule) & log.required or (rule in log.required)
            right += bool(wanted)
            wrong += not (group(rule) & log.tolerated)
        elif rule in log.required:
            missed += not (group(rule) & log.named)
    return Count(right, wrong, missed)


def read(row: dict[str, str], folder: Path, hand_roles: bool) -> Log:
    """One row of the manifest, judged."""
    labels = [label for label in row["labels"].split(";") if label]
    required = frozenset(label for label in labels if not label.endswith("?"))
    tolerated = frozenset(label.removesuffix("?") for label in labels)
    try:
        runs = load_all(folder / row["file"], _roles(row["roles"]) if hand_roles else None)
    except AdvisorError as refusal:
        return Log(row["file"], row["repo"], required, tolerated, (), str(refusal))
    findings = tuple(finding for run in runs for finding in diagnose(run).findings)
    return Log(row["file"], row["repo"], required, tolerated, findings, "", tuple(runs))


def _roles(text: str) -> dict[str, list[str]]:
    pairs = [part.split("=", 1) for part in text.split(";") if "=" in part]
    return {role: columns.split(" | ")[0].split("+") for role, columns in pairs if role != "sessions"}


def interval(measure: Callable[[Sequence[Log]], float], logs: Sequence[Log]) -> tuple[float, float]:
    """95 % of what `measure` gives when repositories are drawn again with replacement."""
    by_repo: dict[str, list[Log]] = {}
    for log in logs:
        by_repo.setdefault(log.repo, []).append(log)
    repos, random = list(by_repo.values()), np.random.default_rng(0)
    draws = [measure([log for i in random.integers(0, len(repos), len(repos)) for log in repos[i]]) for _ in range(DRAWS)]
    low, high = np.nanquantile(draws, [0.025, 0.975]) if not np.isnan(draws).all() else (float("nan"), float("nan"))
    return float(low), float(high)


def table(logs: Sequence[Log], title: str, group: Callable[[str], frozenset[str]]) -> None:
    """Prints one line a rule that exists and is labelled or found, and the mean F1 over those with three or more positives."""
    print(f"\n{title} (tuned)\n{'rule':24}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>11}{'recall':>8}{'F1':>6}   95 % of F1")
    often = []
    for rule in (rule.name for rule in all_rules()):
        count = counted(rule, logs, group)
        positives = sum(rule in log.required for log in logs)
        if not positives and not count.wrong:
            continue
        low, high = interval(lambda drawn, rule=rule: counted(rule, drawn, group).f1, logs)
        numbers = f"{count.precision:11.2f}{count.recall:8.2f}{count.f1:6.2f}   {low:.2f} to {high:.2f}"
        print(f"{rule:24}{count.right:6}{count.wrong:6}{count.missed:7}{numbers}")
        often += [count.f1] if positives >= 3 else []
    print(f"macro F1 over the {len(often)} rules above with three or more positives: {np.mean(often or [np.nan]):.2f}")


def healthy(logs: Sequence[Log]) -> None:
    """Prints how many healthy runs were alarmed."""
    sound = [log for log in logs if log.is_healthy]
    low, high = interval(lambda drawn: float(np.mean([bool(log.alarms) for log in drawn])) if drawn else float("nan"), sound)
    alarmed = sum(bool(log.alarms) for log in sound)
    print(f"\nhealthy runs alarmed (tuned): {alarmed} of {len(sound)}, {alarmed / len(sound):.1%} (95 %: {low:.1%} to {high:.1%})")


def left_out_table(logs: Sequence[Log]) -> None:
    """Prints what each tuned rule is worth by thresholds chosen without the repository judged, and the healthy logs then alarmed."""
    print("\nStrict, leaving out one repository at a time")
    print(f"{'rule':24}{'knobs':>6}{'right':>6}{'wrong':>6}{'missed':>7}{'F1':>6}   95 % of F1")
    often, alarmed = [], set[str]()
    for judged in left_out(logs, _worth):
        count = counted(judged.rule, judged.logs, itself)
        low, high = interval(lambda drawn, rule=judged.rule: counted(rule, drawn, itself).f1, judged.logs)
        numbers = f"{count.right:6}{count.wrong:6}{count.missed:7}{count.f1:6.2f}   {low:.2f} to {high:.2f}"
        print(f"{judged.rule:24}{len(judged.knobs):6}{numbers}")
        often += [count.f1] if sum(judged.rule in log.required for log in logs) >= 3 else []
        alarmed |= {log.file for log in judged.logs if any(finding.rule == judged.rule for finding in log.alarms)}
    print(f"macro F1 over the {len(often)} tuned rules with three or more positives: {np.mean(often):.2f}")
    print(f"healthy runs alarmed by them: {len(alarmed)} of {sum(log.is_healthy for log in logs)}")


def _worth(rule: str, logs: Sequence[Log]) -> tuple[float, ...]:
    """What a choice of thresholds is chosen by: F1, then few alarms, then few findings."""
    alarms = sum(any(finding.rule == rule for finding in log.alarms) for log in logs)
    return (np.nan_to_num(counted(rule, logs, itself).f1), -alarms, -sum(rule in log.named for log in logs))


def details(logs: Sequence[Log]) -> None:
    """Prints every wrong finding, every missed label and every file that could not be read."""
    ruled = {rule.name for rule in all_rules()}
    for log in logs:
        said = [f"    wrong  {finding.rule} ({finding.severity}): {finding.message}" for finding in log.wrong]
        said += [f"    missed {rule}" for rule in sorted((log.required & ruled) - log.named)]
        said += [f"    unread {log.error}"] if log.error and log.required else []
        if said:
            print("\n".join([f"{log.file}  [{', '.join(sorted(log.required))}]", *said]))


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--left-out", action="store_true", help="choose tuned thresholds anew without the repository that they judge")
    options.add_argument("--verbose", action="store_true", help="list every wrong finding and every missed label")
    options.add_argument("--roles", action="store_true", help="hand over the roles of the manifest, to judge rules apart from readers")
    chosen = options.parse_args()
    manifest = chosen.folder / "MANIFEST.csv"
    if not manifest.is_file():
        sys.exit(f"{manifest}: not found; expected a folder of logs with a MANIFEST.csv of their labels")
    with manifest.open(encoding="utf-8", newline="") as rows:
        logs = [read(row, chosen.folder, chosen.roles) for row in csv.DictReader(rows)]
    unread = sum(bool(log.error and log.required) for log in logs)
    print(f"{len(logs)} files of {len({log.repo for log in logs})} repositories, {unread} labelled ones not read")
    if chosen.verbose:
        details(logs)
    table(logs, "Strict", itself)
    table(logs, "Lenient", alike)
    healthy(logs)
    if chosen.left_out:
        left_out_table(logs)


if __name__ == "__main__":
    main()
