"""Whose code raised: what a module or function of the user's own raises amid a training is no mistake of advisor's."""

import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path

from advisor.errors import AdvisorError
from advisor.text import printable

PACKAGE = Path(__file__).resolve().parent
CALLER = PACKAGE / "training"  # who calls code of the user's
OF_PYTHON = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))
INSTALLED = {"site-packages", "dist-packages"}
NOT_APPLIED = "not applied"  # in the notes on a module that could not be changed as asked
IN_PLACE = "modified by an inplace operation"  # as PyTorch says it
NOTHING_LEARNS = "optimizer got an empty parameter list"  # as PyTorch says it


@contextmanager
def refused() -> Iterator[None]:
    """Within it, what code of the user's own raises becomes an AdvisorError in one line."""
    try:
        yield
    except Exception as error:
        refusal = None if isinstance(error, AdvisorError) else refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(error: Exception) -> AdvisorError | None:
    """What an exception says of the user's own code, with the innermost line of it; None where that had no part in it."""
    if str(error) == NOTHING_LEARNS:
        return AdvisorError("model.kind: found a module without parameters that learn; expected some with requires_grad, see its function")
    if IN_PLACE in str(error):
        expected = "expected inplace=False, y = y + x for y += x, and no dropout in place behind an activation"
        return AdvisorError(f"model.kind: the module changes in place what its gradient still needs; {expected}, see its function")
    files = [(Path(frame.filename).resolve(), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    called = dropwhile(lambda frame: CALLER not in frame[0].parents, files)
    own = [f"{path.name}:{line}" for path, line in called if _is_own(path)]
    if not own:
        return None
    return AdvisorError(
        f"{printable(own[-1])} raised {in_one_line(error)}; that is code of your own, mend it there and start the command again"
    )


def in_one_line(error: Exception) -> str:
    """The name of an exception and what it says."""
    message = " ".join(printable(" ".join(str(error).split())).split())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _is_own(path: Path) -> bool:
    """Whether a file is neither of this package nor of Python or an installed one; code without a file is not asked."""
    return path.is_file() and not INSTALLED & set(path.parts) and not any(place in path.parents for place in (PACKAGE, *OF_PYTHON))
