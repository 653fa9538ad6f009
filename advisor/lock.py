"""Who writes a run folder: a lock that the operating system drops when its holder is gone, however it went."""

import sys
from pathlib import Path
from typing import IO

from advisor.errors import DiskError, RunFolderError
from advisor.text import printable

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


LOCK = Path("resume") / "lock"
FIXING = Path("resume") / "fixing"


def hold(folder: Path) -> IO[bytes]:
    """The lock of a run folder, held until it is closed or the process ends.

    Raises RunFolderError where another process holds it.
    """
    return _held(folder, LOCK, "recording here")


def hold_fixing(folder: Path) -> IO[bytes]:
    """The right to try fixes for a run: two at once would train in the same folders. Raises RunFolderError where another process has it."""
    return _held(folder, FIXING, "trying fixes for it")


def _held(folder: Path, lock: Path, doing: str) -> IO[bytes]:
    path = folder / lock
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("ab")
    except OSError as refusal:
        where, reason = printable(str(folder)), refusal.strerror or refusal
        raise DiskError(f"{where}: cannot be written ({reason}); allow writing there, or copy the run to where it is allowed") from None
    try:
        _lock(file)
    except OSError:
        file.close()
        raise RunFolderError(f"{printable(str(folder))}: another process is {doing}; wait for it or stop it, then try again") from None
    return file


def is_held(folder: Path) -> bool:
    """Whether a process is writing this run folder now. A `running` run that is not held was interrupted."""
    return _is_locked(folder / LOCK)


def is_busy(folder: Path) -> bool:
    """Whether a process is writing this run folder, or trying fixes for it."""
    return is_held(folder) or _is_locked(folder / FIXING)


def _is_locked(lock: Path) -> bool:
    try:
        file = lock.open("rb")
    except OSError:
        return False
    with file:
        try:
            _lock(file)
        except OSError:
            return True
    return False
