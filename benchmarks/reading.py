"""How many real logs are read, and with the right roles: `python benchmarks/reading.py FOLDER`.

FOLDER holds logs and a MANIFEST.csv with the columns `file`, `format` and `roles` (`train_loss=COL;val_loss=COL`;
`a+b` is a sum, `a | b` means that either is right, `sessions=N` that several runs or restarts are in the file;
a file without roles and labels holds no run and should be refused).
"""

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from advisor.errors import ReadError
from advisor.readers import load_all
from advisor.run import Run

Result = tuple[bool, bool, bool, list[str]]  # loaded, roles right or rightly refused, refused rightly, why not


def main(folder: Path) -> None:
    by_format = defaultdict(list)
    began = time.perf_counter()
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as stream:
        for entry in csv.DictReader(stream):
            by_format[entry["format"]].append(judged(folder, entry))
    print(f"{'format':<20} {'files':>5} {'loaded':>6} {'right':>6} {'refused':>7}  why not")
    for name, results in sorted(by_format.items()):
        show(name, results)
    show("all", [(*result[:3], []) for results in by_format.values() for result in results])
    print(f"{time.perf_counter() - began:.1f} s")


def show(name: str, results: list[Result]) -> None:
    loaded, right, refused = (sum(result[k] for result in results) for k in range(3))
    why = [reason for *_, reasons in results for reason in reasons]
    print(f"{name:<20} {len(results):>5} {loaded:>6} {right:>6} {refused:>7}  {why[0] if why else ''}")
    for reason in why[1:]:
        print(f"{'':<49}{reason}")


def judged(folder: Path, entry: dict[str, str]) -> Result:
    """Whether a file was loaded, with all roles right, or rightly refused; and why not."""
    name = entry["file"].rpartition("/")[2][-40:]
    try:
        runs = load_all(folder / entry["file"])
    except ReadError as refusal:
        rightly = not entry["roles"] and not entry["labels"]
        text = str(refusal).replace(str(folder), "")[-150:]
        return False, rightly, rightly, [] if rightly else [f"{name}: refused: {text}"]
    wrong = [reason for reason in differences(runs, entry["roles"]) if reason]
    return True, not wrong and bool(entry["roles"]), False, [f"{name}: {reason}" for reason in wrong]


def differences(runs: list[Run], expected: str) -> Iterator[str | None]:
    for pair in filter(None, expected.split(";")):
        role, _, column = pair.partition("=")
        if role == "sessions":
            found = max(max(len(run.about.get("sessions", ())) for run in runs), len(runs))
            yield None if found == int(column) else f"sessions {found}, expected {column}"
        else:
            wanted = {choice.strip() for choice in column.split(" | ")}
            found = {spelled(run.roles.get(role)) for run in runs} | {
                run.step_series[role].name for run in runs if role in run.step_series and " | " in column
            }
            yield None if wanted & found else f"{role} is {' or '.join(sorted(found))}, expected {column}"


def spelled(columns: str | list[str] | None) -> str:
    return "nothing" if columns is None else columns if isinstance(columns, str) else "+".join(columns)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
