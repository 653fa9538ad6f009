"""Keras 3: `model.fit(..., callbacks=[AdvisorCallback("runs/mine")])`, on any backend; layers are seen on PyTorch's."""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from advisor.integrations._beginning import begun, library
from advisor.integrations._mirror import Mirror, Silent
from advisor.watch.arguments import Watched, options
from advisor.watch.watcher import Watcher

Callback: Any = library("keras", "keras").callbacks.Callback

COMPILED = "activations are not recorded under jit_compile: no hook sits in the compiled graph"


class AdvisorCallback(Callback):
    """Records what `fit` trains into the run folder `run_dir`; the other arguments are those of `advisor.watch`.

    A row of each epoch holds Keras's own figures. On the PyTorch backend gradients, weights, updates and activations of each layer are
    recorded, on others the figures alone: what is missing is said under skipped. A rule of `stop_on` that fires sets
    `model.stop_training`. Raises AdvisorError for arguments that make no sense; during training nothing is raised.
    """

    def __init__(
        self, run_dir: str | Path, *, record_every: int | str = "auto", stop_on: str | Iterable[str] = (), quiet: bool = False
    ) -> None:
        super().__init__()
        self._options = options(run_dir, record_every=record_every, stop_on=stop_on, quiet=quiet)
        self._watcher: Watcher | None = None
        self._optimizer = Silent([])
        self._mirror: Mirror | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins to watch."""
        if self._watcher:  # a training before this one failed
            self._close("failed")
        self._watcher = begun(self._watched, self._options, self.params.get("epochs"), _steps(self.model))

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """A step is about to be done."""
        self._optimizer.begin()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """A step was done; its gradients stay until the next one."""
        self._optimizer.end()

    def on_test_begin(self, logs: Any = None) -> None:
        """What is evaluated in between is no training."""
        if self._mirror:
            self._mirror.eval()

    def on_test_end(self, logs: Any = None) -> None:
        """Training goes on."""
        if self._mirror:
            self._mirror.train()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """The rate that this epoch begins with."""
        self._optimizer.rate = _rate(self.model)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """A row of the epoch."""
        if not self._watcher:
            return
        self._optimizer.rate = _rate(self.model)
        self._watcher.log({**_without_rate(logs or {}), "epoch": epoch + 1})
        if self._watcher.should_stop:
            self.model.stop_training = True

    def on_train_end(self, logs: Any = None) -> None:
        """Ends the recording."""
        self._close("done")

    def _close(self, status: Any) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher:
            watcher.close(status)
        if self._mirror:
            self._mirror.detach()
            self._mirror = None

    def _watched(self) -> Watched:
        backend = library("keras", "keras").config.backend()
        facts = _sizes(self.model) if self.model.built else {}
        if backend != "torch":
            self._optimizer, reason = Silent([]), f"Keras does not hand out gradients and layers on its {backend} backend"
            return Watched(Mirror(()), (self._optimizer,), {"layers": reason}, facts)
        compiled = bool(getattr(self.model, "jit_compile", False))
        self._mirror = Mirror(() if not self.model.built else self.model._flatten_layers(include_self=False), is_hooked=not compiled)
        self._optimizer = Silent(self._mirror.parameters())
        return Watched(self._mirror, (self._optimizer,), {"activations": COMPILED} if compiled else {}, facts)


def _sizes(model: Any) -> dict[str, int]:
    trainable = sum(math.prod(variable.shape) for variable in model.trainable_weights)
    return {"parameters": int(model.count_params()), "trainable_parameters": trainable}


def _steps(model: Any) -> int:
    """Steps that the optimiser did before: `fit` may be called again."""
    iterations = getattr(model.optimizer, "iterations", None)
    return 0 if iterations is None else int(iterations)


def _rate(model: Any) -> float | None:
    rate = getattr(model.optimizer, "learning_rate", None)
    return None if rate is None else float(rate)


def _without_rate(logs: Mapping[str, Any]) -> dict[str, Any]:
    """Keras's own figures; the rate is recorded already."""
    return {name: value for name, value in logs.items() if name not in ("learning_rate", "lr")}
