"""Fast adversarial training (Wong et al. 2020, arXiv 2001.03994): one step of an attack from a random start."""

from attacks import ProjectedGradientDescent
from training.adversarial import Adversarial

TITLE = "fast"
NAME = "fast linf eps {eps:g}"
PARAMETERS = {
    "eps": {"default": (0.05, 0.2), "above": 0, "help": "Fast adversarial training: linf radii, a network for each."}
}
STRENGTH = "eps"
ONE_STEP = "eps"
UNIT = "distance between images in [-1, 1]"
PASSES = {"update": 5}

STEP = 1.25
"""Length of the step in eps."""


class Fast(Adversarial):
    """Trains on one linf step of 1.25 eps from a start uniform in the ball, brought back into ball and box.

    It may break down from one epoch to the next (catastrophic overfitting): single-step accuracy then rises while
    that under several steps falls to 0.

    Args:
        eps: radius, above 0.
    """

    def __init__(self, eps):
        step = {"step_size": STEP * eps, "steps": 1, "random_start": True}
        super().__init__(ProjectedGradientDescent(norm="linf", eps=eps, **step))
