"""Removed pixels filled in from their neighbours: the noisy linear imputation of ROAD (Rong et al. 2022).

Source: arXiv 2202.00449, tleemann/road_evaluation. A hole filled with one colour shows its shape, from which a network
may guess the class; one that is filled in smoothly shows much less of it.
"""

import numpy as np
import tensorflow as tf

NEIGHBOURS = np.array([[1, 2, 1], [2, 0, 2], [1, 2, 1]], np.float32) / 12
"""Weights of a pixel's neighbours: 1/6 of those beside it, 1/12 of those at its corners."""

TOLERANCE = 1e-6
"""Size of what is left of the equations, relative to their right side, at which a plane is solved."""


def impute(images: np.ndarray, removed: np.ndarray, batch_size: int = 250) -> np.ndarray:
    """Images in which every removed pixel is the weighted mean of its neighbours, those removed too included.

    At the image's border the weights of the neighbours that are there sum to 1. One equation a removed pixel, for each
    channel; multiplied by the sum of its weights it has the same coefficient for a neighbour as the neighbour's has for
    it. The system is then symmetric, positive definite as long as a pixel is left, and solved by conjugate gradients.

    Args:
        images: (N, H, W, C) float32.
        removed: (N, H, W) booleans.
        batch_size: images at a time, so many that they stay in a processor's cache; it does not change the result.

    Returns:
        (N, H, W, C) float32. Removed pixels of an image without any other are 0.
    """
    batches = (slice(i, i + batch_size) for i in range(0, len(images), batch_size))
    solved = [_impute(tf.constant(images[batch], tf.float32), tf.constant(removed[batch])) for batch in batches]
    return tf.concat(solved, axis=0).numpy()


@tf.function(reduce_retracing=True)
def _impute(images: tf.Tensor, removed: tf.Tensor) -> tf.Tensor:
    hole = _side_by_side(tf.cast(tf.broadcast_to(removed[..., None], tf.shape(images)), tf.float32))
    known = (1 - hole) * _side_by_side(images)
    solved = known + _conjugate_gradients(hole, hole * _neighbour_sum(known))
    return tf.transpose(tf.reshape(solved, tf.gather(tf.shape(images), (1, 2, 0, 3))), (2, 0, 1, 3))


def _side_by_side(images: tf.Tensor) -> tf.Tensor:
    """(N, H, W, C) -> (1, H, W, N * C): planes with equations of their own.

    As the channels of one image: a CPU then sums neighbours six times as fast as for a batch of images of one channel.
    """
    shape = tf.shape(images)
    return tf.reshape(tf.transpose(images, (1, 2, 0, 3)), (1, shape[1], shape[2], -1))


def _conjugate_gradients(hole: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
    """Planes that are 0 outside the hole: u with (weight sum) u - (neighbour sum of u) = right.

    A plane that is solved stays as it is while others go on, so that it does not depend on its batch.
    """
    weights = hole * _neighbour_sum(tf.ones_like(hole))
    solution, residual, direction = tf.zeros_like(right), right, right
    size = _inner(residual, residual)
    enough = TOLERANCE**2 * size
    going = size > enough
    while tf.reduce_any(going):
        # As many steps as a plane has pixels are enough in exact arithmetic; rounding must not go on for ever.
        tf.autograph.experimental.set_loop_options(maximum_iterations=tf.size(hole[0, :, :, 0]))
        applied = weights * direction - hole * _neighbour_sum(direction)
        step = tf.where(going, tf.math.divide_no_nan(size, _inner(direction, applied)), 0.0)
        solution += step * direction
        residual -= step * applied
        before, size = size, _inner(residual, residual)
        direction = residual + tf.math.divide_no_nan(size, before) * direction
        going = size > enough
    return solution


def _neighbour_sum(values: tf.Tensor) -> tf.Tensor:
    kernel = tf.tile(tf.constant(NEIGHBOURS)[..., None, None], (1, 1, tf.shape(values)[-1], 1))
    return tf.nn.depthwise_conv2d(values, kernel, strides=(1, 1, 1, 1), padding="SAME")


def _inner(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(first * second, axis=(0, 1, 2))
