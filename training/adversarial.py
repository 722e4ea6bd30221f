"""Adversarial training (Madry et al. 2018, arXiv 1706.06083): the loss of an attack's examples of every batch."""

import keras

from attacks import ProjectedGradientDescent
from training.method import Method
from training.standard import Standard
from training.trainer import Trainer

TITLE = "adversarial"
NAME = "{norm} eps {eps:g} {loss}"
PARAMETERS = {
    "norm": {"each": ("l2", "linf", "l1")},
    "loss": {"flag": "losses"},
    "eps": {"flag": "{norm}_eps"},
    "step_size": {"flag": "{norm}_step_size"},
    "steps": {"flag": "attack_steps"},
    "random_start": {
        "default": False,
        "help": "Whether the attacks of adversarial training start anywhere in the ball, as Madry's, not at the image.",
    },
}
STRENGTH = "eps"
UNIT = "distance between images in [-1, 1]"
PASSES = {"update": 3, "steps": 2}


class Adversarial(Method):
    """Trains on what an attack makes of the images, with the network as it is.

    Args:
        attack: called as `attack(network, images, labels, seed)`; None makes a `ProjectedGradientDescent`.
        **parameters: the arguments of that one.
    """

    def __init__(self, attack=None, **parameters):
        self.attack = attack or ProjectedGradientDescent(**parameters)

    def prepare(self, network, images, labels, seed):
        return self.attack(network, images, labels, seed)


class AdversarialTrainer(Trainer):
    """`Trainer` for a network and an attack, without a name for the method.

    Args:
        network: images -> logits; it is trained in place.
        attack: makes the training examples, called as `attack(network, images, labels, seed)`;
            None trains on the clean images.
        seed: as of `Trainer`.

    Example:
        >>> trainer = AdversarialTrainer(mnist_cnn(), attack=attack)
        >>> loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        >>> trainer.compile("adam", loss, metrics=["accuracy"])
        >>> trainer.fit(x, y, batch_size=100, epochs=5)
    """

    def __init__(self, network: keras.Model, attack=None, seed: int = 0):
        method = Standard() if attack is None else Adversarial(attack)
        super().__init__(network, method, seed)
