"""The true logit and the others: all that an attack's loss sees."""

import tensorflow as tf


def split_logits(logits: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The true logit (N,), and all logits (N, classes) with the true one at minus infinity, in float32.

    Losses made of them see logits only through differences to the true class, so that a constant added to all
    of them changes nothing, and compute in float32 whatever the network's precision.
    """
    logits = tf.cast(logits, tf.float32)
    is_true = tf.one_hot(labels, tf.shape(logits)[-1], on_value=True, off_value=False, dtype=tf.bool)
    true = tf.reduce_sum(tf.where(is_true, logits, 0.0), axis=-1)
    return true, tf.where(is_true, -float("inf"), logits)
