"""Elastic-net adversarial training (Gong et al. 2024, arXiv 2404.04647): one step that makes gradients sparse."""

import tensorflow as tf

from training._gradients import loss_gradient
from training.method import Method

TITLE = "elastic"
NAME = "elastic {eps1:g}"
PARAMETERS = {
    "eps1": {
        "default": (0.05, 0.2),
        "above": 0,
        "help": "Elastic: radii of the linf part, which weighs the gradient's l1 norm; a network for each.",
    },
    "eps2": {
        "default": 0.5,
        "at_least": 0,
        "help": "Elastic: size of the part along the gradient, which weighs its squared l2 norm.",
    },
}
STRENGTH = "eps1"
ONE_STEP = "eps1"
UNIT = "distance between images in [-1, 1]"
PASSES = {"update": 5}


class Elastic(Method):
    """Trains on x + d, d = eps1 sign(g) + 2 eps2 g, clipped to the box; g is the loss's gradient of each image.

    d maximises g.d - ||relu(|d| - eps1)||^2 / (4 eps2), and the maximum is eps1 ||g||_1 + eps2 ||g||_2^2: to first
    order it is the loss with an elastic-net penalty of the gradient.

    Args:
        eps1: above 0.
        eps2: 0 or more; with 0 it is one linf step.
    """

    def __init__(self, eps1, eps2):
        self.eps1, self.eps2 = eps1, eps2

    def prepare(self, network, images, labels, seed):
        return tf.clip_by_value(images + self.perturbation(loss_gradient(network, images, labels)), -1.0, 1.0)

    def perturbation(self, gradient: tf.Tensor) -> tf.Tensor:
        """The maximiser, of the gradient's shape."""
        return self.eps1 * tf.sign(gradient) + 2 * self.eps2 * gradient
