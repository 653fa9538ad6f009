"""What is trained, on what and how: the keys with their pages, and Config from and to TOML."""

from advisor.config.effects import effectless, without_effectless
from advisor.config.files import load
from advisor.config.parsing import defaults, parse
from advisor.config.starter import starter
from advisor.config.whole import Config
from advisor.config.writing import to_toml, write

__all__ = ["Config", "defaults", "effectless", "load", "parse", "starter", "to_toml", "without_effectless", "write"]
