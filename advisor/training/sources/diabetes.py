"""442 patients by 10 measurements; the number to predict is the disease's progress after a year."""

from sklearn.datasets import load_diabetes

from advisor.config import Config
from advisor.training.sources.base import RawData, Source, bundled


class Diabetes(Source):
    """442 patients by 10 measurements; the number to predict is the disease's progress after a year."""

    def load(self, config: Config) -> RawData:
        return bundled(load_diabetes())
