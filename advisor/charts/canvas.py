"""The plot area: a grid of cells, each with one character and one style."""

import numpy as np

from advisor.charts.glyphs import Characters, Glyphs
from advisor.charts.rows import Row, runs
from advisor.run import Bools, Ints

Styles = np.ndarray[tuple[int, int], np.dtype[np.object_]]


class Canvas:
    """Curves are laid over each other; a cell keeps all their dots in the colour of the last one."""

    def __init__(self, rows: int, columns: int, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self.characters: Characters = np.full((rows, columns), " ", dtype="<U1")
        self._styles: Styles = np.full((rows, columns), "", dtype=object)
        self._numbers: Ints = np.zeros((rows, columns), dtype=np.int64)

    def curve(self, lit: Bools, marker: str, style: str) -> None:
        """Lay a curve's dots (rows, columns of dots) over what is there."""
        numbers = self.glyphs.numbers(lit)
        touched = numbers > 0
        self._numbers |= numbers
        patterns = np.array(list(self.glyphs.patterns or " " + marker))
        self.characters[touched] = patterns[self._numbers[touched]]
        self._styles[touched] = style

    def put(self, place: tuple[int, int], character: str, style: str) -> None:
        """Set one cell, whatever is there."""
        self.characters[place] = character
        self._styles[place] = style

    def behind(self, column: int, character: str, style: str) -> None:
        """Fill the empty cells of a column."""
        empty = self.characters[:, column] == " "
        self.characters[empty, column] = character
        self._styles[empty, column] = style

    def rows(self) -> list[Row]:
        """The grid, row by row."""
        return [runs(list(line), list(styles)) for line, styles in zip(self.characters, self._styles, strict=True)]
