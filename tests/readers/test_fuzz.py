"""Broken files are runs or refusals: never another error, never a hang.

`ADVISOR_FUZZ_FOLDER=FOLDER pytest -m slow tests/readers/test_fuzz.py` breaks every file of a folder as well.
"""

import json
import os
import random
import struct
import time
from pathlib import Path

import pytest

from advisor.errors import ReadError
from advisor.readers import load_all

SECONDS = 20  # far more than any small file needs
ROUNDS = int(os.environ.get("ADVISOR_FUZZ_ROUNDS", "40"))


def keras(rows=30):
    return "epoch,loss,val_loss,lr\n" + "".join(f"{k},{1 / (k + 1):.5f},{2 / (k + 1):.5f},0.01\n" for k in range(rows))


SEEDS = {
    "log.csv": keras(),
    "log.tsv": keras().replace(",", "\t"),
    "log.jsonl": "".join(json.dumps({"step": k, "loss": 1 / (k + 1), "mode": "train", "nested": {"a": k}}) + "\n" for k in range(30)),
    "trainer_state.json": json.dumps({"log_history": [{"step": k, "loss": 1 / (k + 1), "eval_loss": 1.0} for k in range(30)]}),
    "history.json": json.dumps({"loss": [1 / (k + 1) for k in range(30)], "val_loss": [1.0] * 30}),
    "out.log": "".join(f"Epoch {k}/30 | train loss: {1 / (k + 1):.4f} | val loss 0.5 (0.6) | Acc: {k}/100 (5%)\r\n" for k in range(30)),
    "drawn.txt": "| epoch | loss | val loss |\n|---|---|---|\n" + "".join(f"| {k} | {1 / (k + 1):.4f} | 1.0 |\n" for k in range(30)),
    "long.csv": "run,tag,step,value\n"
    + "".join(f"{r},{t},{k},{1 / (k + 1):.4f}\n" for r in "ab" for k in range(15) for t in ("loss", "val/loss")),
    "blocks.log": "".join(f"-----\n| rollout/ | |\n|    ep_rew_mean | {k} |\n| time/steps | {k}00 |\n-----\n" for k in range(30)),
    "yolo.log": "Epoch GPU_mem box_loss cls_loss Instances Size\n"
    + "".join(f"  {k}/30  2.3G  0.{k}  0.1  35  640: 100%|█| 5/5\n" for k in range(30)),
    "lists.txt": f"train_loss = {[1 / (k + 1) for k in range(30)]}\nval_loss: {[1.0] * 30}\n",
    "by_epoch.json": json.dumps({str(k): {"loss": 1 / (k + 1), "val": {"loss": 1.0}} for k in range(30)}),
    "bars.log": "".join(f"\rSteps:  {k}%|██ | {k}/3000 [00:10<1:00, 4it/s, step_loss=0.{k}]" for k in range(30))
    + "\nEvaluation:\n  loss: 3\n",
    "turned.csv": "metric," + ",".join(f"epoch_{k}" for k in range(30)) + "\nloss," + ",".join(f"0.{k}" for k in range(30)) + "\n",
    "splits.log": "".join(f"Epoch {k}\n| | train | vali |\n|---|---|---|\n| loss | 0.{k} | 1.{k} |\n\n" for k in range(30)),
    "paddle.log": "".join(
        f"Epoch {k}/30\nstep 9/9 [==] - loss: 0.{k} - 1ms/step\nEval begin...\nstep 3/3 - loss: nan\n" for k in range(30)
    ),
    "a.ipynb": json.dumps(
        {
            "cells": [{"cell_type": "code", "outputs": [{"text": [f"epoch {k} train/val loss: 0.{k}/1.{k}\n" for k in range(30)]}]}],
            "nbformat": 4,
        }
    ),
    "answers.txt": "".join(f"Epoch {k} : {9000 + 7 * k % 50} / 10000 (9{k % 10}%)\n" for k in range(30)),
    "train_loss": "".join(f"16673172{k:05d} 0.5{k} {k}\n" for k in range(30)),
}


def broken(data: bytes, chance: random.Random) -> bytes:
    """One of the ways in which files break."""
    lines = data.split(b"\n")
    place = chance.randrange(len(data) + 1)
    ways = (
        lambda: data[:place],
        lambda: data[place:],
        lambda: bytes(byte ^ (1 << chance.randrange(8)) if chance.random() < 0.02 else byte for byte in data),
        lambda: b"\n".join(chance.sample(lines, len(lines))),
        lambda: data[:place] + bytes(chance.randrange(256) for _ in range(50)) + data[place:],
        lambda: data.replace(b"0", chance.choice([b"1e400", b"nan", b"-", b"NA", b"\x00", b'"', b"9" * 400, "손".encode()])),
        lambda: data.replace(b",", chance.choice([b";", b",,", b"", b" ", b"\t"])),
        lambda: data.replace(b"\n", chance.choice([b"", b"\r", b"\r\r\n", b"\n\n"])),
        lambda: data[:place] + chance.choice([b"[", b"{", b'"', b"(", b","]) * 3000 + data[place:],
        lambda: data + data,
    )
    return chance.choice(ways)()


def read(path: Path) -> None:
    began = time.perf_counter()
    try:
        for run in load_all(path):
            assert all(len(series) == len(series.epochs) == len(series.steps) == len(series.places) for series in run.series.values())
    except ReadError as refusal:
        assert "\n" not in str(refusal)
    assert time.perf_counter() - began < SECONDS


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SEEDS, "events.out.tfevents.1"])
def test_a_broken_file_is_a_run_or_a_refusal(name, tmp_path, events):
    chance = random.Random(name)
    if name in SEEDS:
        data = SEEDS[name].encode()
    else:
        data = events("seed", [(tag, step, 1 / (step + 1)) for step in range(30) for tag in ("train/loss", "val/loss")]).read_bytes()
    path = tmp_path / name
    for _ in range(ROUNDS):
        path.write_bytes(broken(data, chance))
        read(path)
        path.write_bytes(broken(broken(data, chance), chance))
        read(path)


@pytest.mark.slow
def test_an_event_file_with_impossible_lengths_is_a_refusal(tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(struct.pack("<Q", 1 << 62) + bytes(40))
    read(path)


FOLDER = os.environ.get("ADVISOR_FUZZ_FOLDER")


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="no folder given")
def test_every_file_of_a_folder_may_break(tmp_path):
    chance = random.Random(int(os.environ.get("ADVISOR_FUZZ_SEED", "0")))
    for original in sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()):
        data = original.read_bytes()[:300_000]
        path = tmp_path / original.name
        for _ in range(3):
            path.write_bytes(broken(data, chance))
            read(path)
        path.unlink()
