"""What makes a training repeat itself: seeds, threads, deterministic algorithms; all put back afterwards."""

import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from advisor.config import Config
from advisor.errors import ConfigError, ConfigProblem


@contextmanager
def repeatable(config: Config) -> Iterator[None]:
    """Computes with train.threads threads and deterministic algorithms, as far as PyTorch has them; puts both back at the end."""
    threads, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    filling = torch.utils.deterministic.fill_uninitialized_memory  # type: ignore[attr-defined]
    torch.set_num_threads(config.train.threads)
    _deterministic(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            # Said once in run.json instead of once for each operation.
            warnings.filterwarnings("ignore", message=".*deterministic")
            yield
    finally:
        torch.utils.deterministic.fill_uninitialized_memory = filling  # type: ignore[attr-defined]
        _deterministic(strict)
        torch.set_num_threads(threads)


def _deterministic(wanted: bool, *, warn_only: bool = False) -> None:
    """What torch.use_deterministic_algorithms does, without the compiler that it imports: half a second for a setting of its own."""
    torch._C._set_deterministic_algorithms(wanted, warn_only=warn_only)


def device_of(config: Config) -> torch.device:
    """What train.device names. Raises ConfigError for a device that this machine has not."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    wanted = config.train.device
    if wanted == "auto":
        return torch.device(next(name for name, is_here in found.items() if is_here))
    if not found[wanted]:
        here = " or ".join(f'"{name}"' for name, is_here in found.items() if is_here)
        raise ConfigError([ConfigProblem("train.device", f'"{wanted}", which PyTorch does not find on this machine', f'"auto" or {here}')])
    return torch.device(wanted)


def random_state(device: torch.device) -> dict[str, Any]:
    """Where the random numbers of dropout, and of modules that draw from Python or numpy, stand; plain values and tensors only."""
    state = {"cpu": torch.get_rng_state(), "python": random.getstate(), "numpy": _state_of_numpy()}
    return state | ({"cuda": torch.cuda.get_rng_state(device)} if device.type == "cuda" else {})


def restore_random(state: dict[str, Any], device: torch.device) -> None:
    """Goes on with the random numbers from where `state` was taken."""
    torch.set_rng_state(state["cpu"])
    random.setstate(state["python"])
    name, keys, *rest = state["numpy"]
    np.random.set_state((name, np.array(keys, dtype=np.uint32), *rest))  # noqa: NPY002 - the state that such modules draw from
    if "cuda" in state and device.type == "cuda":
        torch.cuda.set_rng_state(state["cuda"], device)


def _state_of_numpy() -> tuple[Any, ...]:
    name, keys, *rest = np.random.get_state()  # noqa: NPY002
    return (name, np.asarray(keys).tolist(), *rest)
