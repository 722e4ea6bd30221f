"""Training on noisy images (Bishop 1995; Cohen et al. 2019, arXiv 1902.02918): smooth, and hardly robust; a control."""

import tensorflow as tf

from training.method import Method

TITLE = "Gaussian noise"
NAME = "noise {sigma:g}"
PARAMETERS = {
    "sigma": {"default": (0.25, 0.5), "above": 0, "help": "Gaussian noise: standard deviations, a network for each."}
}
STRENGTH = "sigma"
UNIT = "standard deviation of pixels in [-1, 1]"
PASSES = {"update": 3}


class GaussianNoise(Method):
    """Trains on x + sigma N(0, 1).

    It is not clipped, as Cohen's: clipped, the many pixels at the ends of the range would get half of the noise, and
    it would have a mean.

    Args:
        sigma: standard deviation, above 0.
    """

    def __init__(self, sigma):
        self.sigma = sigma

    def prepare(self, network, images, labels, seed):
        return images + self.sigma * tf.random.stateless_normal(tf.shape(images), seed)
