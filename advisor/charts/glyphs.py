"""Three ways to show dots in a terminal: braille, half blocks, or letters where nothing else can be encoded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.run import Bools, Ints

Characters = NDArray[np.str_]


@dataclass(frozen=True)
class Glyphs:
    """How many dots a cell has, how each pattern of them looks, and the lines and markers that go with it."""

    name: str
    across: int
    down: int
    weights: tuple[tuple[int, ...], ...]  # (down, across): what each dot adds to the number of the pattern
    patterns: str  # one character a pattern; empty where a curve is drawn by its own marker
    markers: str  # one a curve
    vertical: str
    horizontal: str
    corner: str
    tick: str
    edge: str  # where a finding begins and ends, in the plot
    bracket: str  # left end, middle, right end of a finding's place below the axis
    levels: str  # heights of a sparkline, lowest first
    best: str
    not_finite: str = "!"

    def encodes(self, encoding: str) -> bool:
        """Whether a stream of that encoding can show all of it."""
        try:
            "".join(text for text in vars(self).values() if isinstance(text, str)).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def numbers(self, lit: Bools) -> Ints:  # (rows, columns) of cells
        """The number of each cell's pattern, from the dots that are lit in it."""
        rows, columns = lit.shape[0] // self.down, lit.shape[1] // self.across
        grid = lit.reshape(rows, self.down, columns, self.across)
        numbers: Ints = np.einsum("rdca,da->rc", grid.astype(np.int64), np.array(self.weights))
        return numbers


BRAILLE = Glyphs(
    "braille", 2, 4, ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)),
    "".join(chr(0x2800 + pattern) for pattern in range(256)),
    markers="●▲■◆✚✖", vertical="│", horizontal="─", corner="└", tick="┬", edge="┊", bracket="╰─╯", levels="▁▂▃▄▅▆▇█", best="★",
)  # fmt: skip
BLOCKS = Glyphs(
    "blocks", 1, 2, ((1,), (2,)), " ▀▄█",
    markers="●▲■◆✚✖", vertical="│", horizontal="─", corner="└", tick="┬", edge="┊", bracket="╰─╯", levels="▁▂▃▄▅▆▇█", best="★",
)  # fmt: skip
ASCII = Glyphs(
    "ascii", 1, 1, ((1,),), "",
    markers="ox+*#%", vertical="|", horizontal="-", corner="+", tick="+", edge=":", bracket="[-]", levels="_.:-=+*#", best="^",
)  # fmt: skip


def marker_of(glyphs: Glyphs, hue: int) -> str:
    """The marker of a curve; with every round of the colours they are shifted, so that 36 curves differ in one or the other.

    >>> "".join(marker_of(BRAILLE, hue) for hue in (0, 1, 5, 6, 7))
    '●▲✖▲■'
    """
    return glyphs.markers[(hue + hue // len(glyphs.markers)) % len(glyphs.markers)]


def glyphs_for(encoding: str | None) -> Glyphs:
    """The finest glyphs that a stream of that encoding can show.

    >>> glyphs_for("utf-8").name, glyphs_for("cp949").name
    ('braille', 'ascii')
    """
    return next((glyphs for glyphs in (BRAILLE, BLOCKS) if glyphs.encodes(encoding or "ascii")), ASCII)
