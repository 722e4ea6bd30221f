"""Deletion: how soon the predicted class is lost as the top pixels are taken out of an image (Petsiuk et al. 2018).

Source: arXiv 1806.07421. There is no chance level in closed form: pixels at random score what the network makes of
what is left. A network that gives every image the same probability scores that.
"""

import numpy as np

from measures.probability_curve import area_under_curve

TITLE = "Deletion"
UNIT = "mean probability of the predicted class"
MORE_IS_BETTER = False
PASSES = {"call": 2, "steps": 1}
PARAMETERS = {
    "steps": {"default": 20, "at_least": 1, "help": "Parts in which deletion takes the pixels out."},
    "fill": {
        "default": "mean",
        "one_of": ("mean", "black"),
        "help": "What deletion puts in a pixel's place: the image's own mean colour, or black.",
    },
    "order": {
        "default": "signed",
        "one_of": ("signed", "absolute"),
        "help": "What deletion ranks pixels by: attributions with their sign, or without it.",
    },
}


def deletion(given, steps=20, fill="mean", order="signed", batch_size=500):
    """(N,) areas under the curve, in [0, 1].

    Args:
        given: model, images and maps.
        steps: parts of equally many pixels.
        fill: "mean", the image's own mean colour, or "black", -1.
        order: what ranks the pixels, "signed" or "absolute"; as `measures.occlusion.pixel_scores`.
        batch_size: images at a time; it does not change the result.

    Raises:
        ValueError: a parameter outside of its range.
    """
    if fill not in ("mean", "black"):
        raise ValueError(f"fill must be mean or black. Received: {fill!r}.")
    mean = given.images.mean(axis=(1, 2), keepdims=True)
    return area_under_curve(given, mean if fill == "mean" else np.full_like(mean, -1), False, steps, order, batch_size)
