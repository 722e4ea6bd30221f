"""The gradient times the pixel."""

import numpy as np

from attributions import explain
from tests.attributions.networks import opposite, predicted_logits, sums


def test_it_is_the_product_and_zero_on_grey(network, images):
    images[:, 0] = 0.0
    maps = explain("gradient_x_input", network, images)
    np.testing.assert_allclose(maps, explain("gradient", network, images) * images, rtol=1e-5, atol=1e-8)
    assert not maps[:, 0].any()


def test_it_sums_above_0_where_the_network_is_sure():
    """Of logits z and -z, z = x . w above 0: (1 - p) times the image's product with w minus -w."""
    model, weights = opposite()
    x = 8 * np.stack([weights, -weights]).astype(np.float32)
    z = predicted_logits(model, x)
    assert (z > 20).all()
    found = sums(explain("gradient_x_input", model, x, bounds=None))
    np.testing.assert_allclose(found, 2 * z / (1 + np.exp(2 * z)), rtol=1e-4)
