"""Gradient times input (Shrikumar et al. 2016, arXiv 1605.01713)."""

from attributions.gradient import gradient

TITLE = "Gradient\N{MULTIPLICATION SIGN}Input"


def gradient_x_input(model, images, rng=None):
    """Gradient multiplied by the pixel. It is zero where the pixel is: in [-1, 1], mid-grey."""
    return gradient(model, images) * images
