"""The pixel's distance from grey."""

import numpy as np

from attributions import explain


def test_it_is_the_absolute_pixel_whatever_the_network(network, images):
    before = explain("input_magnitude", network, images)
    np.testing.assert_array_equal(before, np.abs(images))
    network.set_weights([-weight for weight in network.get_weights()])
    np.testing.assert_array_equal(explain("input_magnitude", network, images), before)
