"""A linear map of 10 features to one number; noise is a share of that number's spread."""

import numpy as np
from sklearn.datasets import make_regression

from advisor.config import Config
from advisor.training.sources.base import Part, RawData, Source, noise_of


class Regression(Source):
    """A linear map of 10 features to one number; noise is a share of that number's spread."""

    def load(self, config: Config) -> RawData:
        x, y = make_regression(config.data.samples, n_features=10, random_state=config.data.seed)
        noise = np.random.default_rng(config.data.seed).normal(0, noise_of(config, 0.1) * y.std(), len(y))
        return RawData(Part(x, y + noise))
