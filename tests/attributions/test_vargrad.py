"""VarGrad: the population variance."""

import numpy as np

from attributions import explain
from tests.attributions.networks import negative_rectifier, pictures


def test_of_a_linear_network_it_is_zero_exactly(linear_network):
    assert not explain("vargrad", linear_network, pictures(linear_network)).any()


def test_of_gradients_that_are_0_or_minus_1_it_is_p_times_1_minus_p():
    x = np.linspace(-0.5, 0.5, 20, dtype=np.float32)[:, None]
    model = negative_rectifier()
    p = -explain("smoothgrad", model, x, seed=5)
    variance = explain("vargrad", model, x, seed=5)
    assert variance.max() > 0.2
    np.testing.assert_allclose(variance, p * (1 - p), atol=1e-6)


def test_of_one_sample_there_is_none(network, images):
    assert not explain("vargrad", network, images, samples=1).any()
