"""A process that trains what it is told, line by line, and tells how far it is; it ends with whoever told it, however that one went."""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from advisor.cli._jobs import do, from_message
from advisor.errors import AdvisorError, DiskError
from advisor.training.events import EpochDone, Event


def _orders(given: IO[str]) -> "SimpleQueue[str]":
    """The lines that come in; when they end, so does this process, amid whatever it does."""
    orders: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in given:
            orders.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    return orders


def _serve(base: Path, orders: "SimpleQueue[str]", out: IO[str]) -> None:
    def say(**message: Any) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    def told(event: Event) -> None:
        if isinstance(event, EpochDone):
            say(row={name: str(value) for name, value in event.figures.items() if value is not None})

    while True:
        job = from_message(json.loads(orders.get()))
        try:
            do(job, base, told)
            say(ended=True)
        except DiskError as refusal:
            say(unwritten=str(refusal))
        except AdvisorError as refusal:
            say(refused=str(refusal))
        except KeyboardInterrupt:
            say(refused=f"{job.folder}: the training was stopped; start the command again to go on")


def main() -> None:
    """Serves standard input. What a Config's functions print is not to be taken for an answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the process that gives the orders, which ends this one
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _serve(Path(sys.argv[1]), _orders(sys.stdin), out)


if __name__ == "__main__":
    main()
