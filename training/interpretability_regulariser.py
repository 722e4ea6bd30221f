"""Interpretation regularisation (Noack et al. 2021, arXiv 1912.03430): gradients as a robust network's, and small."""

import tensorflow as tf

from models.input_gradient import input_gradient
from training._gradients import batch_mean, cosine_distance, label_logits, norm
from training.method import Method

TITLE = "interpretability regulariser"
NAME = "interpretable {alignment:g}"
PARAMETERS = {
    "teacher": {"strongest": "adversarial"},
    "alignment": {
        "default": (1.0, 5.0),
        "above": 0,
        "help": "Interpretability regulariser: weights of the angle to the robust network's gradients, a network for "
        "each.",
    },
    "shrinkage": {
        "default": 0.1,
        "at_least": 0,
        "help": "Interpretability regulariser: weight of the gradient's norm.",
    },
    "samples": {
        "default": 4,
        "at_least": 1,
        "help": "Interpretability regulariser: noisy images of which the robust network's gradients are averaged.",
    },
    "noise": {
        "default": 0.3,
        "at_least": 0,
        "help": "Interpretability regulariser: standard deviation of that noise; 0.3 is 15 % of the pixels' range.",
    },
}
STRENGTH = "alignment"
UNIT = "weight of 1 - cosine"
PASSES = {"update": 6, "samples": 2}


class InterpretabilityRegulariser(Method):
    """Cross-entropy plus alignment (1 - cos(g, t)) plus shrinkage ||g||, each averaged over images.

    g is the gradient of the label's logit by the image and t the SmoothGrad of the same logit of a robust network.
    Loss and g share the forward pass, in training mode. An image without g or t adds no angle.

    Args:
        teacher: the robust network, images -> logits; it is not changed.
        alignment: lambda of the angle, above 0.
        shrinkage: lambda of the norm, 0 or more.
        samples, noise: of SmoothGrad; the noise is new in every step.
    """

    def __init__(self, teacher, alignment, shrinkage, samples, noise):
        self.teacher, self.alignment, self.shrinkage = teacher, alignment, shrinkage
        self.samples, self.noise = samples, noise

    def prepare(self, network, images, labels, seed):
        total = tf.zeros_like(images)
        for one in tf.unstack(tf.random.split(seed, self.samples)):
            noisy = images + self.noise * tf.random.stateless_normal(tf.shape(images), one)
            total += input_gradient(self.teacher, noisy, lambda z: label_logits(z, labels))[2]
        return total / self.samples

    def loss(self, network, images, labels, prepared, objective):
        logits, _, gradient = input_gradient(network, images, lambda z: label_logits(z, labels), training=True)
        angle, size = batch_mean(cosine_distance(gradient, prepared)), batch_mean(norm(gradient))
        return objective(images, labels, logits) + self.alignment * angle + self.shrinkage * size, logits
