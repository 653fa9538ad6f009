"""Three round clouds of points in the plane, one a class; noise is their spread."""

import numpy as np

from advisor.config import Config
from advisor.training.sources._makers import generator, shuffled
from advisor.training.sources.base import RawData, Source, noise_of

CENTERS = 3
REACH = 10.0  # of the centers, in each direction


class Blobs(Source):
    """Three round clouds of points in the plane, one a class; noise is their spread."""

    def load(self, config: Config) -> RawData:
        random, spread = generator(config.data.seed), noise_of(config, 2.0)
        centers = random.uniform(-REACH, REACH, size=(CENTERS, 2))
        y = np.sort(np.arange(config.data.samples) % CENTERS)
        counts = np.bincount(y, minlength=CENTERS)
        x = np.concatenate([random.normal(center, spread, size=(count, 2)) for center, count in zip(centers, counts, strict=True)])
        return RawData(shuffled(x, y, random))
