"""The predicted class's probability as pixels are put in or taken out one after the other (Petsiuk et al. 2018)."""

import numpy as np

from measures.occlusion import pixel_scores, rank_pixels, removed_pixels
from measures.predictions import class_probabilities
from models.parameters import verify_count


def area_under_curve(
    given, backgrounds: np.ndarray, inserted: bool, steps: int, order: str, batch_size: int = 500
) -> np.ndarray:
    """(N,) float64 in [0, 1]: the mean probability on the way, by the trapezoid rule.

    The class is the one that the network predicts for the whole image, before anything is taken out of it.

    Args:
        given: model, images, maps, and the seed of the order among equal scores.
        backgrounds: broadcasts to the images; what stands where a pixel is not.
        inserted: the top pixels are put onto the background; else they are replaced by it.
        steps: the way's parts, of equally many pixels, 0 to all.
        order: what ranks the pixels; as `measures.occlusion.pixel_scores`.
        batch_size: images at a time; it does not change the result.

    Raises:
        ValueError: `steps` is no whole number of at least 1, or there is no such order.
    """
    verify_count("steps", steps)
    ranks = rank_pixels(pixel_scores(given.maps, order=order), given.seed)
    predicted = class_probabilities(given.model, given.images, batch_size).argmax(axis=1)
    curve = []
    for percent in np.linspace(0, 100, steps + 1):
        gone = removed_pixels(ranks, percent, keep=inserted)[..., None]
        found = class_probabilities(given.model, np.where(gone, backgrounds, given.images), batch_size)
        curve.append(found[np.arange(len(predicted)), predicted])
    return np.asarray(np.trapezoid(np.asarray(curve, np.float64), dx=1 / steps, axis=0))
