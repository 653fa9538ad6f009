"""`advisor fix --unsafe`, in a folder of its own."""

import os
import tempfile
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from advisor.cli._trainer import TorchTrainer
from advisor.diagnose import diagnose
from advisor.outcome import Status
from advisor.readers import load
from advisor.repair import Options, Tools, beside_yardstick, repair
from curers.base import BUDGET, Broken, Mended

WORKPLACE = f".ours-{os.getpid()}-"  # what this process leaves in the cache's folder, for whoever measured it to remove
UNTOUCHED = "finds nothing"


def ours(broken: Broken) -> Mended:
    """What it keeps."""
    place = Path(tempfile.mkdtemp(prefix=WORKPLACE, dir=broken.cache.folder))
    broken.cache.copy(broken.folder, place / "run")
    run = load(place / "run")
    report = diagnose(run)
    with redirect_stderr(StringIO()), TorchTrainer(run.path, workers=1) as trainer:
        tools = Tools(trainer, load)
        report = beside_yardstick(report, tools)
        if report.status is not Status.FINDINGS:
            return Mended(run.path, 0.0, "unchanged", UNTOUCHED)
        outcome = repair(run, report, tools, Options(budget=BUDGET, allows=lambda proposal: True))
    found = ", ".join(finding.rule for finding in report.findings if finding.severity > 1)
    tried = ", ".join(f"{each.fix} {each.verdict}" for each in outcome.attempts if each.run)
    seeds = max((len(each.seeds) for each in outcome.attempts), default=0)
    detail = f"{found}: {tried} | remains {', '.join(outcome.remaining) or 'nothing'} | seeds {seeds}"
    return Mended(outcome.result or run.path, outcome.trainings, outcome.status, detail, seeds)
