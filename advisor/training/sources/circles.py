"""Two rings, one inside the other at half the radius; no straight line parts them."""

import numpy as np

from advisor.config import Config
from advisor.training.sources._makers import two_curves
from advisor.training.sources.base import Array, RawData, Source, noise_of

RADIUS = 0.5  # of the inner ring


class Circles(Source):
    """Two rings, one inside the other at half the radius; no straight line parts them."""

    def load(self, config: Config) -> RawData:
        outer = config.data.samples // 2
        rings = _ring(outer), _ring(config.data.samples - outer) * RADIUS
        return RawData(two_curves(*rings, noise_of(config, 0.1), config.data.seed))


def _ring(samples: int) -> Array:
    angles = np.linspace(0, 2 * np.pi, samples, endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)])
