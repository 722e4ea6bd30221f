"""SmoothGrad-Squared: the squared gradient, averaged over noise on the image (Hooker et al. 2019, arXiv 1806.10758)."""

from attributions.noise import gradient_moments

TITLE = "SmoothGrad-Squared"
PASSES = {"samples": 2}
PARAMETERS = {
    "samples": {
        "default": 25,
        "at_least": 1,
        "help": "Noisy copies of each image that SmoothGrad-Squared averages over.",
    },
    "sigma": {
        "default": 0.15,
        "above": 0,
        "help": "Standard deviation of SmoothGrad-Squared's noise, as a share of the pixels' range, which is 2.",
    },
}


def smoothgrad_squared(model, images, rng=None, samples=25, sigma=0.15):
    """Mean of the predicted class's squared logit gradient over noisy copies of the image; not negative.

    Arguments and errors as of `attributions.noise.gradient_moments`.
    """
    mean, variance = gradient_moments(model, images, rng, samples, sigma)
    return mean**2 + variance
