"""Closed-form values and gradients of the attack losses."""

import numpy as np
import pytest
import tensorflow as tf

from attacks import LOSSES, cross_entropy, cw_margin


def gradient(loss, logits, labels):
    logits = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(logits, tf.constant(labels))
    return value.numpy(), tape.gradient(value, logits).numpy()


def test_cw_masks_the_true_class_with_minus_infinity():
    value, slope = gradient(cw_margin, [[-1.0, -5.0, -3.0]], [0])
    assert value == pytest.approx([-2.0])
    np.testing.assert_array_equal(slope, [[-1.0, 0.0, 1.0]])


def test_cross_entropy_equals_the_usual_form():
    logits = np.random.default_rng(0).normal(size=(20, 10)).astype(np.float32) * 3
    labels = np.arange(20) % 10
    expected = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    np.testing.assert_allclose(cross_entropy(logits, labels), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_adding_a_constant_to_all_logits_changes_nothing(loss):
    logits = np.array([[-1.0, -5.0, -3.0], [2.0, 2.5, -4.0]], np.float32)
    np.testing.assert_allclose(loss(logits - 64.0, [0, 1]), loss(logits, [0, 1]), atol=1e-5)


def test_gradient_of_a_confident_network_does_not_round_to_zero():
    """At a margin of 40 the usual form gives exactly 0 for the true class; the truth is exp(-40)."""
    _, slope = gradient(cross_entropy, [[40.0, 0.0]], [0])
    np.testing.assert_allclose(slope, [[-np.exp(-40.0), np.exp(-40.0)]], rtol=1e-4)


def test_losses_are_float32_whatever_the_precision():
    for loss in LOSSES.values():
        assert loss(tf.constant([[1.0, 2.0]], tf.bfloat16), tf.constant([0])).dtype == tf.float32
