"""What a kill leaves where a run folder was being made out of sight: `.NAME.PID`, of a process that is gone."""

import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path

HIDDEN = re.compile(r"\..+\.(?P<process>[1-9]\d{0,8})")
OURS = frozenset({"config.toml", "config.toml.tmp", "run.json", "run.json.tmp"})
LONG_SECONDS = 3600.0  # that no run folder takes to be made


def clear(runs: Path) -> None:
    """Removes such folders from a folder of runs; what holds anything else is somebody else's."""
    with suppress(OSError):
        for folder in runs.iterdir():
            found = HIDDEN.fullmatch(folder.name)
            if found and folder.is_dir() and not folder.is_symlink() and _is_left(folder, int(found["process"])):
                _remove(folder)


def _is_left(folder: Path, process: int) -> bool:
    return {file.name for file in folder.iterdir()} <= OURS and _is_gone(process, folder)


def _is_gone(process: int, folder: Path) -> bool:
    """Whether the process is over. Windows cannot be asked without ending it: there, time tells."""
    if sys.platform == "win32":
        return time.time() - folder.stat().st_mtime > LONG_SECONDS
    if process == os.getpid():  # which has not made any yet
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


def _remove(folder: Path) -> None:
    with suppress(OSError):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
