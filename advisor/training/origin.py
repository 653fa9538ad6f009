"""Config → RawData: which source or format is asked."""

from advisor import catalogue
from advisor.config import Config
from advisor.config.places import place_of
from advisor.training.formats.base import HELD_OUT, SOURCE, Format
from advisor.training.sources.base import RawData, Source


def read(config: Config) -> RawData:
    """What data.source, and data.validation and data.test where they are files, hold. Raises DataError."""
    files = {key: value for key in HELD_OUT if isinstance(value := getattr(config.data, key), str)}
    place = place_of(config.data.source)
    if place == "built-in":
        source: Source = catalogue.entry("training.sources", config.data.source)
        return source.load(config)
    reader: Format = catalogue.entry("training.formats", place)
    return reader.read({SOURCE: config.data.source, **files}, config)
