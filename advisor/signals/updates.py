"""How far the weights move in a step, as a share of their size."""

import numpy as np

from advisor.run import Floats, Run


def strongest(run: Run, share: float) -> tuple[tuple[str, ...], Floats]:
    """The layers, and for each the update ratio that the share 1 - `share` of its recordings exceeds.

    With `share` 0.9: what the most active tenth of the training does, so that warm-up, the end of a schedule and convergence do not
    count. Ratios that are not finite (weights that start at zero) are left out; nan where nothing remains.
    How to read it: about 1e-3 is usual (Karpathy, CS231n, Neural Networks 3).
    """
    names, ratios = run.need_layers().where("update_ratio")
    return names, np.array([_quantile(column, share) for column in ratios.T])


def typical(ratios: Floats) -> float:
    """The median over the layers of each layer's median over the recordings; infinite ratios count, unknown ones do not.

    (recordings, layers) to a number. A median over layers, since a head that starts from zero moves by its whole size at first.

    >>> typical(np.array([[0.001, 0.002, np.inf], [0.003, 0.002, 1.0]]))
    0.002
    """
    medians = [np.median(column[~np.isnan(column)]) for column in ratios.T if not np.isnan(column).all()]
    return float(np.median(medians)) if medians else float("nan")


def _quantile(column: Floats, share: float) -> float:
    known = column[np.isfinite(column)]
    return float(np.quantile(known, share)) if len(known) else float("nan")
