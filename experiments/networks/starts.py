"""How much of a network starts alike whatever its seed: with a seed fixed, or weights loaded, in a user's builder."""

from collections.abc import Sequence

import numpy as np


def equal_share(one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> float:
    """Of the initial weights that are drawn, the share that is equal in two networks.

    Args:
        one, other: trainable weights of two networks of one architecture. An array of one value only, as of biases
            that start at 0, is not drawn, and does not count.

    Returns:
        0 to 1; 1 where nothing is drawn.
    """
    drawn = [(a, b) for a, b in zip(one, other, strict=True) if np.ptp(a) or np.ptp(b)]
    equal = sum(np.count_nonzero(a == b) for a, b in drawn)
    return equal / sum(a.size for a, _ in drawn) if drawn else 1.0
