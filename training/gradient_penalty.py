"""Input-gradient penalty (Ross and Doshi-Velez 2018, arXiv 1711.09404): small gradients by the image."""

from attacks import cross_entropy
from models.input_gradient import input_gradient
from training._gradients import batch_mean, squared_norm
from training.method import Method

TITLE = "gradient penalty"
NAME = "penalty {weight:g}"
PARAMETERS = {
    "weight": {"default": (0.3, 3.0), "above": 0, "help": "Gradient penalty: weights of it, a network for each."}
}
STRENGTH = "weight"
UNIT = "weight of the squared norm"
PASSES = {"update": 6}


class GradientPenalty(Method):
    """Cross-entropy plus `weight` times the squared l2 norm of its gradient by the image, averaged over images.

    Loss and gradient share the forward pass, in training mode.

    Args:
        weight: lambda, above 0.
    """

    def __init__(self, weight):
        self.weight = weight

    def loss(self, network, images, labels, prepared, objective):
        logits, _, gradient = input_gradient(network, images, lambda z: cross_entropy(z, labels), training=True)
        return objective(images, labels, logits) + self.weight * batch_mean(squared_norm(gradient)), logits
