"""Sobel edges of pictures drawn by hand."""

import numpy as np

from attributions import explain


def test_a_step_has_edges_on_both_its_sides_and_nowhere_else(network):
    step = np.where(np.arange(8) < 4, -1.0, 1.0).astype(np.float32)
    upright, lying = np.broadcast_to(step, (8, 8)), np.broadcast_to(step[:, None], (8, 8))
    maps = explain("sobel", network, np.stack([upright, lying])[..., None])
    expected = np.where((np.arange(8) == 3) | (np.arange(8) == 4), 8.0, 0.0)  # (1 + 2 + 1) times the step of 2
    np.testing.assert_allclose(maps[0, ..., 0], np.broadcast_to(expected, (8, 8)), atol=1e-5)
    np.testing.assert_allclose(maps[1, ..., 0], np.broadcast_to(expected[:, None], (8, 8)), atol=1e-5)


def test_the_network_does_not_matter(network, images):
    before = explain("sobel", network, images)
    network.set_weights([-weight for weight in network.get_weights()])
    np.testing.assert_array_equal(explain("sobel", network, images), before)
