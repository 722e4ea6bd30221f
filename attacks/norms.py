"""The norms an attack can be bounded in: how to start, which way is steepest, how to project.

Every function works image by image on perturbations of shape (N, ...) and leaves no NaN for an
image whose gradient or perturbation is zero.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class Norm(NamedTuple):
    """Three hooks, all that distinguishes one norm from another inside the attack.

    Attributes:
        random_start: (shape, eps, seed) -> perturbation uniform in the eps-ball. seed: (2,) ints.
        steepest_step: gradient -> unit step of steepest ascent in this norm.
        project: (perturbation, eps) -> nearest perturbation inside the eps-ball.
    """

    random_start: Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]
    steepest_step: Callable[[tf.Tensor], tf.Tensor]
    project: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def _l2_norm(x: tf.Tensor) -> tf.Tensor:
    """(N, ...) -> (N, 1, ...) l2 norm per image."""
    return tf.sqrt(tf.reduce_sum(tf.square(x), axis=tf.range(1, tf.rank(x)), keepdims=True))


def _l2_random_start(shape: tf.Tensor, eps: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    direction = tf.random.stateless_normal(shape, seed)
    dimensions = tf.cast(tf.reduce_prod(shape[1:]), tf.float32)
    one_per_image = tf.concat([shape[:1], tf.ones_like(shape[1:])], axis=0)
    # The share of a ball's volume within radius r grows as r to the number of dimensions.
    radius = eps * tf.random.stateless_uniform(one_per_image, seed + 1) ** (1.0 / dimensions)
    return radius * direction / _l2_norm(direction)


def _l2_steepest_step(gradient: tf.Tensor) -> tf.Tensor:
    # Scaled by its largest entry first: the square of a confident network's gradient underflows.
    largest = tf.reduce_max(tf.abs(gradient), axis=tf.range(1, tf.rank(gradient)), keepdims=True)
    gradient = tf.math.divide_no_nan(gradient, largest)
    return tf.math.divide_no_nan(gradient, _l2_norm(gradient))


def _l2_project(delta: tf.Tensor, eps: tf.Tensor) -> tf.Tensor:
    # divide_no_nan gives 0 for a zero perturbation, which any factor leaves at zero.
    return delta * tf.minimum(1.0, tf.math.divide_no_nan(eps, _l2_norm(delta)))


def _linf_random_start(shape: tf.Tensor, eps: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    return tf.random.stateless_uniform(shape, seed, -eps, eps)


def _linf_project(delta: tf.Tensor, eps: tf.Tensor) -> tf.Tensor:
    return tf.clip_by_value(delta, -eps, eps)


NORMS = {
    "l2": Norm(_l2_random_start, _l2_steepest_step, _l2_project),
    "linf": Norm(_linf_random_start, tf.sign, _linf_project),
}
