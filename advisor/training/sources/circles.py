"""Two rings, one inside the other at half the radius; no straight line parts them."""

from sklearn.datasets import make_circles

from advisor.config import Config
from advisor.training.sources.base import Part, RawData, Source, noise_of


class Circles(Source):
    """Two rings, one inside the other at half the radius; no straight line parts them."""

    def load(self, config: Config) -> RawData:
        x, y = make_circles(config.data.samples, noise=noise_of(config, 0.1), factor=0.5, random_state=config.data.seed)
        return RawData(Part(x, y))
