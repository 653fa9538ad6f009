"""How far a training is, by what its record says and by whether anybody still writes it."""

from enum import StrEnum

from advisor.lock import is_held
from advisor.run import Run


class State(StrEnum):
    """Whether more is to come. Logs of other tools do not tell: they are seen to grow, or nothing is known."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    GROWING = "growing"
    UNKNOWN = ""


def state_of(run: Run) -> State:
    """The state by run.json; `running` without a process that holds the folder is `interrupted`."""
    try:
        state = State(str(run.about.get("status", "")))
    except ValueError:
        return State.UNKNOWN
    if state is State.RUNNING and not is_held(run.path):
        return State.INTERRUPTED
    return state
