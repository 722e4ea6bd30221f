"""TRADES (Zhang et al. 2019, arXiv 1901.08573): the loss of clean images, and how far an attack moves the answer."""

import tensorflow as tf

from attacks import ProjectedGradientDescent
from training._gradients import batch_mean
from training.method import Method

TITLE = "TRADES"
NAME = "TRADES {norm} eps {eps:g} beta {beta:g}"
PARAMETERS = {
    "norm": {"default": "linf", "one_of": ("l2", "linf", "l1"), "help": "Norm of TRADES's attack."},
    "eps": {"default": (0.05, 0.2), "above": 0, "help": "TRADES: radii of the attack, a network for each."},
    "step_size": {"flag": "{norm}_step_size"},
    "steps": {"flag": "attack_steps"},
    "beta": {"default": 1.0, "at_least": 0, "help": "TRADES: weight of the divergence; 1 for digits, 6 for CIFAR-10."},
}
STRENGTH = "eps"
UNIT = "distance between images in [-1, 1]"
PASSES = {"update": 6, "steps": 2}

START = 0.001
"""Standard deviation of the noise that the attack starts from: at the image itself the divergence has no gradient."""


def divergence(logits: tf.Tensor, clean: tf.Tensor) -> tf.Tensor:
    """(n,) Kullback-Leibler divergence, in nats, of the answers to images from those to the clean ones.

    Args:
        logits, clean: (n, classes) of the images and of the clean ones, any float type.
    """
    answer, wanted = (tf.nn.log_softmax(tf.cast(values, tf.float32)) for values in (logits, clean))
    return tf.reduce_sum(tf.exp(wanted) * (wanted - answer), axis=-1)


class Trades(Method):
    """Cross-entropy of the clean images plus `beta` times the divergence of what an attack makes of the answers.

    The attack maximises the divergence, with the network in inference mode. The update differentiates by both
    answers, that to the clean images too, as the authors' code does.

    Args:
        beta: weight of the divergence, 0 or more.
        norm, eps, step_size, steps: of the attack, a `ProjectedGradientDescent`.
    """

    def __init__(self, beta, **attack):
        self.beta = beta
        self.attack = ProjectedGradientDescent(loss=divergence, **attack)

    def prepare(self, network, images, labels, seed):
        start = START * tf.random.stateless_normal(tf.shape(images), seed)
        return self.attack(network, images, network(images, training=False), start=start)

    def loss(self, network, images, labels, prepared, objective):
        logits = network(images, training=True)
        moved = divergence(network(prepared, training=True), logits)
        return objective(images, labels, logits) + self.beta * batch_mean(moved), logits
