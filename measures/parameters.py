"""What measures require of their parameters when they are called from Python; flags are checked before."""

INFINITE = float("inf")


def verify_count(name: str, value) -> None:
    """Raises a ValueError unless the value is a whole number of at least 1."""
    if not 1 <= value < INFINITE or int(value) != value:
        raise ValueError(f"{name} must be a whole number of at least 1. Received: {value!r}.")


def verify_between(name: str, value, low: float, high: float = INFINITE, or_low: bool = False) -> None:
    """Raises a ValueError unless the value lies above `low`, or is `low` where that is allowed, and below `high`."""
    if not (low < value < high or (or_low and value == low)):
        start = "at least" if or_low else "above"
        raise ValueError(f"{name} must be {start} {low:g} and below {high:g}. Received: {value!r}.")
