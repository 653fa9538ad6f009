"""150 irises by the size of their petals and sepals, in three species."""

from advisor.config import Config
from advisor.training.sources._bundled import classified
from advisor.training.sources.base import RawData, Source


class Iris(Source):
    """150 irises by the size of their petals and sepals, in three species."""

    def load(self, config: Config) -> RawData:
        return classified("iris.csv")
