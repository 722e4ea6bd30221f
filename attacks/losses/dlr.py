"""Difference of logits ratio (Croce and Hein 2020, arXiv 2003.01690): a margin whatever the logits' scale."""

import tensorflow as tf

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
    logits = tf.cast(logits, tf.float32)
    largest = tf.math.top_k(logits, 3).values
    true = tf.gather(logits, labels, axis=1, batch_dims=1)
    is_first = tf.equal(true, largest[:, 0])
    other = tf.where(is_first, largest[:, 1], largest[:, 0])
    return (other - true) / (largest[:, 0] - largest[:, 2] + 1e-12)
