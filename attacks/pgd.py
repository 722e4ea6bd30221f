"""Projected gradient descent (Madry et al. 2018, arXiv 1706.06083), the whole loop in one graph."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from attacks.arguments import checked, checked_seed, checked_start
from attacks.losses import LOSSES
from attacks.norms import NORMS
from models.compiled import LOOP_BODY, compiled
from models.input_gradient import input_gradient
from models.parameters import checked_bounds, verify_above, verify_count

TITLE = "PGD"
PARAMETERS = {"step_size": {"flag": "l2_step_size"}, "steps": {"flag": "robust_steps"}}


@dataclass(frozen=True, kw_only=True)
class ProjectedGradientDescent:
    """Maximises a loss inside an eps-ball round each image, then clips to the pixel range.

    The network is seen in inference mode. eps, step_size and steps enter the graph as tensors:
    attacks that differ in nothing else share one trace.

    Args:
        norm: "l2" (step along the normalised gradient), "linf" (step along its sign) or "l1" (step along the sign of
            its largest hundredth).
        eps: radius of the ball, in the images' own scale, above 0.
        step_size: length of one step in that norm, above 0; it may exceed eps, as the paper's does.
        steps: number of steps, at least 1.
        loss: "cross_entropy", "cw" or a function (logits, labels) -> (N,), maximised for the labels given, which
            may be whatever it compares logits with.
        random_start: start uniformly inside the ball instead of at the image.
        bounds: (lowest, highest) pixel value; None leaves points unclipped, as 2-D toy data needs.
        jit_compile: compile with XLA.

    Raises:
        ValueError: an argument is outside what is allowed.

    Example:
        >>> attack = ProjectedGradientDescent(norm="linf", eps=0.1, step_size=0.02, steps=40)
        >>> x_adv = attack(model, x, y)
    """

    norm: str
    eps: float
    step_size: float
    steps: int
    loss: str | Callable = "cross_entropy"
    random_start: bool = False
    bounds: tuple[float, float] | None = (-1.0, 1.0)
    jit_compile: bool = False

    def __post_init__(self):
        if self.norm not in NORMS:
            raise ValueError(f"norm must be one of {', '.join(NORMS)}. Received: {self.norm!r}.")
        if not callable(self.loss) and self.loss not in LOSSES:
            raise ValueError(f"loss must be one of {', '.join(LOSSES)}, or a function. Received: {self.loss!r}.")
        verify_above("eps", self.eps, 0)
        verify_above("step_size", self.step_size, 0)
        verify_count("steps", self.steps)
        if self.bounds is not None:  # a list could be no key of graphs
            object.__setattr__(self, "bounds", checked_bounds(self.bounds))

    def __call__(self, model: keras.Model, images, labels, seed=(0, 0), start=None) -> tf.Tensor:
        """Adversarial examples for the labels given.

        Args:
            model: images -> logits (N, classes).
            images: (N, H, W, C) or (N, D) numbers within `bounds`.
            labels: (N,) or (N, 1) integers, the classes to move away from.
            seed: two integers, used by the random start alone.
            start: shape of `images`, the perturbation to begin with, as it is: the first gradient may be one outside
                of ball and `bounds`. None leaves it to `random_start`, which stays inside both.

        Returns:
            float32, shape of `images`, inside both the eps-ball and `bounds`.

        Raises:
            ValueError: the network returns probabilities instead of logits, images do not fit it or leave `bounds`,
                labels are no classes, or `seed` or `start` has another form. Inside a graph values are not looked at.
        """
        images, labels, _ = checked(model, images, labels, self.bounds, any_labels=callable(self.loss))
        eps = tf.constant(self.eps, tf.float32)
        first = images if start is None else images + checked_start(start, images)
        if start is None and self.random_start:
            inside = NORMS[self.norm].random_start(tf.shape(images), eps, checked_seed(seed))
            first = images + inside if self.bounds is None else tf.clip_by_value(images + inside, *self.bounds)
        key = (type(self), self.norm, self.loss, self.bounds, self.jit_compile)
        perturb = compiled(model, key, self._perturb, jit_compile=self.jit_compile)
        return perturb(
            images,
            labels,
            first,
            eps,
            tf.constant(self.step_size, tf.float32),
            tf.constant(self.steps, tf.int32),
        )

    def _perturb(self, model, images, labels, adversarial, eps, step_size, steps):
        norm, loss = NORMS[self.norm], self.loss if callable(self.loss) else LOSSES[self.loss]

        @tf.function(experimental_attributes=LOOP_BODY)
        def ascend(adversarial):
            _, _, gradient = input_gradient(model, adversarial, lambda logits: loss(logits, labels))
            step = step_size * norm.ascent(gradient, adversarial, self.bounds)
            return norm.confine(images, adversarial + step, eps, self.bounds)

        for _ in tf.range(steps):
            adversarial = ascend(adversarial)
        return adversarial


PGD = ProjectedGradientDescent
"""Under the name of its flag."""


def attack_in_batches(attack, model: keras.Model, images, labels, batch_size: int = 500) -> np.ndarray:
    """`attack(model, images, labels)` over a whole data set, `batch_size` images at a time.

    Raises:
        ValueError: there are not as many labels as images, at least one, or as of the attack.
    """
    verify_count("batch_size", batch_size)
    if len(labels) != len(images) or not len(images):
        raise ValueError(
            "there must be as many labels as images, at least one. "
            f"Received: {len(labels)} labels and {len(images)} images."
        )
    batches = range(0, len(images), batch_size)
    return np.concatenate(
        [
            np.asarray(attack(model, images[i : i + batch_size], labels[i : i + batch_size], seed=(0, i)))
            for i in batches
        ]
    )
