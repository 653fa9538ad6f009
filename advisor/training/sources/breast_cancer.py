"""569 tumours by 30 measurements of their cells, malignant or benign."""

from sklearn.datasets import load_breast_cancer

from advisor.config import Config
from advisor.training.sources.base import RawData, Source, bundled


class BreastCancer(Source):
    """569 tumours by 30 measurements of their cells, malignant or benign."""

    def load(self, config: Config) -> RawData:
        tumours = load_breast_cancer()
        return bundled(tumours, tumours.target_names)
