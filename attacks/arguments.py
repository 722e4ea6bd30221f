"""Images and labels as an attack takes them."""

import keras
import tensorflow as tf

from models.batches import checked_images, checked_labels
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
    array = checked_images(model, images, bounds)
    images = tf.convert_to_tensor(images if tf.is_tensor(images) and images.dtype == tf.float32 else array)
    classes = check_logits(model, images)
    if not any_labels:
        labels = checked_labels(labels, len(images), classes)
    return images, tf.convert_to_tensor(labels), classes


def checked_seed(seed) -> tf.Tensor:
    """(2,) int32.

    Raises:
        ValueError: it is not two integers.
    """
    tensor = tf.convert_to_tensor(seed, tf.int32)
    if not tensor.shape.is_compatible_with([2]):
        raise ValueError(f"seed must be two integers. Received: {seed!r}.")
    return tensor


def checked_start(start, images: tf.Tensor) -> tf.Tensor:
    """A perturbation of the images' shape, float32.

    Raises:
        ValueError: it has another shape or, outside of a graph, a number that is not finite.
    """
    tensor = tf.convert_to_tensor(start, tf.float32)
    if not tensor.shape.is_compatible_with(images.shape):
        raise ValueError(f"start must be of the images' shape {tuple(images.shape)}. Received: {tuple(tensor.shape)}.")
    if tf.executing_eagerly() and not tf.reduce_all(tf.math.is_finite(tensor)):
        raise ValueError("start must be finite numbers. Received: NaN or infinite ones.")
    return tensor
