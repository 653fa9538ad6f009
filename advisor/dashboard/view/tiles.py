"""Where charts stand: as many as can be read at once, the chosen one always among them."""

from dataclasses import dataclass

LEAST_WIDTH, LEAST_HEIGHT = 44, 9  # cells of a chart that stands among others


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
    across = min(max(1, width // LEAST_WIDTH), count)
    down = max(1, height // LEAST_HEIGHT)
    page = across * down
    first = chosen // page * page
    shown = list(range(first, min(first + page, count)))
    across = min(across, len(shown)) if len(shown) <= down * across else across
    if len(shown) <= down:  # one below the other, for time runs from left to right
        across = 1
    down = -(-len(shown) // across)
    return tuple(_tile(index, nth, (across, down), size) for nth, index in enumerate(shown))


def _tile(index: int, nth: int, grid: tuple[int, int], size: tuple[int, int]) -> Tile:
    column, row = nth % grid[0], nth // grid[0]
    left, right = (size[0] * i // grid[0] for i in (column, column + 1))
    top, bottom = (size[1] * i // grid[1] for i in (row, row + 1))
    gap = 1 if column + 1 < grid[0] else 0
    return Tile(index, left, top, right - left - gap, bottom - top)
