"""How gradients change from layer to layer."""

from dataclasses import dataclass

import numpy as np

from advisor.run import Bools, Floats
from advisor.signals.trend import theil_sen


@dataclass(frozen=True, eq=False)
class Decay:
    """What becomes of the gradient on its way back from the last layer to the first."""

    per_layer: float  # what a layer passes on of the gradient of the layer behind it; 1 = all of it
    overall: float  # the same from the last layer to the first
    relative: Floats  # (layers,) gradient norm over weight norm
    fitted: Bools  # (layers,) whether the layer had a gradient to fit


def layerwise_decay(gradients: Floats, weights: Floats) -> Decay:
    """The decay of the relative gradient ‖g‖/‖w‖ over the layers, from the medians over all recordings.

    With r[l] = median over recordings of ‖g[l]‖/‖w[l]‖, per_layer = 10^-s, s the Theil-Sen slope of log10 r[l] over the
    layers l = 0, 1, ... in forward order, and overall = per_layer^(layers - 1). A median of slopes, so that one layer of
    another kind does not bend it. Layers whose gradient or weight is zero or unknown are left out of the fit.

    Parameters: both (recordings, layers), forward order. nan where fewer than two layers can be fitted.
    How to read it: a sigmoid passes on at most 1/4, so ten of them a millionth; ReLU with He's initialisation stays near 1.
    Source: Hochreiter 1991; Bengio, Simard, Frasconi 1994; Glorot, Bengio 2010, figure 7.

    >>> decay = layerwise_decay(np.array([[0.001, 0.01, 0.1, 1.0]]), np.ones((1, 4)))
    >>> round(decay.per_layer, 6), round(decay.overall, 6)
    (0.1, 0.001)
    """
    ratios = np.divide(gradients, weights, out=np.full(gradients.shape, np.nan), where=weights > 0)
    kept = np.where(np.isfinite(ratios), ratios, np.nan)
    seen = ~np.isnan(kept).all(axis=0)
    relative = np.full(kept.shape[1], np.nan)
    relative[seen] = np.nanmedian(kept[:, seen], axis=0)
    fitted = seen & (np.nan_to_num(relative) > 0)
    if fitted.sum() < 2:
        return Decay(float("nan"), float("nan"), relative, fitted)
    slope = theil_sen(np.flatnonzero(fitted).astype(float), np.log10(relative[fitted]))
    per_layer, overall = np.power(10.0, [-slope, -slope * (len(relative) - 1)])
    return Decay(float(per_layer), float(overall), relative, fitted)


def growth(norms: Floats, settled: int) -> Floats:
    """How many times its own past each gradient norm is: norm[i] / median(norm[0..i-1]), and 1 for the first `settled` norms.

    (points,) to (points,), without a unit; inf for a norm that is not finite after finite ones. Needs thinning beforehand:
    time grows with the square of the points.
    How to read it: norms of a sound run wander within a factor of ten of their past; the largest of single batches may be
    far above.

    >>> growth(np.array([1.0, 2.0, 1.0, 1.0, 500.0]), settled=2).tolist()
    [1.0, 1.0, 0.6666666666666666, 1.0, 500.0]
    """
    grown = np.ones(len(norms))
    for i in range(max(settled, 1), len(norms)):
        past = norms[:i][np.isfinite(norms[:i])]
        usual = float(np.median(past)) if len(past) else 0.0
        grown[i] = norms[i] / usual if np.isfinite(norms[i]) and usual > 0 else (1.0 if usual == 0 else np.inf)
    return grown
