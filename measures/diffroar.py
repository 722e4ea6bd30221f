"""DiffROAR: networks retrained on the top pixels alone against those retrained on the bottom ones (Shah et al. 2021).

Source: arXiv 2102.12781.
"""

import numpy as np

from measures.roar import roar_score

TITLE = "DiffROAR"
UNIT = "accuracy"
MORE_IS_BETTER = True
CHANCE = 0.0
RETRAININGS = ("remove", "keep")


def diffroar(given):
    """(repetitions, N) by score: the area between the curve of the top p percent kept and of the bottom p percent kept.

    Who removes the top 100 - p percent keeps the bottom p, so that the retrainings of ROAR and KAR serve. The area is
    taken by the trapezoid rule over those percentages p of which 100 - p was run as well; at 0 and 100 percent
    both curves meet. It counts no random baseline: random maps score 0 by their symmetry.

    Raises:
        ValueError: there is no such percentage.
    """
    places = {percent: place for place, percent in enumerate(given.percentiles)}
    mirrored = [percent for percent in given.percentiles if 100 - percent in places]
    if not mirrored:
        raise ValueError(
            "percentiles must hold 50, or a percentage and what it lacks to 100, such as 10 and 90, for DiffROAR. "
            f"Received: {', '.join(map(str, given.percentiles))}."
        )
    top, bottom = (
        np.moveaxis(given.retrained[kind][:, [places[percent] for percent in percents]], 1, -1)
        for kind, percents in (("keep", mirrored), ("remove", [100 - percent for percent in mirrored]))
    )
    return {"diffroar": roar_score(bottom, top, mirrored)}
