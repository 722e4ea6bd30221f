"""Densities with a known place of their mode."""

import numpy as np
import pytest
from scipy import stats

from reports.manifold.density import density, mode


def test_the_bandwidth_is_a_quarter_of_the_standard_deviation():
    values = np.array([0.0, 1.0, 2.0, 7.0])
    width = 0.25 * values.std(ddof=1)
    expected = [np.mean(stats.norm.pdf(place, values, width)) for place in (0.0, 1.5, 4.0)]
    assert density(values)(np.array([0.0, 1.5, 4.0])) == pytest.approx(expected)


def test_the_mode_is_where_most_are_and_not_the_mean():
    values = np.concatenate([np.full(70, 3.0), np.full(30, 10.0), [np.nan]]) + np.linspace(0, 1e-6, 101)
    assert mode(values) == pytest.approx(3.0, abs=0.01)
    assert np.nanmean(values) == pytest.approx(5.1)


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [1.0, 2.0], [np.nan, 1.0, 2.0], []])
def test_few_values_and_values_that_are_all_alike_have_none(values):
    assert density(np.array(values)) is None
    assert mode(np.array(values)) is None
