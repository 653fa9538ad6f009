"""Regular expressions that are compiled when they are first looked with: a run of which only a table is read asks for none of them."""

import re
from typing import Any, cast

USED = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern")


class _Late:
    """Stands for a compiled pattern; from the first use on its methods are those of the pattern itself."""

    def __init__(self, text: str, flags: int) -> None:
        self._source = text, flags

    def __getattr__(self, name: str) -> Any:
        if name not in USED:
            raise AttributeError(name)
        compiled = re.compile(*self._source)
        vars(self).update({used: getattr(compiled, used) for used in USED})
        return vars(self)[name]


def late(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, compiled at its first use.

    >>> late("[aeiou]").findall("advisor")
    ['a', 'i', 'o']
    """
    return cast(re.Pattern[str], _Late(text, flags))
