"""Gradient times input (Shrikumar et al. 2016, arXiv 1605.01713)."""

from attributions.gradient import gradient
from attributions.registry import register


@register("gradient_x_input")
def gradient_x_input(model, images, rng=None):
    """Gradient multiplied by the pixel. It is zero where the pixel is: in [-1, 1], mid-grey."""
    return gradient(model, images) * images
