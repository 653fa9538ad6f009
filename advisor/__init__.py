"""advisor: says what is going wrong in a training, how it knows, and proves that the fix helped."""

import importlib
from typing import Any

from advisor.version import VERSION

_PUBLIC = {
    "load": "readers", "load_all": "readers",
    "diagnose": "diagnose",
    "AdvisorError": "errors", "ReadError": "errors", "ConfigError": "errors",
}  # fmt: skip

__version__ = VERSION
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    """Public names are imported when first used: `import advisor` costs nothing."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'advisor' has no attribute {name!r}")
    return getattr(importlib.import_module(f"advisor.{_PUBLIC[name]}"), name)
