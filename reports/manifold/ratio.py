"""A ratio of two means over trainings, with Fieller's interval."""

from collections.abc import Callable

import numpy as np
from scipy import optimize

from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.statistics import estimate

_DOUBLINGS = 60


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> Estimate:
    """The mean of one table over the mean of another, which were measured in the same trainings on the same images.

    The interval holds every r for which `estimate` does not tell the mean of `numerator - r * denominator` from 0: so
    trainings and images are crossed in it as in every other interval, and what the two tables have in common counts.
    For a denominator that does not vary it is the numerator's own interval, divided.

    Where the denominator's interval reaches 0, infinitely large r are not told from the truth either: the set of r is
    unbounded, or in two pieces. Then there is no ratio.

    Args:
        numerator, denominator: (T, N), rows of the same trainings.

    Returns:
        Unknown unless the denominator's interval lies above 0. It has no p: it is judged by nothing.

    Source: Fieller 1954, Some problems in interval estimation.
    """
    below = estimate(denominator)
    if below.low is None or below.low <= 0 or not np.isfinite(numerator).all():
        return UNKNOWN
    value = float(numerator.mean()) / below.value

    def excluded(r: float) -> float:
        """How far beyond its interval's half the mean of the difference lies: below 0 for every r in the set."""
        found = estimate(numerator - r * denominator)
        half = 0.0 if found.high is None else found.high - found.value
        return abs(found.value) - half

    low, high = (_end(excluded, value, sign) for sign in (-1, 1))
    if low is None or high is None:
        return UNKNOWN
    by_training = numerator.mean(axis=1) / denominator.mean(axis=1)
    return Estimate(value, low, high, by_training=tuple(by_training.tolist()))


def _end(excluded: Callable[[float], float], inside: float, sign: int) -> float | None:
    """Where the set ends on one side of a ratio that lies in it; None where it is as good as unbounded."""
    step = sign * 1e-6 * max(abs(inside), 1.0)
    for _ in range(_DOUBLINGS):
        if excluded(inside + step) >= 0:
            return float(optimize.brentq(excluded, inside, inside + step)) if excluded(inside) < 0 else inside
        step *= 2
    return None
