"""The Gini coefficient of maps whose inequality is known."""

import numpy as np
import pytest

from measures import measure
from measures.sparseness import CHANCE


def gini(values, shape=(1, 4, 4, 1)):
    maps = np.reshape(values, shape)
    return measure("sparseness", None, np.zeros(maps.shape), np.zeros(len(maps), int), maps)


def test_known_maps():
    one_hot, constant, halves = np.eye(1, 16, 5), np.full(16, -0.3), np.repeat([0, 1.0], 8)
    assert gini(one_hot)[0] == pytest.approx(1 - 1 / 16)
    assert gini(constant)[0] == pytest.approx(0, abs=1e-12)
    assert gini(halves)[0] == pytest.approx(0.5)
    assert np.isnan(gini(np.zeros(16))[0])


def test_it_knows_neither_sign_nor_scale_nor_place():
    rng = np.random.default_rng(0)
    values = rng.normal(size=16)
    for other in (-values, 1e-30 * values, rng.permutation(values)):
        assert gini(other.astype(np.float32))[0] == pytest.approx(gini(values)[0], rel=1e-5)


def test_chance():
    rng = np.random.default_rng(0)
    assert gini(rng.random((20, 32, 32, 3)), (20, 32, 32, 3)).mean() == pytest.approx(CHANCE, abs=0.002)
    assert gini(rng.normal(size=(20, 32, 32, 3)), (20, 32, 32, 3)).mean() == pytest.approx(2**0.5 - 1, abs=0.003)
