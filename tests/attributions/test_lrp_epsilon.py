"""LRP with the epsilon rule."""

import keras
import numpy as np
import pytest
from keras import layers

from attributions import explain
from tests.attributions.networks import (
    AT,
    equivalent,
    g,
    logit_gradients,
    pictures,
    predicted_logits,
    rectified,
    relative_error,
    residual,
    sequential,
    sums,
)


@pytest.mark.parametrize("network", [g, equivalent])
def test_known_values(network):
    np.testing.assert_allclose(explain("lrp_epsilon", network(), AT, bounds=None), [[3.0, -1.0]], rtol=1e-4)


def test_epsilon_takes_its_share_of_both_signs():
    """z = 2 x: R = z x 2 x / (z + eps sign z), for a logit on either side of zero, and 0 for no input at all."""
    model = sequential((1,), layers.Dense(2, use_bias=False), weights=[[[2.0, 2.0]]])
    maps = explain("lrp_epsilon", model, np.array([[1.0], [-1.0], [0.0]], np.float32), epsilon=0.5)
    np.testing.assert_allclose(maps, [[4 / 2.5], [-4 / 2.5], [0]], rtol=1e-6)


@pytest.mark.parametrize("network", ["trained", rectified, residual])
def test_with_little_epsilon_it_is_gradient_times_input(trained_cnn, network):
    """With biases, maximum and average pooling, batch normalisation, sums: all are linear near the image."""
    model = trained_cnn if network == "trained" else network()
    x = pictures(model)
    maps = explain("lrp_epsilon", model, x, epsilon=1e-9)
    assert relative_error(maps, logit_gradients(model, x) * x) < 1e-3


def test_it_conserves_without_biases_and_only_then():
    model = rectified(bias=False)
    x = pictures(model, 20)
    assert relative_error(sums(explain("lrp_epsilon", model, x, epsilon=1e-9)), predicted_logits(model, x)) < 1e-4
    model = rectified(bias=True)
    assert relative_error(sums(explain("lrp_epsilon", model, x, epsilon=1e-9)), predicted_logits(model, x)) > 0.1


def test_a_sum_and_a_normalisation_split_by_contribution():
    """Logit 0 is 2 (x1 + 3 x1) + 1 with the offset on nobody's account, for x1 = 1: 8 of its 9."""
    x = keras.Input((1,))
    triple = layers.Dense(1, use_bias=False)(x)
    normal = layers.BatchNormalization(epsilon=0)(layers.Add()([x, triple]))
    model = keras.Model(x, layers.Dense(2, use_bias=False)(normal))
    arrays = [[[3]], [2], [1], [0], [1], [[1, 0]]]
    model.set_weights([np.asarray(array, np.float32) for array in arrays])
    assert model(np.ones((1, 1))).numpy()[0, 0] == pytest.approx(9)
    np.testing.assert_allclose(explain("lrp_epsilon", model, np.ones((1, 1)), epsilon=1e-9), [[8]], rtol=1e-5)


@pytest.mark.parametrize("epsilon", [0, -1.0, float("inf")])
def test_epsilon_is_above_0(network, images, epsilon):
    with pytest.raises(ValueError, match=r"epsilon must be a finite number above 0\. Received: "):
        explain("lrp_epsilon", network, images, epsilon=epsilon)
