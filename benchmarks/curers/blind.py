"""Methods that do not look at what went wrong: one recipe for everything, random fixes, a sweep of the rate, other seeds."""

import random

from advisor import catalogue, dotted
from advisor.edits import Safety
from advisor.findings import Evidence, Finding, Severity
from advisor.fixes.base import named
from curers.base import BUDGET, Broken, Mended, best_of, edited, trained

FACTORS = (0.1, 10.0, 0.01, 100.0, 0.3, 3.0)
NO_FINDING = Finding("", "", Severity.INFO, 1.0, "", "", 0.0, 0.0, Evidence((), "epoch", 0, 0))


def recipe(broken: Broken) -> Mended:
    """The default recipe, whatever is wrong, and whatever comes of it."""
    edits = named("default-recipe").edits(broken.run, NO_FINDING) or ()
    tree = edited(broken.tree, {edit.path: edit.value for edit in edits})
    made = trained(broken, tree) if tree else None
    return Mended(made[0], made[1]) if made else Mended(broken.folder, 0.0, "unchanged")


def random_fixes(broken: Broken) -> Mended:
    """Fixes that apply, in a random order; the best by validation."""
    run = broken.run
    proposals = [named(name).propose(run, NO_FINDING) for name in catalogue.names("fixes")]
    usable = [found for found in proposals if found and found.safety is not Safety.MANUAL]
    random.Random(f"{broken.name} {broken.seed}").shuffle(usable)
    return best_of(broken, (edited(broken.tree, {edit.path: edit.value for edit in found.edits}) for found in usable))


def sweep(broken: Broken) -> Mended:
    """Other learning rates; the best by validation."""
    rate = dotted.get(broken.run.config, "optim.lr")
    return best_of(broken, (edited(broken.tree, {"optim.lr": rate * factor}) for factor in FACTORS))


def seeds(broken: Broken) -> Mended:
    """Other seeds; the best by validation."""
    return best_of(broken, (edited(broken.tree, {"train.seed": broken.seed + 100 + i}) for i in range(int(BUDGET))))
