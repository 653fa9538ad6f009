"""A linear map of 10 features to one number; noise is a share of that number's spread."""

import numpy as np

from advisor.config import Config
from advisor.training.sources._makers import generator, shuffled
from advisor.training.sources.base import Part, RawData, Source, noise_of

FEATURES = 10


class Regression(Source):
    """A linear map of 10 features to one number; noise is a share of that number's spread."""

    def load(self, config: Config) -> RawData:
        random, samples = generator(config.data.seed), config.data.samples
        x = random.standard_normal(size=(samples, FEATURES))
        part = shuffled(x, (x @ (100 * random.uniform(size=(FEATURES, 1))))[:, 0], random)
        columns = np.arange(FEATURES)
        random.shuffle(columns)
        noise = np.random.default_rng(config.data.seed).normal(0, noise_of(config, 0.1) * part.y.std(), samples)
        return RawData(Part(part.x[:, columns], part.y + noise))
