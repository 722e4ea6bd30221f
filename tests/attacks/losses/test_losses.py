"""What every loss on the shelf has in common."""

import numpy as np
import pytest
import tensorflow as tf

from attacks import LOSSES


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_adding_a_constant_to_all_logits_changes_nothing(loss):
    logits = np.array([[-1.0, -5.0, -3.0], [2.0, 2.5, -4.0]], np.float32)
    np.testing.assert_allclose(loss(logits - 64.0, [0, 1]), loss(logits, [0, 1]), atol=1e-5)


def test_losses_are_float32_whatever_the_precision():
    for loss in LOSSES.values():
        assert loss(tf.constant([[1.0, 2.0, 4.0]], tf.bfloat16), tf.constant([0])).dtype == tf.float32


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("loss", ["cw", "dlr"])
def test_where_the_true_logit_ties_with_the_largest_other_the_two_are_told_apart(loss, label):
    """AutoAttack's code takes the other by its place: the slope is 1 there, -1 at the true one, over 2 - 1 in DLR."""
    value, slope = gradient(LOSSES[loss], [[2.0, 2.0, 1.0]], [label])
    assert value == [0]
    np.testing.assert_array_equal(slope, [[-1, 1, 0] if label == 0 else [1, -1, 0]])


def gradient(loss, logits, labels):
    """A loss's values and their gradients with respect to the logits."""
    logits = tf.constant(logits, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(logits, tf.constant(labels))
    return value.numpy(), tape.gradient(value, logits).numpy()
