"""run.json: what a run is, apart from its rows. It names no host and no user."""

import os
import platform
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch

from advisor.config import Config
from advisor.training.probes import seen
from advisor.training.setup import Setup
from advisor.version import VERSION

Document = dict[str, Any]


def new_document(setup: Setup, probes: Mapping[str, Any], parent: str | None) -> Document:
    """The run.json of a run that begins."""
    return {
        "id": uuid.uuid4().hex[:12],
        "parent": parent,
        "status": "running",
        "pid": os.getpid(),
        "result": None,
        "facts": _facts(setup, probes),
        "versions": versions(),
        "seeds": {"train": setup.config.train.seed, "data": setup.config.data.seed},
        "threads": setup.config.train.threads,
        "device": setup.device.type,
        "repeatable": _repeatable(setup.device),
        "started": now(),
        "ended": None,
        "seconds": None,
        "notes": list(setup.notes),
    }


def going_on(document: Document, config: Config) -> Document:
    """The run.json of a run that goes on after a stop."""
    facts = {**document.get("facts", {}), "epochs_planned": config.train.epochs}
    return {**document, "status": "running", "pid": os.getpid(), "result": None, "facts": facts, "versions": versions(), "ended": None}


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _facts(setup: Setup, probes: Mapping[str, Any]) -> Document:
    parameters = list(setup.model.parameters())
    return {
        **setup.data.facts,
        "parameters": sum(parameter.numel() for parameter in parameters),
        "trainable_parameters": sum(parameter.numel() for parameter in parameters if parameter.requires_grad),
        "epochs_planned": setup.config.train.epochs,
        "steps_per_epoch": len(setup.batches),
        "loss": setup.loss.name,
        "probes": dict(probes),
        **seen(setup),
    }


def versions() -> dict[str, str]:
    """What the run was computed with."""
    return {"advisor": VERSION, "python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}


def _repeatable(device: torch.device) -> str:
    return "exactly" if device.type == "cpu" else "as far as PyTorch's deterministic algorithms reach"
