"""Gradient times input (Shrikumar et al. 2016, arXiv 1605.01713)."""

from attributions.gradient import gradient

TITLE = "Gradient\N{MULTIPLICATION SIGN}Input"


def gradient_x_input(model, images, rng=None):
    """Gradient multiplied by the pixel: above 0 where the pixel, as it is, speaks for the predicted class.

    It is zero where the pixel is: in [-1, 1], mid-grey.
    """
    return gradient(model, images) * images
