"""Two half moons that reach into each other."""

import numpy as np

from advisor.config import Config
from advisor.training.sources._makers import two_curves
from advisor.training.sources.base import RawData, Source, noise_of


class Moons(Source):
    """Two half moons that reach into each other."""

    def load(self, config: Config) -> RawData:
        upper = config.data.samples // 2
        angles, others = np.linspace(0, np.pi, upper), np.linspace(0, np.pi, config.data.samples - upper)
        first = np.column_stack([np.cos(angles), np.sin(angles)])
        second = np.column_stack([1 - np.cos(others), 1 - np.sin(others) - 0.5])
        return RawData(two_curves(first, second, noise_of(config, 0.2), config.data.seed))
