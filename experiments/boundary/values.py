"""The toy's values, labelled.

Dimensions: `strength`, the training eps (0 is standard training), ascending; `seed`. In pictures, of the first seed:
`shown` for the paper's three networks, `point`, `attacked_point`, `moment` (before and after), `axis` (x and y), `row`
and `column` of a grid.
"""

from typing import Any

import numpy as np
import xarray

from experiments.boundary.study import STANDARD, STRONG, WEAK
from experiments.measurement import Measured
from experiments.store.labels import PICTURE_BITS, rounded

MEASURES = ("tilt", "low_variance_share", "mahalanobis", "own_mahalanobis", "clean", "robust", "attacked")
"""Per strength and seed: tilt of the boundary in degrees, above 0 towards the low-variance direction (NaN without a
boundary); share of the mean perturbation along that direction; mean Mahalanobis distance to class zero of the attacked
points of class one, and of class zero's own; accuracies on clean points, under a weak attack, and of class one under
the pictures' attack."""
PICTURED = (STANDARD, WEAK, STRONG)
PICTURES = {
    "points": ("point", "axis"),
    "adversarial": ("attacked_point", "axis"),
    "means": ("moment", "axis"),
    "regions": ("row", "column"),
    "extent": ("end",),
}
"""Per pictured network: the points of both classes, those of class one after the attack, class one's mean before and
after, the margin (above 0: class one) on a grid, and between which coordinates that spans."""


def labelled(measured: Measured) -> tuple[xarray.Dataset, dict[str, Any]] | None:
    """Arrays of the strengths that are there; None where there are none."""
    found = measured.values
    if not found:
        return None
    strengths, pictured = sorted(found), [eps for eps in PICTURED if eps in found]
    arrays: dict[str, Any] = {
        name: (("strength", "seed"), np.stack([found[eps][name] for eps in strengths])) for name in MEASURES
    }
    if pictured:
        arrays |= {
            name: (("shown", *dims), rounded(np.stack([found[eps][name] for eps in pictured]), PICTURE_BITS))
            for name, dims in PICTURES.items()
        }
        arrays["labels"] = ("point", found[pictured[0]]["labels"])
    return xarray.Dataset(arrays, {"strength": strengths, "shown": pictured}), {}
