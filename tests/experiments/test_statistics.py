"""Intervals with known coverage and correlations with known values."""

import numpy as np
import pytest

from experiments.statistics import correlation_estimates, difference_estimate, mean_estimate


def test_interval_of_a_mean_has_the_textbook_width():
    values = np.random.default_rng(0).normal(0.3, 1.0, (1, 4000))
    estimate = mean_estimate(values)
    assert estimate.value == pytest.approx(values.mean())
    assert (estimate.high - estimate.low) / 2 == pytest.approx(1.96 / np.sqrt(4000), rel=0.08)


def test_interval_widens_with_variation_between_repetitions():
    noise = np.random.default_rng(0).normal(0, 1, (1, 500))
    agreeing = mean_estimate(np.repeat(noise, 4, axis=0))
    differing = mean_estimate(noise + np.array([-1, -0.4, 0.5, 0.9])[:, None])
    assert differing.high - differing.low > 3 * (agreeing.high - agreeing.low)


def test_null_intervals_cover_zero_about_as_often_as_they_should():
    rng = np.random.default_rng(1)
    covered = []
    for _ in range(100):
        estimate = mean_estimate(rng.normal(0, 1, (1, 200)))
        covered.append(estimate.low <= 0 <= estimate.high)
    assert 0.88 <= np.mean(covered) <= 1


def test_correlations_of_known_series():
    x = np.arange(8.0)
    linear, rank = correlation_estimates(x, x**3)
    assert linear.value == pytest.approx(np.corrcoef(x, x**3)[0, 1])
    assert rank.value == pytest.approx(1)
    assert rank.low == pytest.approx(1)
    falling, _ = correlation_estimates(x, -2 * x + 1)
    assert falling.value == pytest.approx(-1)


def test_too_few_networks_or_a_constant_give_no_interval():
    linear, rank = correlation_estimates([0, 0.5, 1], [1, 2, 4])
    assert linear.value > 0.9
    assert (linear.low, linear.high, rank.low) == (None, None, None)
    constant, _ = correlation_estimates(np.arange(8.0), np.ones(8))
    assert np.isnan(constant.value)
    assert constant.low is None


def test_difference_of_means_over_known_images():
    rng = np.random.default_rng(0)
    common = rng.normal(0, 5, 2000)
    first, second = common + 1 + rng.normal(0, 0.1, 2000), common + rng.normal(0, 0.1, 2000)
    paired = difference_estimate(first, second)
    assert paired.value == pytest.approx(1, abs=0.02)
    assert paired.high - paired.low < 0.03  # what is common cancels
    second[:1000] = np.nan
    partial = difference_estimate(first, second)
    assert partial.low < 1 < partial.high
    assert partial.high - partial.low > 0.2
    assert difference_estimate(first, np.full(2000, np.nan)).low is None
