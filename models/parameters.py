"""What attacks, attributions and measures require of parameters when called from Python; flags are checked before."""

import math


def verify_count(name: str, value) -> None:
    """Raises a ValueError unless the value is a whole number of at least 1."""
    if not math.isfinite(value) or int(value) != value or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1. Received: {value!r}.")


def verify_above(name: str, value, bound: float) -> None:
    """Raises a ValueError unless the value is finite and above the bound."""
    if not bound < value < math.inf:
        raise ValueError(f"{name} must be a finite number above {bound:g}. Received: {value!r}.")


def verify_at_least(name: str, value, bound: float) -> None:
    """Raises a ValueError unless the value is finite and not below the bound."""
    if not bound <= value < math.inf:
        raise ValueError(f"{name} must be a finite number of at least {bound:g}. Received: {value!r}.")


def verify_between(name: str, value, low: float, high: float) -> None:
    """Raises a ValueError unless the value lies above `low` and below `high`."""
    if not low < value < high:
        raise ValueError(f"{name} must be above {low:g} and below {high:g}. Received: {value!r}.")


def checked_bounds(bounds) -> tuple[float, float]:
    """(lowest, highest) pixel value, of any pair of numbers.

    Raises:
        ValueError: they are no two finite numbers, the lower one first.
    """
    try:
        lowest, highest = map(float, bounds)
    except (TypeError, ValueError):
        lowest = highest = math.nan
    if not -math.inf < lowest < highest < math.inf:
        raise ValueError(
            f"bounds must be (lowest, highest), two finite numbers, lowest < highest. Received: {bounds!r}."
        )
    return lowest, highest
