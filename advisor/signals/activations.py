"""What was recorded by layer, without its beginning."""

import numpy as np

from advisor.run import Floats


def late_medians(values: Floats) -> Floats:
    """The median of each layer over the second half of the recordings; nan where nothing was recorded then.

    (recordings, layers) to (layers,), in the unit of the statistic. The first half, in which nets find their feet, does not
    count, nor do single odd batches.

    >>> late_medians(np.array([[0.9, np.nan], [0.9, np.nan], [0.1, np.nan], [0.3, np.nan]])).tolist()
    [0.2, nan]
    """
    late = values[len(values) // 2 :]
    seen = ~np.isnan(late).all(axis=0)
    medians = np.full(values.shape[1], np.nan)
    medians[seen] = np.nanmedian(late[:, seen], axis=0)
    return medians
