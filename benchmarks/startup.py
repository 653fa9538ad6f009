"""How long the commands take as whole processes: `python benchmarks/startup.py [--runs N]`.

Prints the median wall time of each command over interleaved runs, and the ratio to `python -c pass`
in the same run. Wanted: `--help` under 0.15 s, `diagnose` of a small log under 0.3 s.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PYTHON = sys.executable
ROWS = 50


def small_log(folder: Path) -> Path:
    """A log of 50 epochs as Keras writes it, whose validation turns up after a third of the run."""
    rows = [f"{i},{2 * 0.9**i + 0.1:.5f},{2 * 0.9**i + 0.3 + 0.01 * max(0, i - ROWS // 3):.5f}" for i in range(ROWS)]
    path = folder / "log.csv"
    path.write_text("epoch,loss,val_loss\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def seconds(command: Sequence[str]) -> float:
    """Wall time of one whole process; a command that fails for another reason than findings ends the benchmark."""
    start = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, check=False)
    taken = time.perf_counter() - start
    if ended.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr.decode(errors='replace')}")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        advisor = [PYTHON, "-m", "advisor"]
        commands = {
            "python -c pass": [PYTHON, "-c", "pass"],
            "python -c 'import numpy'": [PYTHON, "-c", "import numpy"],
            "advisor --help": [*advisor, "--help"],
            "advisor rules": [*advisor, "rules"],
            "advisor explain overfitting": [*advisor, "explain", "overfitting"],
            f"advisor diagnose, {ROWS} epochs": [*advisor, "diagnose", str(small_log(Path(folder)))],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(runs + 1):
            for name, command in commands.items():
                spent = seconds(command)
                if run:  # the first round warms the file cache
                    taken[name].append(spent)
    pairs = {name: [a / b for a, b in zip(times, taken["python -c pass"], strict=True)] for name, times in taken.items()}
    print(f"{'command':32} {'median s':>9} {'min':>7} {'max':>7} {'x pass':>7}")
    for name, times in taken.items():
        print(f"{name:32} {statistics.median(times):9.3f} {min(times):7.3f} {max(times):7.3f} {statistics.median(pairs[name]):7.1f}")


if __name__ == "__main__":
    main()
