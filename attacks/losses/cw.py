"""The margin of Carlini and Wagner (2017, arXiv 1608.04644): f6 without its floor."""

import tensorflow as tf

from attacks.losses._margin import split_logits

TITLE = "CW margin"


def cw(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Largest other logit minus the true logit; above 0 exactly when the image is misclassified.

    The authors' code masks the true class with 0, which is wrong when every other logit is negative; here it
    is minus infinity.

    Args:
        logits: (N, classes), any float type.
        labels: (N,) integers in 0..classes-1.

    Returns:
        (N,) float32 margins.
    """
    true, others = split_logits(logits, labels)
    return tf.reduce_max(others, axis=-1) - true
