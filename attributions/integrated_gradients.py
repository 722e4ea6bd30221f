"""Integrated Gradients (Sundararajan et al. 2017, arXiv 1703.01365)."""

import numpy as np
import tensorflow as tf

from attributions.baselines import baseline_images
from attributions.logit import logit_gradient, predicted_class
from models.compiled import LOOP_BODY, compiled
from models.parameters import verify_count

TITLE = "Integrated Gradients"
PASSES = {"steps": 2}
PARAMETERS = {
    "steps": {"default": 50, "at_least": 1, "help": "Points on Integrated Gradients' path, a gradient at each."},
    "baseline": {
        "default": "black",
        "one_of": ("black", "mean", "blurred", "noise"),
        "help": "Where Integrated Gradients' path begins: black, the image's mean colour, the image blurred by a tenth "
        "of its side, or uniform noise.",
    },
}


def integrated_gradients(model, images, rng=None, steps=50, baseline="black"):
    """Distance to a baseline times the mean gradient, on the way there, of the predicted class's logit.

    Its sum is the logit's change from the baseline to the image, up to the error of the integral, which
    Gauss-Legendre quadrature takes.

    Args:
        model: images -> logits.
        images: (N, H, W, C) float32 in [-1, 1].
        rng: generator of the baseline "noise"; None stands for seed 0.
        steps: points on the path, at least 1. One batch of images is in memory at a time.
        baseline: a name, or an array: see `attributions.baselines.baseline_images`.

    Returns:
        Signed maps of the images' shape.

    Raises:
        ValueError: steps below 1, or a baseline that is none.
    """
    verify_count("steps", steps)
    integrate = compiled(model, "integrated_gradients", _integrate)
    return integrate(images, baseline_images(baseline, images, rng), *_quadrature(int(steps)))


def _quadrature(steps: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Points in (0, 1) and their weights, which sum to 1."""
    points, weights = np.polynomial.legendre.leggauss(steps)
    return tf.constant((points + 1) / 2, tf.float32), tf.constant(weights / 2, tf.float32)


def _integrate(model, images, baseline, points, weights):
    chosen = predicted_class(model(images, training=False))
    way = images - baseline

    @tf.function(experimental_attributes=LOOP_BODY)
    def gradient(point):
        return logit_gradient(model, baseline + point * way, chosen)

    mean = tf.zeros_like(images)
    for number in tf.range(tf.size(points)):
        tf.autograph.experimental.set_loop_options(parallel_iterations=1)  # else ten batches are in memory at a time
        mean += weights[number] * gradient(points[number])
    return way * mean
