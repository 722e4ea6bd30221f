"""ROAD: accuracy without the least relevant pixels minus accuracy without the most relevant ones (Rong et al. 2022).

Source: arXiv 2202.00449. Nothing is retrained: removed pixels are filled in from their neighbours, with a little noise.
"""

import numpy as np

from measures.imputation import impute_noisily
from measures.occlusion import pixel_scores, rank_pixels, removed_pixels
from measures.predictions import class_probabilities
from models.parameters import verify_at_least, verify_between

TITLE = "ROAD"
UNIT = "accuracy"
MORE_IS_BETTER = True
CHANCE = 0.0
PASSES = {"percentages": 4}  # a prediction in both directions; filling in takes as long
PARAMETERS = {
    "percentages": {
        "default": (10, 30, 50, 70, 90),
        "at_least": 1,
        "help": "Percent of the pixels that ROAD removes, below 100; the score is the mean over them.",
    },
    "noise": {
        "default": 0.01,
        "at_least": 0,
        "help": "Standard deviation of the noise on pixels that ROAD fills in.",
    },
    "order": {
        "default": "signed",
        "one_of": ("signed", "absolute"),
        "help": "What ROAD ranks pixels by: attributions with their sign, or without it.",
    },
}


def road(given, percentages=(10, 30, 50, 70, 90), noise=0.01, order="signed", batch_size=500):
    """(N,) in [-1, 1]: is the network right without the least relevant pixels, and wrong without the most relevant?

    Per percentage 1 if only the first, -1 if only the second keeps the network right, else 0; their mean. Over images
    that is accuracy with the least relevant removed first minus accuracy with the most relevant removed first. Rankings
    by chance lose as much either way.

    Args:
        given: model, images, labels and maps; the seed of the noise and of the order among equal scores.
        percentages: of the pixels, above 0 and below 100.
        noise: standard deviation, in the pixels' units, of Gaussian noise on filled pixels; an image's is the same
            at every percentage and in both directions.
        order: what ranks the pixels, "signed" or "absolute"; as `measures.occlusion.pixel_scores`.
        batch_size: images at a time in a prediction; it does not change the result.

    Raises:
        ValueError: a parameter outside of its range.
    """
    for percent in percentages:
        verify_between("percentages", percent, 0, 100)
    verify_at_least("noise", noise, 0)
    most_first = rank_pixels(pixel_scores(given.maps, order=order), given.seed)
    least_first = most_first[0].size - 1 - most_first
    of_noise = [given.seed, 1]  # a stream of its own: the order among equal scores must not follow the noise

    def right(ranks, percent):
        removed = removed_pixels(ranks, percent, keep=False)
        filled = impute_noisily(given.images, removed, of_noise, noise)
        return class_probabilities(given.model, filled, batch_size).argmax(axis=1) == given.labels

    least, most = (
        np.mean([right(ranks, percent) for percent in percentages], axis=0) for ranks in (least_first, most_first)
    )
    return least - most
