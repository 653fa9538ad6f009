"""Where every command ends: exit statuses, refusals in one line, closed pipes. Nothing leaves as a traceback."""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial

import click

from advisor.cli._shared import prepare, tell
from advisor.errors import AdvisorError, MissingLibraryError
from advisor.interrupts import INTERRUPTED, raise_again
from advisor.own_code import refusal_of
from advisor.text import printable

REFUSED = 2
CLOSED_PIPE = 141  # 128 + SIGPIPE, as every Unix tool has it
# What pip calls the modules whose absence the user can cure.
LIBRARIES = {"torch": "torch", "textual": "textual", "pandas": "pandas", "sklearn": "scikit-learn", "safetensors": "safetensors"}
DEBUG = "ADVISOR_DEBUG"
OUT_OF_MEMORY = ("out of memory", "not enough memory", "can't allocate memory")  # PyTorch: on CUDA, on Windows, on Linux


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; whatever it raises ends here, in words for people."""
    prepare()
    stdout = sys.stdout
    try:
        raise_again()
        status = command.main(arguments, prog_name="advisor", standalone_mode=False)
        sys.stdout.flush()
        return int(status or 0)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except SystemExit as leaving:
        closed = sys.stdout is not stdout  # click puts a silent one in its place when a pipe closes
        return CLOSED_PIPE if closed else int(leaving.code or 0)
    except Exception as error:  # noqa: BLE001 - the rim
        return _ended(error, partial(_path, command, sys.argv[1:] if arguments is None else arguments))


def _path(command: click.Command, arguments: Sequence[str]) -> str:
    """The names of the command that a command line calls: of the commands in it as far as it names any."""
    path, found, context = ["advisor"], command, click.Context(command)
    for word in arguments:
        inner = found.get_command(context, word) if isinstance(found, click.Group) else None
        if inner is None:
            break
        path, found = [*path, word], inner
    return " ".join(path)


def _ended(error: Exception, path: Callable[[], str]) -> int:
    if _is_closed_pipe(error):
        return _leave_quietly()
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    for line in _in_words(error, path).splitlines():
        tell("error", line)
    return REFUSED


def _in_words(error: Exception, path: Callable[[], str]) -> str:
    match error:
        case AdvisorError():
            return str(error)
        case click.ClickException():
            said = printable(error.format_message().rstrip("."))
            return f"{said}{' ' if said.endswith('?') else '; '}`{path()} --help` shows what it takes"
        case ImportError(name=str(name)) if name.partition(".")[0] in LIBRARIES:
            return str(_missing(name.partition(".")[0]))
    if told := refusal_of(error):
        return f"{told} ({DEBUG}=1 shows the whole story)"
    if isinstance(error, OSError):
        return _refused_by_system(error)
    if isinstance(error, MemoryError) or any(words in str(error) for words in OUT_OF_MEMORY):
        return f"found less memory than this takes; make the model, the batch or the data smaller ({DEBUG}=1 shows the whole story)"
    return f"a mistake in advisor, please report it ({_origin(error)}); {DEBUG}=1 shows the whole story"


def _missing(module: str) -> MissingLibraryError:
    return MissingLibraryError(f"found no library {module}, which this command needs; pip install {LIBRARIES[module]}")


def _refused_by_system(error: OSError) -> str:
    where = f"{printable(str(error.filename))}: " if error.filename else ""
    return f"{where}{error.strerror or error}; expected a place that can be read and written, give another"


def _origin(error: Exception) -> str:
    """What was raised, and the innermost place."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""  # noqa: PTH119 - not a path of ours
    return printable(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}{place}")


def _is_closed_pipe(error: Exception) -> bool:
    """Windows calls a closed pipe an invalid argument."""
    codes = {errno.EPIPE, errno.EINVAL} if os.name == "nt" else {errno.EPIPE}
    return isinstance(error, OSError) and error.errno in codes


def _leave_quietly() -> int:
    """Nobody reads on: let what is still buffered go nowhere, or Python complains of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return CLOSED_PIPE
