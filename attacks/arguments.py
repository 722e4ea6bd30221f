"""Images and labels as an attack takes them."""

import keras
import numpy as np
import tensorflow as tf

from models.batches import checked_labels, verify_images
from models.logits import check_logits


def checked(
    model: keras.Model, images, labels, bounds: tuple[float, float] | None, any_labels: bool = False
) -> tuple[tf.Tensor, tf.Tensor, int | None]:
    """Images (N, ...) float32, labels (N,) int32, and the number of classes, None if nobody knows it.

    Args:
        model, images, labels, bounds: as an attack is given them.
        any_labels: labels are whatever the loss compares logits with, and stay as they are.

    Raises:
        ValueError: the network returns probabilities, images do not fit it or leave the bounds, or labels are no
            classes. Inside a graph, where there are no values yet, nothing is checked.
    """
    if not tf.executing_eagerly():
        classes = getattr(model, "output_shape", (None,))[-1]
        return tf.convert_to_tensor(images, tf.float32), tf.convert_to_tensor(labels), classes
    if not tf.is_tensor(images) or images.dtype != tf.float32:
        images = tf.constant(np.asarray(images, np.float32))
    verify_images(model, images.numpy(), bounds)
    classes = check_logits(model, images)
    if not any_labels:
        labels = checked_labels(labels, len(images), classes)
    return images, tf.convert_to_tensor(labels), classes
