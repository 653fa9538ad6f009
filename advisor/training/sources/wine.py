"""178 wines by 13 chemical measurements, in three growers; the columns differ much in scale."""

from sklearn.datasets import load_wine

from advisor.config import Config
from advisor.training.sources.base import RawData, Source, bundled


class Wine(Source):
    """178 wines by 13 chemical measurements, in three growers; the columns differ much in scale."""

    def load(self, config: Config) -> RawData:
        wine = load_wine()
        return bundled(wine, wine.target_names)
