"""442 patients by 10 measurements; the number to predict is the disease's progress after a year."""

import numpy as np

from advisor.config import Config
from advisor.training.sources._bundled import table
from advisor.training.sources.base import Array, Part, RawData, Source


class Diabetes(Source):
    """442 patients by 10 measurements; the number to predict is the disease's progress after a year."""

    def load(self, config: Config) -> RawData:
        measured, _ = table("diabetes_data_raw.csv.gz")
        progress, _ = table("diabetes_target.csv.gz")
        return RawData(Part(_scaled(measured), progress[:, 0]))


def _scaled(x: Array) -> Array:
    """As scikit-learn scales these columns: mean 0, and a sum of squares of 1."""
    x = x - x.mean(axis=0)
    x = x / x.std(axis=0)
    return np.asarray((x - x.mean(axis=0)) / np.sqrt(len(x)))
