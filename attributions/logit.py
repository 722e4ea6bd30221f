"""The logit that is explained: of the class which the network predicts for an image, never its softmax.

A softmax couples the classes and saturates: its gradient vanishes where the network is sure.
"""

import tensorflow as tf

from models.input_gradient import input_gradient


def predicted_class(logits: tf.Tensor) -> tf.Tensor:
    """(N, classes) logits -> the same shape: 1 at the largest logit of each row, the first of equal ones, else 0."""
    return tf.one_hot(tf.argmax(logits, axis=-1), tf.shape(logits)[-1], dtype=logits.dtype)


def logit_gradient(model, images: tf.Tensor, chosen: tf.Tensor) -> tf.Tensor:
    """Gradient of each image's logit with respect to its pixels.

    Args:
        model: images -> logits.
        images: (N, ...) float32.
        chosen: (N, classes), 1 at the logit to explain and else 0.

    Returns:
        The images' shape. Each gradient is its image's own, whatever the batch.
    """
    chosen = tf.cast(chosen, tf.float32)
    return input_gradient(model, images, lambda logits: tf.reduce_sum(chosen * logits, axis=-1))[2]
