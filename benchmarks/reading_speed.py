"""How long reading takes and how much memory: whole processes, beside pandas, tensorboard and tbparse where they are installed.

`python benchmarks/reading_speed.py [SHARE]`; SHARE 0.1 is a tenth of the sizes.
"""

import json
import random
import struct
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

CSV_ROWS, JSON_LINES, SCALARS, TEXT_LINES = 1_000_000, 200_000, 300_000, 200_000
COLUMNS = 10
MEASURED = """
import resource, sys, time
began = time.perf_counter()
{work}
print(f"{{time.perf_counter() - began:.3f}} {{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}}")
"""
LOAD = "from advisor.readers import load_all; load_all({path!r})"
JUDGE = "from advisor.readers import load_all; from advisor.diagnose import diagnose; [diagnose(run) for run in load_all({path!r})]"
PANDAS = "import pandas; pandas.read_csv({path!r})"
PANDAS_LINES = "import pandas; pandas.read_json({path!r}, lines=True)"
TENSORBOARD = """
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator({path!r}, size_guidance={{"scalars": 0}})
events.Reload()
[events.Scalars(tag) for tag in events.Tags()["scalars"]]
"""
TBPARSE = "from tbparse import SummaryReader; SummaryReader({path!r}).scalars"
LINES = "for line in open({path!r}, encoding='utf-8'): line.split()"
NOTHING = "pass"
Rivals = dict[str, str]


def main(share: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'file':<10} {'MB':>6}  {'who':<22} {'seconds':>8} {'process':>8} {'peak MB':>8} {'x file':>7}")
        for name, write, rivals in LOGS:
            path = Path(folder) / name
            write(path, share)
            size = path.stat().st_size
            for who, work in {"(python alone)": NOTHING, "advisor load": LOAD, "advisor load + judge": JUDGE, **rivals}.items():
                show(name, size, who, measured(work.format(path=str(path))))
            path.unlink()


def show(name: str, size: int, who: str, found: tuple[float, float, int] | None) -> None:
    if found is None:
        print(f"{name:<10} {size / 1e6:>6.1f}  {who:<22} not installed")
        return
    seconds, process, peak = found
    print(f"{name:<10} {size / 1e6:>6.1f}  {who:<22} {seconds:>8.2f} {process:>8.2f} {peak / 1e6:>8.0f} {peak / size:>7.1f}", flush=True)


def measured(work: str) -> tuple[float, float, int] | None:
    """Seconds of the work, of the whole process, and its peak memory in bytes; None where a library is missing."""
    began = time.perf_counter()
    program = MEASURED.format(work=textwrap.dedent(work))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    process = time.perf_counter() - began
    if done.returncode:
        if "ModuleNotFoundError" in done.stderr:
            return None
        raise SystemExit(done.stderr)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), process, int(peak)


def write_csv(path: Path, share: float) -> None:
    chance = random.Random(0)
    noise = [[f"{chance.gauss(1, 0.1):.6f}" for _ in range(1000)] for _ in range(COLUMNS - 3)]
    with path.open("w", encoding="utf-8") as stream:
        stream.write("step,train_loss,val_loss," + ",".join(f"extra_{k}" for k in range(COLUMNS - 3)) + "\n")
        for step in range(int(CSV_ROWS * share)):
            rest = ",".join(column[step % 1000] for column in noise)
            stream.write(f"{step},{1 / (1 + step * 1e-4):.6f},{1.1 / (1 + step * 1e-4):.6f},{rest}\n")


def write_json(path: Path, share: float) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for step in range(int(JSON_LINES * share)):
            record = {"step": step, "epoch": step / 1000, "loss": 1 / (1 + step * 1e-3), "lr": 1e-3, "grad_norm": 1.5, "mode": "train"}
            stream.write(json.dumps(record) + "\n")


def write_text(path: Path, share: float) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for step in range(int(TEXT_LINES * share)):
            stream.write(
                f"2024-01-01 10:00:00,123 - INFO - step {step} | loss: {1 / (1 + step * 1e-3):.5f} | lr: 1.00e-03 | grad norm: 1.25\n"
            )


def write_events(path: Path, share: float) -> None:
    """Three tags, as torch writes them."""
    with path.open("wb") as stream:
        for step in range(int(SCALARS * share) // 3):
            for tag in (b"train/loss", b"val/loss", b"train/lr"):
                stream.write(framed(scalar(tag, 1 / (1 + step * 1e-3), step)))


def varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def scalar(tag: bytes, value: float, step: int) -> bytes:
    inner = b"\x0a" + varint(len(tag)) + tag + b"\x15" + struct.pack("<f", value)
    summary = b"\x0a" + varint(len(inner)) + inner
    return b"\x09" + struct.pack("<d", 1.7e9 + step) + b"\x10" + varint(step) + b"\x2a" + varint(len(summary)) + summary


TABLE: list[int] = []


def crc32c(data: bytes) -> int:
    if not TABLE:
        for byte in range(256):
            crc = byte
            for _ in range(8):
                crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
            TABLE.append(crc)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def framed(record: bytes) -> bytes:
    length = struct.pack("<Q", len(record))
    return length + masked(length) + record + masked(record)


def masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


LOGS: tuple[tuple[str, Callable[[Path, float], None], Rivals], ...] = (
    ("log.csv", write_csv, {"pandas": PANDAS}),
    ("log.jsonl", write_json, {"pandas": PANDAS_LINES}),
    ("events.out.tfevents.1", write_events, {"tensorboard": TENSORBOARD, "tbparse": TBPARSE}),
    ("log.txt", write_text, {"(lines split)": LINES}),
)

if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
