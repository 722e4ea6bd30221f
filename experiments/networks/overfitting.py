"""Catastrophic overfitting to a single step, watched while a network trains (Wong et al. 2020, arXiv 2001.03994)."""

import keras
import numpy as np

from attacks import ProjectedGradientDescent
from experiments.networks.keys import WATCHED
from experiments.networks.predictions import predictions

ONE_STEP, SEVERAL_STEPS = "accuracy_under_one_step", "accuracy_under_several_steps"


class OverfittingWatch(keras.callbacks.Callback):
    """Adds to every epoch's metrics what one linf step and several of a quarter of eps leave of the accuracy.

    A network that has overfitted to its own step withstands that one and no other.

    Args:
        eps: radius of both attacks.
        images, labels: training images to attack.
    """

    def __init__(self, eps: float, images: np.ndarray, labels: np.ndarray):
        super().__init__()
        self._images, self._labels = images, labels
        self._attacks = {
            ONE_STEP: ProjectedGradientDescent(norm="linf", eps=eps, step_size=eps, steps=1),
            SEVERAL_STEPS: ProjectedGradientDescent(norm="linf", eps=eps, step_size=eps / 4, steps=WATCHED["steps"]),
        }

    def on_epoch_end(self, epoch, logs=None):
        for name, attack in self._attacks.items():
            attacked = attack(self.model.network, self._images, self._labels)
            logs[name] = float(np.mean(predictions(self.model.network, attacked) == self._labels))
