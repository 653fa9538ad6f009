"""178 wines by 13 chemical measurements, in three growers; the columns differ much in scale."""

from advisor.config import Config
from advisor.training.sources._bundled import classified
from advisor.training.sources.base import RawData, Source


class Wine(Source):
    """178 wines by 13 chemical measurements, in three growers; the columns differ much in scale."""

    def load(self, config: Config) -> RawData:
        return classified("wine_data.csv")
