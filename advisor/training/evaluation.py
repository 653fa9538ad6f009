"""The result of a recorded run, measured again sample by sample: what paired statistics need."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.config import load
from advisor.errors import RunFolderError
from advisor.training.folder import load_weights
from advisor.training.measures import held_out, outputs_of
from advisor.training.repeatable import repeatable
from advisor.training.setup import set_up


@dataclass(frozen=True, eq=False)
class Scores:
    """What was to be predicted and what was, one entry for each sample of the validation part, in the same order for every run on it."""

    targets: NDArray[np.generic]  # (samples,) class indices, or (samples, targets) numbers in scaled units
    predictions: NDArray[np.generic]  # the same shape
    losses: NDArray[np.float64]  # (samples,) their mean is the validation loss


def evaluate(folder: Path) -> Scores:
    """The validation part as the result of a run folder predicts it, from its config.toml and model.safetensors.

    Raises RunFolderError where there is no validation part or no result.
    """
    config = load(folder / "config.toml")
    with repeatable(config):
        setup = set_up(config)
        part = held_out(setup.data, "val")
        if part is None:
            raise RunFolderError(f"{folder}: has no validation part to measure on; set data.validation and train again")
        load_weights(folder, setup.model)
        outputs = outputs_of(setup.model, part.x)
    predictions, losses = setup.loss.predict(outputs), setup.loss.by_sample(outputs, part.y)
    return Scores(part.y.cpu().numpy(), predictions.reshape(part.y.shape).cpu().numpy(), losses.double().cpu().numpy())
