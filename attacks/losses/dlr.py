"""Difference of logits ratio (Croce and Hein 2020, arXiv 2003.01690): a margin whatever the logits' scale."""

import tensorflow as tf

from attacks.losses._margin import split_logits

TITLE = "DLR"


def dlr(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Largest other logit minus the true logit, over the difference of the largest and the third largest logit.

    Above 0 exactly when the image is misclassified, and the same for logits that are a thousand times as large, where
    the cross-entropy's gradient vanishes.

    Args:
        logits: (N, classes) with at least three classes, any float type.
        labels: (N,) integers in 0..classes-1.

    Returns:
        (N,) float32.

    Raises:
        ValueError: fewer than three classes.
    """
    if logits.shape[-1] < 3:
        raise ValueError(f"dlr needs at least three classes. Received: {logits.shape[-1]}.")
    true, others = split_logits(logits, labels)  # not by value: the largest other may equal the true one
    largest = tf.math.top_k(tf.cast(logits, tf.float32), 3).values
    return (tf.reduce_max(others, axis=-1) - true) / (largest[:, 0] - largest[:, 2] + 1e-12)
