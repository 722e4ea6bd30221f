"""Densities of distances, as the paper draws them, and where they are highest."""

from collections.abc import Callable

import numpy as np
from scipy.stats import gaussian_kde

BANDWIDTH = 0.25
"""The protocol's factor, of the data's standard deviation."""
MODE_POINTS = 1000


def density(values: np.ndarray) -> Callable[[np.ndarray], np.ndarray] | None:
    """The density of the values that are known, as a function of the place; None where they are few, or all alike."""
    known = values[np.isfinite(values)]
    return gaussian_kde(known, BANDWIDTH) if len(known) > 2 and np.ptp(known) else None


def mode(values: np.ndarray) -> float | None:
    """Where the density of the values that are known is highest; None where they have none."""
    found = density(values)
    if found is None:
        return None
    places = np.linspace(np.nanmin(values), np.nanmax(values), MODE_POINTS)
    return float(places[found(places).argmax()])
