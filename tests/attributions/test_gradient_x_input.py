"""The gradient times the pixel."""

import numpy as np

from attributions import explain


def test_it_is_the_product_and_zero_on_grey(network, images):
    images[:, 0] = 0.0
    maps = explain("gradient_x_input", network, images)
    np.testing.assert_allclose(maps, explain("gradient", network, images) * images, rtol=1e-5, atol=1e-8)
    assert not maps[:, 0].any()
