"""separate-logs."""

from advisor.edits import Edit
from advisor.findings import Finding
from advisor.fixes.base import Fix
from advisor.run import Run


class SeparateLogs(Fix):
    """Give each training a log of its own.

    What it does
    ------------
    Nothing that can be set: the log goes to a file or folder named after the time at which training began, and is opened anew
    rather than appended to.

    When it helps
    -------------
    One file holds restarts, copies, or what two processes wrote at once.

    What to watch afterwards
    ------------------------
    Epochs and steps only go up within a file.

    References
    ----------
    Wilson et al. 2017, Good enough practices in scientific computing, PLOS Computational Biology 13.
    """

    pytorch = 'log = open(f"log-{time.strftime(\'%Y%m%d-%H%M%S\')}.csv", "x")'
    keras = "keras.callbacks.CSVLogger(f\"log-{time.strftime('%Y%m%d-%H%M%S')}.csv\", append=False)"

    def edits(self, run: Run, finding: Finding) -> tuple[Edit, ...] | None:
        return ()  # nothing in a Config can do it
