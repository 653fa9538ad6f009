"""569 tumours by 30 measurements of their cells, malignant or benign."""

from advisor.config import Config
from advisor.training.sources._bundled import classified
from advisor.training.sources.base import RawData, Source


class BreastCancer(Source):
    """569 tumours by 30 measurements of their cells, malignant or benign."""

    def load(self, config: Config) -> RawData:
        return classified("breast_cancer.csv")
