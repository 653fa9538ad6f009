"""Three arms of a spiral, one a class, as in the notes of Stanford's CS231n; noise is added to the angle."""

import numpy as np

from advisor.config import Config
from advisor.training.sources.base import Part, RawData, Source, noise_of

ARMS = 3
TURN = 4.0  # radians by which each arm winds, and by which the arms are apart


class Spirals(Source):
    """Three arms of a spiral, one a class, as in the notes of Stanford's CS231n; noise is added to the angle."""

    def load(self, config: Config) -> RawData:
        rng = np.random.default_rng(config.data.seed)
        noise = noise_of(config, 0.2)
        sizes = [len(part) for part in np.array_split(np.arange(config.data.samples), ARMS)]
        x = np.concatenate([_arm(arm, size, noise, rng) for arm, size in enumerate(sizes)])
        return RawData(Part(x, np.repeat(np.arange(ARMS), sizes)))


def _arm(arm: int, size: int, noise: float, rng: np.random.Generator) -> np.ndarray:
    radius = np.linspace(0.0, 1.0, size)
    angle = np.linspace(arm * TURN, (arm + 1) * TURN, size) + noise * rng.standard_normal(size)
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])  # (size, 2)
