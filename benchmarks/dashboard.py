"""How fast the dashboard answers keys, opens, and what it keeps: `python benchmarks/dashboard.py`.

Every time is printed beside the same key on a chart of ten points in the same process: what is left is the price of the points.
Beside the time on the clock stands the processor time, which tells what an idle machine would take where this one is busy.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from advisor.dashboard.app import Dashboard
from advisor.dashboard.widgets.charts import Charts
from advisor.following import Follower, State, Watched
from advisor.outcome import Report, Status
from advisor.run import Run, Series

POINTS = (1_000, 100_000, 1_000_000)
SIZE = (160, 48)
KEYS = {
    "cursor": "right",
    "zoom in": "plus",
    "pan": "comma",
    "all": "0",
    "log": "y",
    "smooth": "s",
    "rough": "S",
    "clip": "o",
    "chart": "m",
}
ROUNDS = 8
OPENINGS = 5
SECONDS, ROWS_A_SECOND, LOOKS = 3600, 10, 120


class Still:
    """One run that stays as it is."""

    is_behind = False

    def __init__(self, run: Watched) -> None:
        self.runs, self.paths, self.places = (run,), (), ()

    def look(self) -> bool:
        return False


def run_of(points: int) -> Watched:
    rng = np.random.default_rng(0)
    steps = np.arange(1.0, points + 1)
    loss = 2.0 / np.sqrt(steps) + 0.05 * np.abs(rng.normal(size=points)) + 0.1
    loss[points // 3] = 50.0
    series = Series("loss", loss, np.full(points, np.nan), steps, np.arange(points))
    run = Run("run", Path("run"), "table", {"train_loss": series}, rows=points)
    return Watched(("run", "run"), "run", State.DONE, Report(run, Status.HEALTHY, (), ()))


async def timed(points: int) -> tuple[dict[str, list[float]], list[float], bool]:
    """Milliseconds from each key to its frame, those that the processor worked, and whether the one spike is still on the chart."""
    app = Dashboard(Still(run_of(points)))
    times: dict[str, list[float]] = {name: [] for name in KEYS}
    worked: list[float] = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        charts = app.screen.query_one(Charts)
        top = "".join(span.text for row in charts._rows()[1:3] for span in row)
        spiked = any(0x2800 < ord(sign) < 0x2900 for sign in top)
        for _ in range(ROUNDS):
            for name, key in KEYS.items():
                start, began = time.perf_counter(), time.process_time()
                await pilot.press(key)
                app.screen._compositor.render_strips()
                times[name].append(1000 * (time.perf_counter() - start))
                worked.append(1000 * (time.process_time() - began))
    return times, worked, spiked


def redraws(points: int) -> list[float]:
    """Milliseconds of processor of our own share of a frame: the scene made anew and drawn, for each of the keys, without textual."""
    from advisor.charts import Size, draw
    from advisor.dashboard.view.keys import changed
    from advisor.dashboard.view.look import Look
    from advisor.dashboard.view.scene import Subject, scene

    outcome = run_of(points).outcome
    subject, look, times = [Subject(outcome, 0, "run", 0)], Look(), []
    drawn = scene(subject, look)
    for name in ("left", "nearer", "earlier", "all", "log", "smoother", "rougher", "clip") * 2:
        start = time.process_time()
        look = changed(name, look, drawn)
        drawn = scene(subject, look)
        draw(drawn.panels[0].plot, Size(*SIZE))
        times.append(1000 * (time.process_time() - start))
    return times


def told(times: Sequence[float]) -> str:
    return f"{np.median(times):8.1f} {np.percentile(times, 95):8.1f}"


def keys() -> None:
    plain, worked, _ = asyncio.run(timed(10))
    base = [value for values in plain.values() for value in values]
    heads = f"{'clock':>8} {'p95':>8} {'processor':>9} {'p95':>8} {'redraw':>8} {'p95':>8}"
    print(f"key to frame at {SIZE[0]}x{SIZE[1]}, {ROUNDS} rounds of {len(KEYS)} keys: milliseconds on the clock,")
    print("of the processor, and of that our own share, the redraw")
    print(f"{'points':>10} {heads} {'of 10 points':>13}   spike kept   slowest key")
    print(f"{10:10,} {told(base)} {told(worked):>18} {told(redraws(10))} {1.0:13.2f}")
    for points in POINTS:
        times, spent, spiked = asyncio.run(timed(points))
        every = [value for values in times.values() for value in values]
        slowest = max(times, key=lambda name: float(np.median(times[name])))
        kept = "yes" if spiked else "NO"
        shares = f"{told(every)} {told(spent):>18} {told(redraws(points))} {np.median(spent) / np.median(worked):13.2f}"
        print(f"{points:10,} {shares}   {kept:10}   {slowest} {np.median(times[slowest]):.0f}")


def seconds(*command: str) -> float:
    times = []
    for _ in range(OPENINGS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def opening() -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        log.write_text(HEADER + "".join(row(step) for step in range(1, 101)), encoding="utf-8")
        opened = [first_frame(log) for _ in range(OPENINGS)]
    textual = seconds("-c", "import textual.app, numpy")
    clock, processor = (float(np.median([times[nth] for times in opened])) for nth in (0, 1))
    print(f"\nopening a log of 100 rows in a terminal, until its findings stand there: {clock:.2f} s;")
    print(f"{processor:.2f} s of processor until it is quit again")
    print(f"python with textual and numpy alone {textual:.2f} s")


def first_frame(log: Path) -> tuple[float, float]:
    """Seconds until the first screen is drawn in a terminal, and seconds of processor until it is quit again."""
    import os
    import pty
    import resource
    import termios

    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (SIZE[1], SIZE[0]))
    command = [sys.executable, "-m", "advisor", "dashboard", str(log)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm-256color"})
    os.close(theirs)
    seen = b""
    while b"findings" not in seen:
        seen += os.read(ours, 65536)
    drawn = time.perf_counter() - begun
    os.write(ours, b"q")
    while process.poll() is None:
        try:
            os.read(ours, 65536)
        except OSError:  # nobody writes there any more
            process.wait()
    os.close(ours)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return drawn, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime


HEADER = "step,train_loss,val_loss\n"


def row(step: int) -> str:
    return f"{step},{2 / step**0.5:.6f},{2 / step**0.5 + 0.1:.6f}\n"


async def kept() -> tuple[float, float, float, float]:
    """MiB of Python and numpy: after the first screen, at the most, and after an hour's worth of rows; and of the log itself."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        log.write_text(HEADER + "".join(row(step) for step in range(1, 101)), encoding="utf-8")
        follower = Follower([log])
        follower.first()
        app = Dashboard(follower)
        total, step = SECONDS * ROWS_A_SECOND, 101
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            first = tracemalloc.get_traced_memory()[0] / 2**20
            app.screen._poller.end()
            for _ in range(LOOKS):
                with log.open("a", encoding="utf-8") as file:
                    file.writelines(row(n) for n in range(step, step + total // LOOKS))
                step += total // LOOKS
                follower.look()
                app.screen.runs = follower.runs
                await pilot.press("right", "s")
            after, most = (value / 2**20 for value in tracemalloc.get_traced_memory())
        return first, most, after, log.stat().st_size / 2**20


def memory() -> None:
    tracemalloc.start()
    first, most, after, log = asyncio.run(kept())
    tracemalloc.stop()
    rows = SECONDS * ROWS_A_SECOND
    print(f"\nmemory after an hour's worth of a growing log ({rows:,} rows in {LOOKS} looks): {after:.1f} MiB, {most:.1f} at the most;")
    print(f"{first:.1f} after the first screen, so it grew by {(after - first) / log:.1f} times the {log:.1f} MiB that the log has")


if __name__ == "__main__":
    keys()
    opening()
    memory()
