"""Input-gradient penalty (Ross and Doshi-Velez 2018, arXiv 1711.09404): small gradients by the image."""

from attacks import cross_entropy
from training._gradients import batch_mean, logits_and_gradient, squared_norm
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
        logits, gradient = logits_and_gradient(network, images, True, lambda logits: cross_entropy(logits, labels))
        return objective(images, labels, logits) + self.weight * batch_mean(squared_norm(gradient)), logits
