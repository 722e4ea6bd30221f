"""Gradients of losses by images: those of float32 to the last digit, and none that float16 rounds to zero."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from attacks import cross_entropy
from models.input_gradient import input_gradient
from models.isolated import dtype_policy


def linear(margin, precision="float32"):
    """Two values to two logits; at (1, 0.5) the first class leads by `margin`."""
    with dtype_policy(precision):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    model.set_weights([np.array([[margin, 0], [0, 0]], np.float32)])
    return model


X, LABELS = tf.constant([[1.0, 0.5]]), tf.constant([0])


def of(logits):
    return cross_entropy(logits, LABELS)


@pytest.mark.parametrize("precision", ["float32", "mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("margin", [4.0, 20.0, 40.0])
def test_a_confident_network_s_gradient_in_closed_form(margin, precision):
    """-m / (1 + e^m) along the first value; at 20 and 40 the slope e^-m is 0 in float16."""
    logits, values, gradient = input_gradient(linear(margin, precision), X, of)
    assert logits[0, 0] == margin
    assert values.dtype == gradient.dtype == tf.float32
    np.testing.assert_allclose(values, [np.log1p(np.exp(-margin))], rtol=1e-4)
    rtol = {"float32": 1e-5, "mixed_float16": 1e-3, "mixed_bfloat16": 1e-2}[precision]
    np.testing.assert_allclose(gradient, [[-margin / (1 + np.exp(margin)), 0]], rtol=rtol)


def test_in_float32_it_is_the_plain_gradient_to_the_last_digit(network, images, labels):
    x = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(cross_entropy(network(x, training=False), labels))
    gradient = input_gradient(network, x, lambda logits: cross_entropy(logits, labels))[2]
    np.testing.assert_array_equal(gradient, tape.gradient(total, x))


def test_a_zero_slope_gives_a_zero_gradient():
    model = linear(200.0)  # at which e^-m is 0 in float32, too
    assert not input_gradient(model, X, of)[2].numpy().any()


def test_an_outer_tape_differentiates_it_again():
    """d/dm of -m / (1 + e^m) at m = 1."""
    model = linear(1.0)
    with tf.GradientTape() as tape:
        gradient = input_gradient(model, X, of, training=True)[2][0, 0]
    slope = tape.gradient(gradient, model.trainable_variables[0])[0, 0]
    e = np.e
    assert float(slope) == pytest.approx(-(1 + e - e) / (1 + e) ** 2, rel=1e-4)
