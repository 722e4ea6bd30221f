"""The gradient by the image of a function of a network's logits, such as a loss, which float16 does not round to 0."""

from collections.abc import Callable

import keras
import tensorflow as tf

SCALE = 256.0
"""What each image's largest slope is brought to, at least, before it goes back through the network: as by a training
that multiplies the mean loss of 128 images by 2^15. float16 ends at 65,504."""

_EXPONENT = 0x7F800000
"""The bits of a float32 that hold its power of two."""


def input_gradient(
    model: keras.Model, images: tf.Tensor, of: Callable[[tf.Tensor], tf.Tensor], training: bool = False
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Logits, the number that `of` makes of each image's, and that number's gradient by the image.

    In float16 the slopes of a confident network's loss round to zero where they enter the network: those of the
    cross-entropy from a margin of 17 on. So each image's slopes are multiplied by a number and its gradient is
    divided by it, as training multiplies its loss. It is a power of two, which changes no digit in float32.

    Args:
        model: images -> logits.
        images: (n, ...) float32.
        of: (n, classes) float32 logits -> (n,).
        training: the network's mode.

    Returns:
        (n, classes) logits in the network's precision, (n,) and the images' shape, both float32. Each gradient is its
        image's own, whatever the batch. An outer tape may differentiate all of it again.
    """
    with tf.GradientTape(watch_accessed_variables=False) as network:
        network.watch(images)
        logits = model(images, training=training)
        exact = tf.cast(logits, tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as top:
        top.watch(exact)
        values = of(exact)
    slopes = top.gradient(values, exact)
    unit = _power_of_two(tf.reduce_max(tf.abs(slopes), axis=-1)) / SCALE
    gradient = network.gradient(exact, images, output_gradients=slopes / unit[:, None])
    return logits, values, gradient * tf.reshape(unit, (-1, *[1] * (images.shape.rank - 1)))


def _power_of_two(sizes: tf.Tensor) -> tf.Tensor:
    """The largest power of two below each of (n,) numbers; 1 for zero and for what is not finite."""
    power = tf.bitcast(tf.bitwise.bitwise_and(tf.bitcast(sizes, tf.int32), _EXPONENT), tf.float32)
    return tf.where((power > 0) & tf.math.is_finite(power), power, 1.0)
