"""Attribution methods: which parts of an image did the network's prediction depend on?

from attributions import explain, METHODS
maps = explain("gradient", model, x)
"""

from attributions.gradient import gradient
from attributions.gradient_x_input import gradient_x_input
from attributions.random_scores import random_scores
from attributions.registry import METHODS, explain, register

__all__ = ["METHODS", "explain", "gradient", "gradient_x_input", "random_scores", "register"]
