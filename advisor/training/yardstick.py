"""What a method that is solved and not trained makes of a Config's data: a measure of what a network might get out of them."""

import numpy as np
import torch

from advisor.config import Config
from advisor.run import Floats
from advisor.signals.kernel_ridge import predicted
from advisor.training.data import Data, load_data
from advisor.training.evaluation import Scores
from advisor.training.functions import seed_everything
from advisor.training.repeatable import repeatable

MOST, FEWEST = 1000, 20  # training samples that are used, drawn at random; a second of one core
MOST_INPUTS = 5000  # numbers of one sample


def yardstick(config: Config) -> Scores | None:
    """The validation part as kernel ridge regression on the training part predicts it, without losses.

    None where there is no validation part, and where the inputs are tokens or too many.
    """
    with repeatable(config):
        seed_everything(config.data.seed)
        data = load_data(config)
    if data.x_val is None or data.y_val is None or not _is_suited(data):
        return None
    rows = np.random.default_rng(config.data.seed).permutation(len(data.x_train))[:MOST]
    x, y = _flat(data.x_train[rows].double()), _numbers(data, data.y_train[rows])
    found, targets = predicted(x, y, _flat(data.x_val)), data.y_val.numpy()
    answers = found.argmax(axis=1) if data.task == "classification" else found.reshape(targets.shape)
    return Scores(targets, answers.astype(targets.dtype), np.full(len(targets), np.nan))


def _is_suited(data: Data) -> bool:
    numbers = data.x_train[0].numel()
    return data.x_train.is_floating_point() and numbers <= MOST_INPUTS and len(data.x_train) >= FEWEST


def _flat(x: torch.Tensor) -> Floats:  # (samples, features)
    flat: Floats = x.reshape(len(x), -1).numpy()
    return flat


def _numbers(data: Data, y: torch.Tensor) -> Floats:  # (samples, targets)
    if data.task == "classification":
        codes: Floats = np.eye(len(data.classes))[y.numpy()]
        return codes
    return _flat(y.double())
