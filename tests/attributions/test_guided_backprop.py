"""Guided backpropagation."""

import numpy as np
import tensorflow as tf
from keras import layers

from attributions import explain
from tests.attributions.networks import logit_gradients, negative_rectifier, pictures, rectified, sequential


def test_a_rectifier_stops_negative_gradients():
    x = np.array([[0.5], [1.0]], np.float32)
    np.testing.assert_allclose(logit_gradients(negative_rectifier(), x), -1)
    assert not explain("guided_backprop", negative_rectifier(), x).any()


def test_of_a_linear_network_it_is_the_gradient(linear_network):
    x = pictures(linear_network)
    np.testing.assert_allclose(
        explain("guided_backprop", linear_network, x), logit_gradients(linear_network, x), rtol=1e-5
    )


def test_it_is_the_gradient_with_rectifiers_whose_own_gradient_is_clipped():
    """The way it is usually written: a custom gradient in place of the activation, in a network of the same weights."""

    @tf.custom_gradient
    def guided(x):
        return tf.nn.relu(x), lambda dy: tf.cast(x > 0, x.dtype) * tf.nn.relu(dy)

    model = rectified()
    twin = sequential(
        (8, 8, 3),
        layers.Conv2D(6, 3, padding="same", activation=guided),
        layers.Conv2D(5, 3, strides=2, padding="same", activation=guided),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(7, activation=guided),
        layers.Dense(3),
        weights=model.get_weights(),
    )
    x = pictures(model)
    maps = explain("guided_backprop", model, x)
    np.testing.assert_allclose(maps, logit_gradients(twin, x), rtol=1e-4, atol=1e-6)
    assert np.abs(maps - logit_gradients(model, x)).max() > 0.01
