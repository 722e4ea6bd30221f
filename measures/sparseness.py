"""Sparseness: the Gini coefficient of a map's absolute values (Chalasani et al. 2020, arXiv 1810.06583)."""

import numpy as np

TITLE = "Sparseness"
UNIT = "Gini coefficient of the absolute attribution"
MORE_IS_BETTER = True
PASSES = {"call": 0}
CHANCE = 0.3333
"""Of values uniform in [0, 1); of absolute normal ones sqrt(2) - 1, of a constant 0, of a single pixel 1 - 1/n."""


def sparseness(given):
    """(N,) between 0, all values equal, and 1 - 1/n, one of n values alone; NaN where a map is zero everywhere.

    With a_1 <= ... <= a_n the absolute values of all pixels and channels, G = sum (2k - n - 1) a_k / (n sum a).
    """
    # In float64: a confident network's gradients are near the smallest that float32 can hold.
    ascending = np.sort(np.abs(given.maps.reshape(len(given.maps), -1)), axis=1).astype(np.float64)
    count, whole = ascending.shape[1], ascending.sum(axis=1)
    spread = ascending @ (2 * np.arange(1, count + 1) - count - 1.0)
    return np.where(whole > 0, spread / np.where(whole > 0, count * whole, 1), np.nan)
