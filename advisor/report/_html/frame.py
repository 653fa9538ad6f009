"""Where things stand in a figure: shares of the width, which stretches, and pixels of the height, which does not."""

from dataclasses import dataclass

import numpy as np

from advisor.charts import Plot
from advisor.charts.scale import Scale
from advisor.report._html.thinning import UNITS, positions

TOP, HEIGHT, AXIS = 20, 220, 24  # pixels: room above the curves, the curves, the x axis below them
INSET = 5  # pixels between the axis and the lowest value, which would vanish in it, and above the highest one
LETTER = 7.0  # pixels, on average


@dataclass(frozen=True)
class Frame:
    """What the parts of a figure share: its name in the page, its Plot, its axes."""

    name: str
    plot: Plot
    scale: Scale
    ends: tuple[float, float]

    def x(self, place: float) -> str:
        """A place on the x axis, as a share of the width."""
        return f"{self.percent(place):.2f}%"

    def percent(self, place: float) -> float:
        """A place on the x axis in hundredths of the width."""
        return float(positions(np.array([place]), self.ends)[0]) / UNITS * 100

    def y(self, share: float) -> float:
        """A height, in UNITS from the top, in pixels."""
        return TOP + INSET + share / UNITS * (HEIGHT - 2 * INSET)


def anchor(percent: float) -> str:
    """Words at the borders stay within them."""
    return "start" if percent < 4 else "end" if percent > 96 else "middle"
