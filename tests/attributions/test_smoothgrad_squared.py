"""SmoothGrad-Squared: the mean of the squares."""

import numpy as np

from attributions import explain
from tests.attributions.networks import logit_gradients, negative_rectifier, pictures, relative_error


def test_of_a_linear_network_it_is_the_weight_squared(linear_network):
    x = pictures(linear_network)
    expected = logit_gradients(linear_network, x) ** 2
    np.testing.assert_allclose(explain("smoothgrad_squared", linear_network, x), expected, rtol=1e-5)


def test_of_gradients_that_are_0_or_minus_1_it_is_minus_smoothgrad():
    x = np.linspace(-0.5, 0.5, 20, dtype=np.float32)[:, None]
    model = negative_rectifier()
    squared = explain("smoothgrad_squared", model, x, seed=5)
    assert 0 < squared.mean() < 1
    np.testing.assert_allclose(squared, -explain("smoothgrad", model, x, seed=5), atol=1e-6)


def test_it_is_vargrad_and_the_square_of_smoothgrad(network, images):
    mean, squared, variance = (
        explain(name, network, images, seed=4) for name in ("smoothgrad", "smoothgrad_squared", "vargrad")
    )
    assert relative_error(mean**2 + variance, squared) < 1e-6
