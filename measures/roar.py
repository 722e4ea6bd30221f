"""ROAR (Hooker et al. 2019, arXiv 1806.10758) and KAR: remove or keep the pixels ranked highest, and retrain."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from measures.given import Given

TITLE = "ROAR and KAR"
SCORES = {"roar": "ROAR", "kar": "KAR"}
UNIT = "accuracy"
MORE_IS_BETTER = True
CHANCE = 0.0
RETRAININGS = ("remove", "keep")
PARTS = ("shape", "class_told", "this_image")


def roar(given: Given) -> dict[str, np.ndarray]:
    """(repetitions, N) shares of each image in both scores; a score is their mean."""
    # Repetition, image, percentage: the area is taken over the last axis.
    curves = {
        kind: (np.moveaxis(given.retrained[kind], 1, -1), np.moveaxis(given.random[kind], 1, -1))
        for kind in RETRAININGS
    }
    return {
        "roar": roar_score(*curves["remove"], given.percentiles),
        "kar": kar_score(*curves["keep"], given.percentiles),
    }


def roar_score(
    accuracy: np.ndarray, random_accuracy: np.ndarray, percentiles: Sequence[float] = (10, 30, 50, 70, 90)
) -> np.ndarray:
    """ROAR: how much faster accuracy falls than when random pixels are removed. Larger is better.

    The area between the random curve and the attribution's, by the trapezoid rule over the share
    removed. Both curves start at the standard accuracy and end at chance, so the gap is 0 there.

    Args:
        accuracy: (..., P) accuracies, or booleans, at each percentile.
        random_accuracy: (..., P) of the random baseline.
        percentiles: P percentages removed, ascending, between 0 and 100.

    Returns:
        (...) scores, in units of accuracy.

    Source: protocol of Section 3.2.
    """
    gap = np.asarray(random_accuracy, float) - np.asarray(accuracy, float)
    ends = [(0, 0)] * (gap.ndim - 1) + [(1, 1)]
    return np.trapezoid(np.pad(gap, ends), np.array([0, *percentiles, 100]) / 100, axis=-1)


def kar_score(
    accuracy: np.ndarray, random_accuracy: np.ndarray, percentiles: Sequence[float] = (10, 30, 50, 70, 90)
) -> np.ndarray:
    """KAR: how much better accuracy is than when random pixels are kept. Arguments as `roar_score`."""
    return roar_score(random_accuracy, accuracy, percentiles)


def parts(
    random: np.ndarray,
    shuffled: np.ndarray,
    matched: np.ndarray,
    own: np.ndarray,
    percentiles: Sequence[float] = (10, 30, 50, 70, 90),
    score: Callable[..., np.ndarray] = roar_score,
) -> dict[str, np.ndarray]:
    """A score taken apart into the shape of the masks, the class that they tell, and what belongs to this image.

    Each part is an area between two curves. With A the accuracy of retrained networks, for ROAR:

        shape       A(random) - A(shuffled): a region that is gone destroys more than scattered pixels, whose neighbours
                    give them away.
        class_told  A(shuffled) - A(matched): which pixels are gone tells the class that the network predicts.
        this_image  A(matched) - A(own): what only this image's ranks do. It is relevance together with the outline of
                    the object, as far as that tells more than the predicted class.

    The parts add up to `roar_score(own, random)`. For KAR all signs are turned; the sum is `kar_score(own, random)`.

    Args:
        random: (..., P) accuracies, or booleans, at each percentile, with pixels ranked at random.
        shuffled: (..., P) with the ranks of another image, whichever.
        matched: (..., P) with the ranks of another image for which the explained network predicts the same class.
        own: (..., P) with the image's own ranks.
        percentiles: P percentages, ascending, between 0 and 100.
        score: `roar_score` where pixels were removed, `kar_score` where they were kept.

    Returns:
        (...) by part, in the order of `PARTS`, in units of accuracy.

    Source: ours. That a mask alone tells the class: Rong et al. 2022, arXiv 2202.00449.
    """
    steps = pairwise((random, shuffled, matched, own))
    return {part: score(after, before, percentiles) for part, (before, after) in zip(PARTS, steps, strict=True)}
