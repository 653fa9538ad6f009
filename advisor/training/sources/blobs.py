"""Three round clouds of points in the plane, one a class; noise is their spread."""

from sklearn.datasets import make_blobs

from advisor.config import Config
from advisor.training.sources.base import Part, RawData, Source, noise_of


class Blobs(Source):
    """Three round clouds of points in the plane, one a class; noise is their spread."""

    def load(self, config: Config) -> RawData:
        spread = noise_of(config, 2.0)
        x, y = make_blobs(config.data.samples, n_features=2, centers=3, cluster_std=spread, random_state=config.data.seed)
        return RawData(Part(x, y))
