"""Guards against the commonest silent mistake: probabilities passed where logits are meant."""

import weakref

import keras
import tensorflow as tf

_CHECKED: weakref.WeakSet[keras.Model] = weakref.WeakSet()


def check_logits(model: keras.Model, images: tf.Tensor) -> None:
    """Raises if the network's outputs on a batch are probabilities; looks once per network.

    Args:
        model: the network.
        images: a batch it accepts.

    Raises:
        ValueError: every row of the output lies in [0, 1] and sums to 1. Attacks and attributions
            on such a network look as if it were robust (Carlini et al., arXiv 1902.06705).
    """
    if model in _CHECKED:
        return
    outputs = tf.cast(model(images, training=False), tf.float32)
    in_range = tf.reduce_all((outputs >= 0) & (outputs <= 1))
    if in_range and tf.reduce_all(tf.abs(tf.reduce_sum(outputs, axis=-1) - 1) < 1e-3):
        raise ValueError("model must return logits. Received: probabilities, rows within [0, 1] that sum to 1.")
    _CHECKED.add(model)
