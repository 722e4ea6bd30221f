"""Auto-PGD (Croce and Hein 2020, arXiv 2003.01690): momentum, and a step that halves itself where it stops paying."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf

from attacks.arguments import checked, checked_seed
from attacks.losses import LOSSES
from attacks.norms import NORMS, Norm
from models.compiled import LOOP_BODY, compiled
from models.input_gradient import input_gradient
from models.parameters import checked_bounds, verify_above, verify_count

TITLE = "APGD"
PARAMETERS = {
    "steps": {"default": 50, "at_least": 1, "help": "Steps of APGD, for each loss and restart."},
    "restarts": {"default": 1, "at_least": 1, "help": "Random starts of APGD, for each loss."},
    "losses": {
        "default": ("cross_entropy", "dlr"),
        "one_of": ("cross_entropy", "dlr", "cw"),
        "help": "Losses that APGD maximises one after the other; an image is robust that survives all.",
    },
}

MOMENTUM = 0.75
ENOUGH = 0.75
"""Share of an interval's steps that must have raised the loss, or the step is halved."""


@dataclass(frozen=True, kw_only=True)
class APGD:
    """The strongest of several losses and random starts, image by image.

    The network is seen in inference mode; every image has a step of its own, which begins at twice eps.

    Args:
        norm: "l2" or "linf".
        eps: radius of the ball, in the images' own scale, above 0.
        steps: for each loss and start, at least 1; the paper has 100.
        restarts: random starts for each loss, at least 1.
        losses: names in `attacks.LOSSES`; the first one decides among attacks that do not succeed. "dlr" is left out
            where there are but two classes, whose ratio is a constant.
        bounds: (lowest, highest) pixel value.
        jit_compile: compile with XLA.

    Raises:
        ValueError: an argument is outside what is allowed.

    Example:
        >>> attack = APGD(norm="l2", eps=1.0)
        >>> x_adv = attack(model, x, y)
    """

    norm: str
    eps: float
    steps: int = 100
    restarts: int = 1
    losses: tuple[str, ...] = ("cross_entropy", "dlr")
    bounds: tuple[float, float] = (-1.0, 1.0)
    jit_compile: bool = False

    def __post_init__(self):
        if self.norm not in ("l2", "linf"):  # in l1 Auto-PGD is another algorithm (Croce and Hein 2021)
            raise ValueError(f"norm must be one of l2, linf. Received: {self.norm!r}.")
        verify_above("eps", self.eps, 0)
        verify_count("steps", self.steps)
        verify_count("restarts", self.restarts)
        object.__setattr__(self, "bounds", checked_bounds(self.bounds))  # a list could be no key of graphs
        for loss in self.losses or ("none",):
            if loss not in LOSSES:
                raise ValueError(f"losses must be of {', '.join(LOSSES)}. Received: {loss!r}.")

    def __call__(self, model: keras.Model, images, labels, seed=(0, 0)) -> tf.Tensor:
        """Adversarial examples for the labels given; arguments and result as of `ProjectedGradientDescent`.

        An image that the network gets wrong comes back as it is; the others are attacked until they are fooled. One
        that withstands everything comes back where the first loss was highest from the first start.
        """
        images, labels, classes = checked(model, images, labels, self.bounds)
        losses = [loss for loss in self.losses if loss != "dlr" or classes is None or classes > 2]
        if not losses:
            raise ValueError("dlr needs at least three classes; attack with cross_entropy or cw instead.")
        best, eps, first_seed = images, tf.constant(self.eps, tf.float32), checked_seed(seed)
        standing = compiled(model, "is_right", _is_right)(images, labels)
        for number, (loss, _) in enumerate(itertools.product(losses, range(self.restarts))):
            places = tf.where(standing)[:, 0]
            if tf.executing_eagerly() and not len(places):
                break
            places, count = self._filled(places, tf.size(standing)), tf.size(places)
            # Drawn for all images, so that an image's start does not depend on which others stand.
            start = NORMS[self.norm].random_start(tf.shape(images), eps, first_seed + tf.constant([number, 0]))
            key = (type(self), self.norm, loss, self.steps, self.bounds, self.jit_compile)
            maximise = compiled(model, key, self._maximise(LOSSES[loss]), jit_compile=self.jit_compile)
            found, fooled = maximise(*(tf.gather(values, places) for values in (images, labels, start)), eps)
            places, found, fooled = places[:count], found[:count], fooled[:count]
            taken = found if number == 0 else tf.where(_per_image(fooled, images), found, tf.gather(best, places))
            best = tf.tensor_scatter_nd_update(best, places[:, None], taken)
            standing = tf.tensor_scatter_nd_update(standing, places[:, None], ~fooled)
        return best

    def _filled(self, places: tf.Tensor, size: tf.Tensor) -> tf.Tensor:
        """Places of images; with XLA, which compiles anew for each number of them, the first repeated up to eighths."""
        if not self.jit_compile:
            return places
        eighth = -(-size // 8)
        missing = -tf.size(places) % eighth
        return tf.concat([places, tf.repeat(places[:1], missing)], axis=0)

    def _maximise(self, loss: Callable) -> Callable:
        norm, bounds, checkpoints = NORMS[self.norm], self.bounds, checkpoints_of(self.steps)

        def perturb(model, images, labels, start, eps):
            return _ascend(model, loss, norm, bounds, checkpoints, self.steps, images, labels, start, eps)

        return perturb


def checkpoints_of(steps: int) -> list[int]:
    """After which steps it is asked whether the step still pays: 22 % of them, then ever shorter intervals.

    Source: section 3.2 of the paper; p_1 = 0.22, p_{j+1} = p_j + max(p_j - p_{j-1} - 0.03, 0.06).
    """
    percents = [0, 22]  # whole numbers: in floating point 57 % of 100 steps are more than 57
    while percents[-1] < 100:
        percents.append(percents[-1] + max(percents[-1] - percents[-2] - 3, 6))
    return sorted({-(-percent * steps // 100) for percent in percents if 0 < percent < 100})


def _is_right(model, images, labels):
    return tf.equal(tf.argmax(model(images, training=False), axis=-1, output_type=tf.int32), tf.cast(labels, tf.int32))


def _per_image(values: tf.Tensor, images: tf.Tensor) -> tf.Tensor:
    """(N,) -> (N, 1, ...), to go with the images."""
    return tf.reshape(values, (-1, *[1] * (images.shape.rank - 1)))


def _ascend(model, loss, norm: Norm, bounds, checkpoints: list[int], steps: int, images, labels, start, eps):
    """Images of the highest loss seen, and whether the network is wrong on some image seen: such a one is preferred."""

    def per_image(values):
        return _per_image(values, images)

    def project(candidate):
        return tf.clip_by_value(images + norm.project(candidate - images, eps), *bounds)

    @tf.function(experimental_attributes=LOOP_BODY)
    def evaluate(candidate):
        logits, values, gradient = input_gradient(model, candidate, lambda logits: loss(logits, labels))
        wrong = tf.not_equal(tf.argmax(logits, axis=-1, output_type=tf.int32), tf.cast(labels, tf.int32))
        return values, gradient, wrong

    current = project(images + start)
    previous = current
    value, gradient, wrong = evaluate(current)
    best, best_value, best_gradient = current, value, gradient
    fooling, fooled = current, wrong
    step = tf.fill(tf.shape(value), 2 * eps)
    raised = tf.zeros(tf.shape(value), tf.int32)
    last_best, last_step, last_checkpoint = best_value, step, tf.constant(0)
    asked = tf.constant(checkpoints, tf.int32)
    for number in tf.range(1, steps + 1):
        ahead = project(current + per_image(step) * norm.steepest_step(gradient))
        momentum = tf.where(number > 1, MOMENTUM, 1.0)
        moved = project(current + momentum * (ahead - current) + (1 - momentum) * (current - previous))
        previous, current = current, moved
        before = value
        value, gradient, wrong = evaluate(current)
        raised += tf.cast(value > before, tf.int32)
        better = value > best_value
        best = tf.where(per_image(better), current, best)
        best_gradient = tf.where(per_image(better), gradient, best_gradient)
        best_value = tf.maximum(value, best_value)
        fooling = tf.where(per_image(wrong), current, fooling)
        fooled |= wrong
        if tf.reduce_any(asked == number):
            few = tf.cast(raised, tf.float32) < ENOUGH * tf.cast(number - last_checkpoint, tf.float32)
            stuck = (step == last_step) & (best_value <= last_best)
            halve = few | stuck
            last_step, last_best, last_checkpoint = step, best_value, number
            step = tf.where(halve, step / 2, step)
            current = tf.where(per_image(halve), best, current)
            gradient = tf.where(per_image(halve), best_gradient, gradient)
            value = tf.where(halve, best_value, value)
            raised = tf.zeros_like(raised)
    return tf.where(per_image(fooled), fooling, best), fooled
