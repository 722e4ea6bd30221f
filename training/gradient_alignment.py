"""GradAlign (Andriushchenko and Flammarion 2020, arXiv 2007.02617): one attack step; gradients that agree nearby."""

import tensorflow as tf

from training._gradients import batch_mean, cosine_distance, loss_gradient
from training.method import Method

TITLE = "gradient alignment"
NAME = "aligned linf eps {eps:g}"
PARAMETERS = {
    "eps": {"default": (0.05, 0.2), "above": 0, "help": "Gradient alignment: linf radii, a network for each."},
    "weight": {"default": 0.2, "at_least": 0, "help": "Gradient alignment: weight of the gradients' disagreement."},
}
STRENGTH = "eps"
ONE_STEP = "eps"
UNIT = "distance between images in [-1, 1]"
PASSES = {"update": 11}


class GradientAlignment(Method):
    """Cross-entropy after one linf step of eps plus `weight` times 1 - cos(gradient at x, gradient at x + u).

    u is uniform in the ball. Both gradients are of the network in inference mode; the one at x is also the step's.
    An image without a gradient adds nothing.

    Args:
        eps: radius, above 0.
        weight: lambda, 0 or more.
    """

    def __init__(self, eps, weight):
        self.eps, self.weight = eps, weight

    def prepare(self, network, images, labels, seed):
        """The images moved by u; they may leave the box, where the gradient is defined too."""
        return images + tf.random.stateless_uniform(tf.shape(images), seed, -self.eps, self.eps)

    def loss(self, network, images, labels, prepared, objective):
        here, nearby = (loss_gradient(network, points, labels) for points in (images, prepared))
        adversarial = tf.clip_by_value(images + self.eps * tf.sign(tf.stop_gradient(here)), -1.0, 1.0)
        logits = network(adversarial, training=True)
        disagreement = batch_mean(cosine_distance(here, nearby))
        return objective(adversarial, labels, logits) + self.weight * disagreement, logits
