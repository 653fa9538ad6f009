"""1797 handwritten digits of 8x8 pixels, in ten classes: images to a cnn, 64 numbers to others."""

from sklearn.datasets import load_digits

from advisor.config import Config
from advisor.training.sources.base import Part, RawData, Source


class Digits(Source):
    """1797 handwritten digits of 8x8 pixels, in ten classes: images to a cnn, 64 numbers to others."""

    def load(self, config: Config) -> RawData:
        digits = load_digits()
        images = digits.images[:, None]  # (samples, channel, height, width)
        x = images if config.model.kind == "cnn" else digits.data
        return RawData(Part(x, digits.target), classes=tuple(str(digit) for digit in range(10)))
