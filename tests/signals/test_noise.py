"""How well a few points tell how noisy a curve is."""

import numpy as np
import pytest

from advisor.signals.noise import noise_error, noise_scale


@pytest.mark.parametrize("points", [8, 30, 100])
def test_the_error_of_the_noise_scale_is_what_a_simulation_shows(points):
    random = np.random.default_rng(0)
    scales = [noise_scale(random.normal(size=points)) for _ in range(2000)]
    assert np.std(scales) / np.mean(scales) == pytest.approx(noise_error(points), rel=0.06)
