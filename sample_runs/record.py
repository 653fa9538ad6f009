"""Records the samples anew: `python sample_runs/record.py [NAME...]`.

Each sample is a run folder of `advisor train`, named after the rule that must be its first finding, or healthy-SOMETHING.
To add one: `advisor train my.toml --run-dir sample_runs --name RULE`; its config.toml repeats it from then on.
What only serves to go on training (`resume/`) is left out.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def record(name: str) -> None:
    """Trains the Config of a sample and puts the new run folder in its place."""
    old = (HERE / name).rename(HERE / f"old-{name}")  # at the same depth, so that relative paths in the Config stay true
    command = [sys.executable, "-m", "advisor", "train", str(old / "config.toml"), "--run-dir", str(HERE), "--name", name, "--quiet"]
    ended = subprocess.run(command, check=False)
    if ended.returncode not in (0, 1):
        old.rename(HERE / name)
        sys.exit(f"{name}: advisor train ended with {ended.returncode}")
    shutil.rmtree(HERE / name / "resume", ignore_errors=True)
    shutil.rmtree(old)


def main() -> None:
    for name in sys.argv[1:] or sorted(path.parent.name for path in HERE.glob("*/run.csv")):
        print(name)
        record(name)


if __name__ == "__main__":
    main()
