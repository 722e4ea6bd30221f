"""Which other image each image gets something of."""

import numpy as np

from experiments.partners import partners


def test_each_gets_another_of_its_group_and_none_is_left_over():
    groups = np.array([0, 1, 0, 1, 2, 0])
    other = partners(groups, np.random.default_rng(0))
    np.testing.assert_array_equal(groups[other], groups)
    assert (other[:4] != np.arange(4)).all()
    assert other[4] == 4  # alone
    assert sorted(other) == list(range(6))


def test_the_order_is_random():
    groups = np.zeros(100, int)
    first, second = (partners(groups, np.random.default_rng(seed)) for seed in range(2))
    assert (first != second).any()
