"""Closed-form values and gradients of the cross-entropy."""

import numpy as np
import tensorflow as tf

from attacks import cross_entropy
from tests.attacks.losses.test_losses import gradient


def test_it_equals_the_usual_form():
    logits = np.random.default_rng(0).normal(size=(20, 10)).astype(np.float32) * 3
    labels = np.arange(20) % 10
    expected = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    np.testing.assert_allclose(cross_entropy(logits, labels), expected, rtol=1e-5, atol=1e-6)


def test_gradient_of_a_confident_network_does_not_round_to_zero():
    """At a margin of 40 the usual form gives exactly 0 for the true class; the truth is exp(-40)."""
    _, slope = gradient(cross_entropy, [[40.0, 0.0]], [0])
    np.testing.assert_allclose(slope, [[-np.exp(-40.0), np.exp(-40.0)]], rtol=1e-4)
