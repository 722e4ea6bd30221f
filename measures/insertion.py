"""Insertion: how soon the predicted class shows as the top pixels are put onto a blurred image (Petsiuk et al. 2018).

Source: arXiv 1806.07421. There is no chance level in closed form: pixels at random score what the network makes of
them. A network that gives every image the same probability scores that.
"""

from scipy.ndimage import gaussian_filter

from measures.probability_curve import area_under_curve
from models.parameters import verify_above

TITLE = "Insertion"
UNIT = "mean probability of the predicted class"
MORE_IS_BETTER = True
PASSES = {"call": 2, "steps": 1}
PARAMETERS = {
    "steps": {"default": 20, "at_least": 1, "help": "Parts in which insertion puts the pixels back."},
    "blur": {"default": 0.1, "above": 0, "help": "Blur that insertion begins with, as a share of the image's sides."},
    "order": {
        "default": "signed",
        "one_of": ("signed", "absolute"),
        "help": "What insertion ranks pixels by: attributions with their sign, or without it.",
    },
}


def insertion(given, steps=20, blur=0.1, order="signed", batch_size=500):
    """(N,) areas under the curve, in [0, 1].

    Args:
        given: model, images and maps.
        steps: parts of equally many pixels.
        blur: standard deviation of the Gaussian that makes the background, as a share of height and width. Of a
            blurred image the network sees no edges that the mask's own would compete with.
        order: what ranks the pixels, "signed" or "absolute"; as `measures.occlusion.pixel_scores`.
        batch_size: images at a time; it does not change the result.

    Raises:
        ValueError: a parameter outside of its range.
    """
    verify_above("blur", blur, 0)
    height, width = given.images.shape[1:3]
    blurred = gaussian_filter(given.images, sigma=(0, blur * height, blur * width, 0), mode="nearest")
    return area_under_curve(given, blurred, True, steps, order, batch_size)
