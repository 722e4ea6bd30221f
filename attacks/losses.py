"""What an attack maximises: one number per image, computed from logits and integer labels.

Both losses see logits only through differences to the true class, so a constant added to all of
them changes nothing, and both compute in float32 whatever the network's precision.
"""

import tensorflow as tf


def cross_entropy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Softmax cross-entropy whose gradient survives confident predictions.

    Written as softplus(log-sum-exp of the other logits - true logit). The usual form subtracts
    1 from a softmax that float32 has rounded to 1 once the margin is near 17, and its gradient
    loses the true class there; this one stays accurate to margins near 80.

    Args:
        logits: (N, classes), any float type.
        labels: (N,) integers in 0..classes-1.

    Returns:
        (N,) float32 losses in nats.
    """
    true, others = _split(logits, labels)
    return tf.nn.softplus(tf.reduce_logsumexp(others, axis=-1) - true)


def cw_margin(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Largest other logit minus the true logit; above 0 exactly when the image is misclassified.

    Args:
        logits: (N, classes), any float type.
        labels: (N,) integers in 0..classes-1.

    Returns:
        (N,) float32 margins.

    Source: Carlini and Wagner, arXiv 1608.04644, f6 without its floor. The authors' code masks
    the true class with 0, which is wrong when every other logit is negative; here it is -inf.
    """
    true, others = _split(logits, labels)
    return tf.reduce_max(others, axis=-1) - true


def _split(logits: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The true logit (N,), and all logits (N, classes) with the true one at minus infinity."""
    logits = tf.cast(logits, tf.float32)
    is_true = tf.one_hot(labels, tf.shape(logits)[-1], on_value=True, off_value=False, dtype=tf.bool)
    true = tf.reduce_sum(tf.where(is_true, logits, 0.0), axis=-1)
    return true, tf.where(is_true, -float("inf"), logits)


LOSSES = {"cross_entropy": cross_entropy, "cw": cw_margin}
