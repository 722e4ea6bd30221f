"""Max-sensitivity: how far a map moves at most when the image moves a little (Yeh et al. 2019, arXiv 1901.09392).

What is random does not know the image: maps drawn from the same seed for every image move by 0, as `random` does here.
Drawn anew they would move by about sqrt(2) (normal values) or sqrt(1/2) (uniform ones). So there is no one chance
level. Numbers compare at equal radius and samples alone: Captum's defaults are these, Quantus's 0.2 and 200.
"""

import numpy as np

from models.parameters import verify_above, verify_count

TITLE = "Max-sensitivity"
UNIT = "change of the map over its l2 size"
MORE_IS_BETTER = False
EXPLAINS = {"samples": 1}
PARAMETERS = {
    "radius": {
        "default": 0.02,
        "above": 0,
        "help": "Largest change of a pixel in the ball that max-sensitivity tries.",
    },
    "samples": {"default": 10, "at_least": 1, "help": "Images that max-sensitivity tries in every ball."},
}


def max_sensitivity(given, radius=0.02, samples=10):
    """(N,) at least 0: the largest of ||map(x + d) - map(x)||_2 / ||map(x)||_2; NaN where a map is zero everywhere.

    Each map is of the class that the network predicts there, so that a change of class is one of the map. Maps of a
    cross-entropy, as `gradient` is, also change in size with the network's confidence.

    Args:
        given: images, maps, `explain`, and the seed of the samples.
        radius: d is uniform in [-radius, radius], in the pixels' units, then clipped so that x + d is in [-1, 1].
        samples: of d, the largest change among which is taken: a lower bound of that in the ball.

    Raises:
        ValueError: a parameter outside of its range, or no `explain`.
    """
    verify_above("radius", radius, 0)
    verify_count("samples", samples)
    rng = np.random.default_rng([given.seed, 1])  # a stream of its own, beside the attribution's
    size, largest = _norm(given.maps), np.zeros(len(given.images))
    for _ in range(samples):
        moved = given.images + np.float32(radius) * rng.uniform(-1, 1, given.images.shape).astype(np.float32)
        # All images at once: an attribution that draws random numbers then draws those of `given.maps`.
        maps = given.explain(np.clip(moved, -1, 1))
        largest = np.maximum(largest, _norm(maps.astype(np.float64) - given.maps))
    return np.where(size > 0, largest / np.where(size > 0, size, 1), np.nan)


def _norm(maps: np.ndarray) -> np.ndarray:
    """(N,) float64, in which the square of a confident network's gradient does not underflow."""
    return np.linalg.norm(maps.reshape(len(maps), -1).astype(np.float64), axis=1)
