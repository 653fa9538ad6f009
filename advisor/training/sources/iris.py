"""150 irises by the size of their petals and sepals, in three species."""

from sklearn.datasets import load_iris

from advisor.config import Config
from advisor.training.sources.base import RawData, Source, bundled


class Iris(Source):
    """150 irises by the size of their petals and sepals, in three species."""

    def load(self, config: Config) -> RawData:
        iris = load_iris()
        return bundled(iris, iris.target_names)
