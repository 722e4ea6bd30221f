"""SmoothGrad: the gradient, averaged over noise on the image (Smilkov et al. 2017, arXiv 1706.03825)."""

from attributions.noise import gradient_moments

TITLE = "SmoothGrad"
PASSES = {"samples": 2}
PARAMETERS = {
    "samples": {"default": 25, "at_least": 1, "help": "Noisy copies of each image that SmoothGrad averages over."},
    "sigma": {
        "default": 0.15,
        "above": 0,
        "help": "Standard deviation of SmoothGrad's noise, as a share of the pixels' range, which is 2.",
    },
}


def smoothgrad(model, images, rng=None, samples=25, sigma=0.15):
    """Mean gradient of the predicted class's logit over noisy copies of the image.

    Arguments and errors as of `attributions.noise.gradient_moments`.
    """
    mean, _ = gradient_moments(model, images, rng, samples, sigma)
    return mean
