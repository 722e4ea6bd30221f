"""VarGrad: the gradient's variance over noise on the image (Adebayo et al. 2018, arXiv 1810.03307)."""

from attributions.noise import gradient_moments

TITLE = "VarGrad"
PASSES = {"samples": 2}
PARAMETERS = {
    "samples": {"default": 25, "at_least": 1, "help": "Noisy copies of each image that VarGrad's variance is over."},
    "sigma": {
        "default": 0.15,
        "above": 0,
        "help": "Standard deviation of VarGrad's noise, as a share of the pixels' range, which is 2.",
    },
}


def vargrad(model, images, rng=None, samples=25, sigma=0.15):
    """Population variance of the predicted class's logit gradient over noisy copies of the image; not negative.

    It is SmoothGrad-Squared less the square of SmoothGrad, and so zero with one sample. Arguments and errors as of
    `attributions.noise.gradient_moments`.
    """
    _, variance = gradient_moments(model, images, rng, samples, sigma)
    return variance
