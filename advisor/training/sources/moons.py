"""Two half moons that reach into each other."""

from sklearn.datasets import make_moons

from advisor.config import Config
from advisor.training.sources.base import Part, RawData, Source, noise_of


class Moons(Source):
    """Two half moons that reach into each other."""

    def load(self, config: Config) -> RawData:
        x, y = make_moons(config.data.samples, noise=noise_of(config, 0.2), random_state=config.data.seed)
        return RawData(Part(x, y))
