"""1797 handwritten digits of 8x8 pixels, in ten classes: images to a cnn, 64 numbers to others."""

import numpy as np

from advisor.config import Config
from advisor.training.sources._bundled import table
from advisor.training.sources.base import Part, RawData, Source


class Digits(Source):
    """1797 handwritten digits of 8x8 pixels, in ten classes: images to a cnn, 64 numbers to others."""

    def load(self, config: Config) -> RawData:
        numbers, _ = table("digits.csv.gz")
        pixels, digits = numbers[:, :-1], numbers[:, -1].astype(np.int64)
        x = pixels.reshape(-1, 1, 8, 8) if config.model.kind == "cnn" else pixels
        return RawData(Part(x, digits), classes=tuple(str(digit) for digit in range(10)))
