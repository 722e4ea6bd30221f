"""Values by place become arrays; what is missing stays visible, and numbers lose no digit that counts."""

import numpy as np
import pytest

from experiments.store.labels import NOT_MEASURED, NUMBER_BITS, PICTURE_BITS, gathered, rounded, there_at


def test_entries_lie_at_their_places_and_what_is_missing_is_marked():
    found = gathered({(0, 1): np.array([True, False]), (1, 0): np.array([False, False])}, (2, 2))
    assert found.dtype == np.int8
    assert found.tolist() == [[[-1, -1], [1, 0]], [[0, 0], [-1, -1]]]
    assert NOT_MEASURED == -1
    numbers = gathered({(1,): 2.5}, (2,))
    assert np.isnan(numbers[0])
    assert numbers[1] == 2.5
    assert gathered({(0,): np.array([3, 4])}, (1,)).tolist() == [[3, 4]]


def test_whether_something_is_there_does_not_depend_on_its_value():
    assert there_at([(0, 1), (1, 1)], (2, 2)).tolist() == [[False, True], [False, True]]


@pytest.mark.parametrize("bits", [NUMBER_BITS, PICTURE_BITS])
def test_rounded_numbers_keep_their_significant_bits(bits):
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(size=1000) * 10.0 ** rng.integers(-37, 37, 1000), [0.0, 1.0, -1.0, np.nan]])
    found = rounded(values, bits)
    assert found.dtype == np.float32
    assert np.isnan(found[-1])
    assert (np.abs(found - values)[:-1] <= np.abs(values[:-1]) * 2.0**-bits).all()
    assert len(np.unique(np.frexp(found[:-1])[0])) <= 2 * 2 ** (bits - 1) + 3
    whole = np.arange(70000).reshape(7, -1)
    assert rounded(whole, bits) is whole
