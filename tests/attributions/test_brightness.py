"""How far a pixel is from black."""

import numpy as np

from attributions import explain


def test_black_pixels_have_none_and_white_ones_most_whatever_the_network(network, images):
    before = explain("brightness", network, images)
    np.testing.assert_allclose(before, images + 1, rtol=1e-6)
    network.set_weights([-weight for weight in network.get_weights()])
    np.testing.assert_array_equal(explain("brightness", network, images), before)


def test_from_a_black_baseline_integrated_gradients_leave_out_what_has_none(network, images):
    images = np.where(images < 0, np.float32(-1), images)
    maps = explain("integrated_gradients", network, images, steps=4)
    assert np.all(maps[explain("brightness", network, images) == 0] == 0)
