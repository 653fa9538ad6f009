"""Loops whose weights are moved by something else than the watched optimisers: seen from rows that are logged while no step is made."""

from advisor.watch.arguments import Watched
from advisor.watch.layers import held_by

ROWS_WITHOUT_STEP = 2  # one may be an evaluation before the training, or follow weights that were loaded
NO_STEP = "the watched optimizer made no step, so gradients and layers are not recorded"
OR_ELSE = "is it another optimizer that steps, or are the weights moved by hand?"


class Strays:
    """Looks at each row of an epoch whether the weights have moved since the one before, though no step was seen."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._at = (0, 0)  # the step, and how often the weights had changed in place, at the latest row
        self._rows = 0  # in a row that found weights moved and no step made
        self._is_told = False

    def told(self, step: int) -> str:
        """What to tell at a row that is logged after so many steps; empty where there is nothing, or it was told before.

        Of weights that move before the first step nothing is told here: some are moved without a trace (`p.data`).
        """
        changes = sum(parameter._version for parameter in held_by(self._watched.optimizers))
        is_stray = step > 0 and step == self._at[0] and changes != self._at[1]
        self._at, self._rows = (step, changes), self._rows + 1 if is_stray else 0
        if self._is_told or self._rows < ROWS_WITHOUT_STEP:
            return ""
        self._is_told = True
        return f"the watched optimizer has made no step since step {step} though the weights move, so layers are not recorded from there on"
