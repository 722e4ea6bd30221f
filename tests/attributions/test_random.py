"""The baseline."""

import numpy as np

from attributions import explain


def test_random_scores_do_not_depend_on_the_network(network, images):
    first = explain("random", network, images, seed=1)
    network.set_weights([-weight for weight in network.get_weights()])
    np.testing.assert_array_equal(explain("random", network, images, seed=1), first)
    assert not np.array_equal(explain("random", network, images, seed=2), first)
