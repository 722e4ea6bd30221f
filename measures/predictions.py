"""What a network says of images, in batches."""

import numpy as np
import tensorflow as tf

from models.compiled import compiled
from models.logits import check_logits


def class_probabilities(model, images: np.ndarray, batch_size: int = 500) -> np.ndarray:
    """(N, classes) float32: the softmax of the logits.

    Args:
        model: images -> logits.
        images: (N, H, W, C) in [-1, 1].
        batch_size: images at a time; it does not change the result.

    Raises:
        ValueError: a network that returns probabilities.
    """
    check_logits(model, tf.constant(images[:batch_size]))
    predict = compiled(model, "class_probabilities", _softmax)
    batches = (tf.constant(images[i : i + batch_size]) for i in range(0, len(images), batch_size))
    return np.concatenate([predict(batch).numpy() for batch in batches])


def _softmax(model, images):
    return tf.nn.softmax(tf.cast(model(images, training=False), tf.float32))
