"""What is said of the changes that were made together."""

import pytest

from advisor.edits import Safety
from advisor.findings import Evidence, Finding, Severity
from advisor.repair import Attempt, Attribution, Verdict
from advisor.repair.attempts import Part
from advisor.report import Stage, written
from advisor.report._repairs import attempt_rows

FINDING = Finding("dead-units", "A101", Severity.WARNING, 0.9, "", "", 1.0, 0.5, Evidence((), "step", 0.0, 0.0))
SAID = {
    "one mattered": ([Part("norm", 0.5, True), Part("weight decay", 0.9, False)], "norm (0.5 without it) mattered; weight decay could"),
    "either does it": (
        [Part("norm", 0.9, False, 0.91, True), Part("initialisation", 0.9, False, 0.89, True), Part("weight decay", 0.9, False, 0.5)],
        "norm (0.91) or initialisation (0.89) alone is as good as all of them",
    ),
    "none is enough": ([Part("norm", 0.9, False, 0.7), Part("weight decay", 0.9, False, 0.5)], "and none alone is enough"),
    "not asked": ([Part("norm", 0.9, False), Part("weight decay", 0.9, False)], "each alone could be left out (each taken back"),
}


@pytest.mark.parametrize("case", SAID)
def test_it_is_said_which_of_them_the_result_rests_on(case):
    parts, said = SAID[case]
    attempt = Attempt("default-recipe", (), Safety.UNSAFE, FINDING, Verdict.CURED, kept=True, attribution=Attribution(5, 0.9, tuple(parts)))
    text = written(attempt_rows(attempt, Stage(100)))
    assert said in " ".join(text.split())
