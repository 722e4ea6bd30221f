"""Removed pixels filled in from their neighbours: the noisy linear imputation of ROAD (Rong et al. 2022).

Source: arXiv 2202.00449, tleemann/road_evaluation. A hole filled with one colour shows its shape, from which a network
may guess the class; one that is filled in smoothly shows much less of it.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import tensorflow as tf

NEIGHBOURS = np.array([[1, 2, 1], [2, 0, 2], [1, 2, 1]], np.float32) / 12
"""Weights of a pixel's neighbours: 1/6 of those beside it, 1/12 of those at its corners."""

TOLERANCE = 1e-6
"""Size of what is left of the equations, relative to their right side, at which a plane is solved."""


def impute_noisily(
    images: np.ndarray, removed: np.ndarray, seed: int | Sequence[int], noise: float = 0.01
) -> np.ndarray:
    """Images whose removed pixels are filled in by `impute`, plus Gaussian noise on those pixels.

    A seed draws the same noise for every pixel of the images, whichever are removed: an image keeps its noise from one
    percentage, and from one ranking, to the next.

    Args:
        images: (N, H, W, C) float32.
        removed: (N, H, W) booleans.
        seed: of the noise.
        noise: its standard deviation, in the pixels' units.

    Returns:
        (N, H, W, C) float32.
    """
    grain = np.random.default_rng(seed).standard_normal(images.shape, np.float32) * np.float32(noise)
    return impute(images, removed) + removed[..., None] * grain


def impute(images: np.ndarray, removed: np.ndarray, batch_size: int = 32) -> np.ndarray:
    """Images in which every removed pixel is the weighted mean of its neighbours, those removed too included.

    At the image's border the weights of the neighbours that are there sum to 1. One equation a removed pixel, for each
    channel; multiplied by the sum of its weights it has the same coefficient for a neighbour as the neighbour's has for
    it. The system is then symmetric, positive definite as long as a pixel is left, and solved by conjugate gradients.

    Args:
        images: (N, H, W, C) float32.
        removed: (N, H, W) booleans.
        batch_size: images at a time, so few that they stay in a core's cache; it does not change the result.

    Returns:
        (N, H, W, C) float32. Removed pixels of an image without any other are 0.
    """
    imputed = np.empty(images.shape, np.float32)

    def work(start: int) -> None:
        batch = slice(start, start + batch_size)
        imputed[batch] = _impute(images[batch], removed[batch], batch_size)

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # what is so small XLA computes on one core
        list(pool.map(work, range(0, len(images), batch_size)))
    return imputed


def _impute(images: np.ndarray, removed: np.ndarray, batch_size: int) -> np.ndarray:
    count, height, width, channels = images.shape
    with tf.device("CPU"):  # its many small steps leave a GPU idle
        solved = _solve(_side_by_side(images, batch_size), _side_by_side(removed[..., None], batch_size), width)
    planes = solved.numpy().reshape(height + 2, width + 2, batch_size, channels)[1:-1, 1:-1, :count]
    return planes.transpose(2, 0, 1, 3)


def _side_by_side(images: np.ndarray, batch_size: int) -> tf.Tensor:
    """(N, H, W, C) -> ((H + 2) * (W + 2), batch_size * C): planes with equations of their own, bordered by zeros.

    A pixel's neighbours then are rows at the same distances from every pixel's, so that XLA makes one loop over all of
    a step of the solution, a vector of planes at a time. A batch that is not full is filled up with zeros: another size
    would be compiled anew.
    """
    count, height, width, channels = images.shape
    bordered = np.zeros((height + 2, width + 2, batch_size, channels), np.float32)
    bordered[1:-1, 1:-1, :count] = images.transpose(1, 2, 0, 3)
    return tf.constant(bordered.reshape(-1, batch_size * channels))


@tf.function(jit_compile=True)
def _solve(values: tf.Tensor, hole: tf.Tensor, width: int) -> tf.Tensor:
    inside = np.zeros((len(values) // (width + 2), width + 2, 1), np.float32)
    inside[1:-1, 1:-1] = 1
    hole = tf.repeat(hole, values.shape[1] // hole.shape[1], axis=1)
    known, to_solve = (1 - hole) * values, _from_first_to_last(hole, width)
    weights, right = (to_solve * _neighbour_sum(rows, width) for rows in (inside.reshape(-1, 1), known))
    return known + _with_margins(_conjugate_gradients(to_solve, weights, right, width), width)


def _from_first_to_last(values: tf.Tensor, width: int) -> tf.Tensor:
    """The rows from the first pixel inside the border to the last: those that have all neighbours."""
    return values[width + 3 : -(width + 3)]


def _with_margins(values: tf.Tensor, width: int) -> tf.Tensor:
    """The inverse, with zeros."""
    return tf.pad(values, ((width + 3, width + 3), (0, 0)))


def _neighbour_sum(values: tf.Tensor, width: int) -> tf.Tensor:
    """Of the rows from the first pixel to the last."""
    rows = values.shape[0] - 2 * (width + 3)
    return tf.add_n(
        [
            weight * values[down * (width + 2) + across :][:rows]
            for (down, across), weight in np.ndenumerate(NEIGHBOURS)
            if weight
        ]
    )


def _conjugate_gradients(hole: tf.Tensor, weights: tf.Tensor, right: tf.Tensor, width: int) -> tf.Tensor:
    """Planes that are 0 outside the hole: u with weights * u - (neighbour sum of u) = right.

    A plane that is solved stays as it is while others go on, so that it does not depend on its batch.
    """
    solution, residual, direction = tf.zeros_like(right), right, _with_margins(right, width)
    size = _inner(residual, residual)
    enough = TOLERANCE**2 * size
    going = size > enough
    while tf.reduce_any(going):
        # As many steps as a plane has pixels are enough in exact arithmetic; rounding must not go on for ever.
        tf.autograph.experimental.set_loop_options(maximum_iterations=right.shape[0])
        along = _from_first_to_last(direction, width)
        applied = weights * along - hole * _neighbour_sum(direction, width)
        step = tf.where(going, tf.math.divide_no_nan(size, _inner(along, applied)), 0.0)
        solution += step * along
        residual -= step * applied
        before, size = size, _inner(residual, residual)
        # With margins from step to step: XLA would add them anew for each of the eight neighbours.
        direction = _with_margins(residual + tf.math.divide_no_nan(size, before) * along, width)
        going = size > enough
    return solution


def _inner(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(first * second, axis=0)
