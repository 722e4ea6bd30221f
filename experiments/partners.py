"""Another image for each image: whose ranks, tangent space or projection it gets instead of its own."""

import numpy as np


def partners(groups: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N,) for each image the index of another of its group; its own index where it is alone in its group.

    A permutation: within a group the images stand in random order, and each gets the one before it.

    Args:
        groups: (N,) to which group each image belongs, such as its label.
        rng: where the order comes from.
    """
    other = np.arange(len(groups))
    for group in np.unique(groups):
        members = rng.permutation(np.flatnonzero(groups == group))
        other[members] = np.roll(members, 1)
    return other
