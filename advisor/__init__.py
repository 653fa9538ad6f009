"""advisor: says what is going wrong in a training, how it knows, and proves that the fix helped."""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from advisor.version import VERSION

if TYPE_CHECKING:
    from advisor.diagnose import diagnose
    from advisor.errors import AdvisorError, ConfigError, ReadError
    from advisor.readers import load, load_all
    from advisor.watch import apply, watch

__version__ = VERSION
__all__ = ["AdvisorError", "ConfigError", "ReadError", "__version__", "apply", "diagnose", "load", "load_all", "watch"]

_PUBLIC = {
    "load": "readers", "load_all": "readers",
    "diagnose": "diagnose",
    "watch": "watch", "apply": "watch",
    "AdvisorError": "errors", "ReadError": "errors", "ConfigError": "errors",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Public names are imported when first used: `import advisor` costs nothing."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'advisor' has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"advisor.{_PUBLIC[name]}"), name)
    except ModuleNotFoundError as absent:
        if absent.name != "torch":
            raise
        from advisor.errors import MissingLibraryError

        raise MissingLibraryError(f"advisor.{name} needs torch, which is not installed: pip install torch") from None


def __dir__() -> list[str]:
    """What to complete with Tab: the public names, though most are not imported yet."""
    return __all__


class _Package(ModuleType):
    """`advisor.diagnose` stays the function when the module of that name has been imported too."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _PUBLIC and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        """By name, as other modules: functions that use it are sent to workers (Ray, joblib)."""
        return importlib.import_module, (self.__name__,)


sys.modules[__name__].__class__ = _Package
