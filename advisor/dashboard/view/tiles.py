"""Where charts stand: as many as can be read at once, the chosen one always among them."""

import math
from dataclasses import dataclass

LEAST_WIDTH, LEAST_HEIGHT = 44, 9  # cells of a chart that stands among others
SHAPE = 5.0  # cells across for one down: some two to one to the eye


@dataclass(frozen=True)
class Tile:
    """The cells of one chart."""

    index: int
    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell belongs to it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


def tiles(count: int, chosen: int, size: tuple[int, int], *, is_single: bool) -> tuple[Tile, ...]:
    """The charts that fit into `size` (width, height), page by page; the chosen one alone where only one is wanted.

    >>> [(tile.index, tile.x, tile.y) for tile in tiles(5, 4, (100, 20), is_single=False)]
    [(4, 0, 0)]
    >>> [(tile.index, tile.x, tile.y) for tile in tiles(5, 0, (100, 20), is_single=False)]
    [(0, 0, 0), (1, 50, 0), (2, 0, 10), (3, 50, 10)]
    """
    width, height = size
    if count == 0 or width < 1 or height < 1:
        return ()
    if is_single:
        return (Tile(chosen, 0, 0, width, height),)
    most = (max(1, width // LEAST_WIDTH), max(1, height // LEAST_HEIGHT))
    page = min(most[0], count) * most[1]
    first = chosen // page * page
    shown = range(first, min(first + page, count))
    rows = _rows(shown, _across(len(shown), most, size))
    return tuple(_tile(index, (nth, len(row)), (down, len(rows)), size) for down, row in enumerate(rows) for nth, index in enumerate(row))


def _across(count: int, most: tuple[int, int], size: tuple[int, int]) -> int:
    """How many stand beside each other, so that their shape is nearest to one that is good to read."""
    possible = [across for across in range(1, min(most[0], count) + 1) if -(-count // across) <= most[1]]
    return min(possible, key=lambda across: abs(math.log(size[0] / across / (size[1] / -(-count // across)) / SHAPE)))


def _rows(shown: range, across: int) -> list[range]:
    """Full rows, but for the first: what matters most gets the most room."""
    over = len(shown) % across
    rows = [shown[start : start + across] for start in range(over, len(shown), across)]
    return [shown[:over], *rows] if over else rows


def _tile(index: int, across: tuple[int, int], down: tuple[int, int], size: tuple[int, int]) -> Tile:
    """One chart, by its place among how many beside and above each other."""
    left, right = (size[0] * i // across[1] for i in (across[0], across[0] + 1))
    top, bottom = (size[1] * i // down[1] for i in (down[0], down[0] + 1))
    gap = 1 if across[0] + 1 < across[1] else 0
    return Tile(index, left, top, right - left - gap, bottom - top)
