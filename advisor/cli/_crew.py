"""Trainings in processes of their own, side by side: as many as there are cores. What comes out is the same with one."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from advisor.cli._jobs import as_message
from advisor.errors import AdvisorError, DiskError
from advisor.repair import Job

MODULE = "advisor.cli._worker"
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
TRIES = 3  # of a job whose process is killed: the next one goes on with what is trained
AWAKE_SECONDS = 0.5  # a wait without end would not hear Ctrl-C on every system

Row = dict[str, float]
Heard = Callable[[int, Row], None]  # the place of a job, and the row of the epoch that it finished


def cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Worker:
    """One process that trains what it is told; where it is killed, another one takes its place."""

    def __init__(self, base: Path) -> None:
        self.base, self.is_over = base, False
        self._changing = threading.Lock()
        self._start()

    def _start(self) -> None:
        streams: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}
        command = [sys.executable, "-m", MODULE, str(self.base)]
        self.process = subprocess.Popen(command, env=environment, text=True, encoding="utf-8", **streams)  # noqa: S603 - ourselves

    def do(self, job: Job, hear: Callable[[Row], None]) -> AdvisorError | None:
        """Has a job done; the reason where it could not be."""
        for _ in range(TRIES):
            with suppress(OSError, ValueError):
                return self._told(job, hear)
            if not self._is_replaced():
                break
        return AdvisorError(f"{job.folder}: the process that trained it was killed each time; free memory, then start the command again")

    def _told(self, job: Job, hear: Callable[[Row], None]) -> AdvisorError | None:
        """The same by the present process; raises OSError or ValueError where that ends before it has answered."""
        assert self.process.stdin and self.process.stdout  # noqa: S101 - both are pipes
        self.process.stdin.write(json.dumps(as_message(job)) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            message = json.loads(line)
            if "row" not in message:
                return _refusal(message)
            hear({name: float(value) for name, value in message["row"].items()})
        raise BrokenPipeError

    def _is_replaced(self) -> bool:
        """Whether another process could be started, for all is not over."""
        with self._changing:
            if not self.is_over:
                self.process.kill()
                self.process.wait()
                self.close()
                self._start()
            return not self.is_over

    def end(self) -> None:
        """Ends the process at once; what it trained so far is on disk."""
        with self._changing:
            self.is_over = True
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Lets go of its pipes, once nobody listens any more."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()


def _refusal(message: dict[str, str]) -> AdvisorError | None:
    """Why a process could not do a job, as it tells."""
    if "unwritten" in message:
        return DiskError(message["unwritten"])
    return AdvisorError(message["refused"]) if "refused" in message else None


class Crew:
    """Some workers that share jobs."""

    def __init__(self, base: Path, size: int) -> None:
        self.base, self.size = base, size
        self._workers: list[Worker] = []
        self._listeners: list[threading.Thread] = []

    def do(self, jobs: Sequence[Job], hear: Heard) -> list[AdvisorError | None]:
        """Has all jobs done; for each the reason where it could not be."""
        while len(self._workers) < min(self.size, len(jobs)):
            self._workers.append(Worker(self.base))
        waiting: SimpleQueue[int] = SimpleQueue()
        said: SimpleQueue[tuple[int, Row | AdvisorError | None]] = SimpleQueue()
        for place in range(len(jobs)):
            waiting.put(place)
        self._listeners = [threading.Thread(target=_share, args=(each, jobs, waiting, said), daemon=True) for each in self._workers]
        for listener in self._listeners:
            listener.start()
        return _results(len(jobs), said, hear)

    def end(self) -> None:
        """Ends all processes."""
        for worker in self._workers:
            worker.end()
        for listener in self._listeners:
            listener.join()
        for worker in self._workers:
            worker.close()
        self._workers.clear()


def _share(worker: Worker, jobs: Sequence[Job], waiting: "SimpleQueue[int]", said: "SimpleQueue[Any]") -> None:
    while True:
        try:
            place = waiting.get_nowait()
        except Empty:
            return
        said.put((place, worker.do(jobs[place], lambda row, place=place: said.put((place, row)))))  # type: ignore[misc]


def _results(count: int, said: "SimpleQueue[Any]", hear: Heard) -> list[AdvisorError | None]:
    results: dict[int, AdvisorError | None] = {}
    while len(results) < count:
        try:
            place, message = said.get(timeout=AWAKE_SECONDS)
        except Empty:
            continue
        if isinstance(message, dict):
            hear(place, message)
        else:
            results[place] = message
    return [results[place] for place in range(count)]
