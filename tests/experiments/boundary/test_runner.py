"""How the toy's points are handed to networks that train side by side."""

import numpy as np

from experiments.boundary.runner import shuffled_batches
from experiments.boundary.toy import Draw


def test_batches_hold_every_point_once_network_by_network():
    points = np.arange(2 * 230 * 2, dtype=float).reshape(2, 230, 2)
    data = Draw(points, np.repeat([0, 1], 115))
    rows, labels = shuffled_batches(data, [np.random.default_rng(seed) for seed in (0, 1)])
    assert rows.shape == (460, 2)
    first = rows[:200].reshape(2, 100, 2)
    assert first[0].max() < 460 <= first[1].min()  # the first network's points, then the second's
    assert sorted(rows[:, 0]) == sorted(points[..., 0].ravel())
    for row, label in zip(rows, labels, strict=True):
        assert label == (row[0] % 460 >= 230)
