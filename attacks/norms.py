"""The norms an attack can be bounded in: how to start, which way is steepest, how to project.

Every function works image by image on perturbations of shape (N, ...) and leaves no NaN for an
image whose gradient or perturbation is zero.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

Bounds = tuple[float, float] | None


class Norm(NamedTuple):
    """All that distinguishes one norm from another inside the attack.

    Attributes:
        random_start: (shape, eps, seed) -> perturbation uniform in the eps-ball. seed: (2,) ints.
        steepest_step: gradient -> unit step of steepest ascent in this norm.
        project: (perturbation, eps) -> nearest perturbation inside the eps-ball.
        project_between: (perturbation, eps, lowest, highest) -> nearest perturbation inside the eps-ball that also
            lies between `lowest` (at most 0) and `highest` (at least 0), pixel by pixel; None where `project` and
            then clipping is what attacks of this norm do.
    """

    random_start: Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]
    steepest_step: Callable[[tf.Tensor], tf.Tensor]
    project: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    project_between: Callable[[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor] | None = None

    def ascent(self, gradient: tf.Tensor, images: tf.Tensor, bounds: Bounds) -> tf.Tensor:
        """The unit step from `images`; one that steps along few pixels leaves out those that bounds hold back."""
        if self.project_between is not None and bounds is not None:
            held = (images <= bounds[0]) & (gradient < 0) | (images >= bounds[1]) & (gradient > 0)
            gradient = tf.where(held, 0.0, gradient)
        return self.steepest_step(gradient)

    def confine(self, images: tf.Tensor, candidate: tf.Tensor, eps: tf.Tensor, bounds: Bounds) -> tf.Tensor:
        """`candidate` brought into the eps-ball round `images` and into `bounds`."""
        if bounds is None:
            return images + self.project(candidate - images, eps)
        if self.project_between is None:
            return tf.clip_by_value(images + self.project(candidate - images, eps), *bounds)
        inside = self.project_between(candidate - images, eps, bounds[0] - images, bounds[1] - images)
        return tf.clip_by_value(images + inside, *bounds)  # x + (bound - x) may round to just beyond the bound


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


L1_SHARE = 0.01
"""Share of an image's values that one l1 step changes: those of the largest gradient, at least one.

Source: the 99th percentile of Tramer and Boneh (2019, arXiv 1904.13000).
"""


def _per_image_values(x: tf.Tensor) -> tf.Tensor:
    """(N, ...) -> (N, D)."""
    return tf.reshape(x, (tf.shape(x)[0], -1))


def _l1_random_start(shape: tf.Tensor, eps: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    # D + 1 exponentials over their sum are uniform on the simplex; without the last, in the corner below it.
    count = tf.reduce_prod(shape[1:])
    sizes = -tf.math.log1p(-tf.random.stateless_uniform((shape[0], count + 1), seed))
    sizes = tf.math.divide_no_nan(sizes, tf.reduce_sum(sizes, axis=1, keepdims=True))[:, :-1]
    signs = 2.0 * tf.cast(tf.random.stateless_uniform((shape[0], count), seed + 1) < 0.5, tf.float32) - 1.0
    return tf.reshape(eps * signs * sizes, shape)


def _l1_steepest_step(gradient: tf.Tensor) -> tf.Tensor:
    flat = _per_image_values(gradient)
    sizes = tf.abs(flat)
    count = tf.cast(tf.math.ceil(L1_SHARE * tf.cast(tf.shape(flat)[1], tf.float32)), tf.int32)
    least = tf.math.top_k(sizes, count).values[:, -1:]
    step = tf.where(sizes >= least, tf.sign(flat), 0.0)
    step = tf.math.divide_no_nan(step, tf.reduce_sum(tf.abs(step), axis=1, keepdims=True))
    return tf.reshape(step, tf.shape(gradient))


def _l1_project(delta: tf.Tensor, eps: tf.Tensor) -> tf.Tensor:
    unbounded = tf.fill(tf.shape(delta), float("inf"))
    return _l1_project_between(delta, eps, -unbounded, unbounded)


def _l1_project_between(delta: tf.Tensor, eps: tf.Tensor, lowest: tf.Tensor, highest: tf.Tensor) -> tf.Tensor:
    """The exact projection: sizes become clip(size - t, 0, room), t >= 0 the smallest whose sum is at most eps.

    The sum is piecewise linear in t and falls; it bends where t passes a size, or a size minus its room. Going
    through the bends from the largest, the sum at each follows from the one before; t lies behind the last bend
    with a sum of at most eps.
    """
    sizes, room = (_per_image_values(x) for x in (tf.abs(delta), tf.where(delta > 0, highest, -lowest)))
    room = tf.minimum(room, sizes)
    bends = tf.concat([sizes, sizes - room], axis=1)
    slopes = tf.concat([tf.ones_like(sizes), -tf.ones_like(sizes)], axis=1)
    order = tf.argsort(bends, axis=1, direction="DESCENDING")
    bends, slopes = tf.gather(bends, order, batch_dims=1), tf.cumsum(tf.gather(slopes, order, batch_dims=1), axis=1)
    risen = tf.cumsum(slopes[:, :-1] * (bends[:, :-1] - bends[:, 1:]), axis=1)
    sums = tf.concat([tf.zeros_like(bends[:, :1]), risen], axis=1)
    last = tf.reduce_sum(tf.cast(sums <= eps, tf.int32), axis=1, keepdims=True) - 1
    bend, total, slope = (tf.gather(x, last, batch_dims=1) for x in (bends, sums, slopes))
    threshold = tf.maximum(bend - tf.math.divide_no_nan(eps - total, slope), 0.0)
    inside = tf.clip_by_value(sizes - threshold, 0.0, room)
    # Long sums are rounded; what is left too long is shortened, which keeps it between the bounds.
    inside *= tf.minimum(1.0, tf.math.divide_no_nan(eps, tf.reduce_sum(inside, axis=1, keepdims=True)))
    return tf.sign(delta) * tf.reshape(inside, tf.shape(delta))


NORMS = {
    "l2": Norm(_l2_random_start, _l2_steepest_step, _l2_project),
    "linf": Norm(_linf_random_start, tf.sign, _linf_project),
    "l1": Norm(_l1_random_start, _l1_steepest_step, _l1_project, _l1_project_between),
}
