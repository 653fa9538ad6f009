"""What is found in a run while it is recorded: told once, and looked for only as often as it costs next to nothing."""

import time
from collections.abc import Iterable
from pathlib import Path

from advisor.diagnose import diagnose
from advisor.errors import ReadError
from advisor.findings import Finding, Severity
from advisor.outcome import Report
from advisor.readers import load
from advisor.text import printable
from advisor.watch.telling import place, say

SHARE = 0.002  # of the time, that judging may take unasked
FIRST_COST = 0.02  # seconds, before it is known


class Judge:
    """Judges one run folder again and again."""

    def __init__(self, folder: Path, stop_on: frozenset[str], is_quiet: bool) -> None:
        self.folder, self.stop_on, self.is_quiet = folder, stop_on, is_quiet
        self.should_stop = False
        self._told: set[str] = set()
        self._cost, self._ended = FIRST_COST, time.perf_counter()

    @property
    def is_due(self) -> bool:
        """Whether so much time has passed that judging is next to nothing; always where a rule may end the loop."""
        return bool(self.stop_on) or time.perf_counter() - self._ended > self._cost / SHARE

    def report(self) -> Report | None:
        """What all rules say of the run so far; None before there is anything to read."""
        try:
            return diagnose(load(self.folder))
        except ReadError:
            return None

    def judge(self) -> Report | None:
        """Judges, tells what is new and sees whether the loop is to end."""
        began = time.perf_counter()
        report = self.report()
        if report:
            self.should_stop = self.should_stop or any(finding.rule in self.stop_on for finding in report.findings)
            self._tell(finding for finding in report.findings if finding.severity >= Severity.WARNING)
        self._ended = time.perf_counter()
        self._cost = self._ended - began
        return report

    def _tell(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.rule not in self._told:
                self._told.add(finding.rule)
                said = f"{finding.code} {finding.rule} {finding.severity}: {printable(finding.message)}"
                say(f"{place(self.folder)}: {said} (`advisor explain {finding.rule}`)", self.is_quiet)
