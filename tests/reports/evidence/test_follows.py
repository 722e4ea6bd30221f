"""What is followed is found, and chance is found as often as the test says."""

import numpy as np
import pytest
from scipy import stats

from reports.evidence.follows import closer_follower, exchange_p, partial_rank_correlation


def test_partial_rank_correlation_is_that_of_the_residuals_of_ranks():
    rng = np.random.default_rng(0)
    x, y, control = rng.normal(size=(3, 4, 30))
    for row in range(4):
        ranks = [stats.rankdata(values[row]) for values in (x, y, control)]
        rest = [values - np.polyval(np.polyfit(ranks[2], values, 1), ranks[2]) for values in ranks[:2]]
        expected = np.corrcoef(*rest)[0, 1]
        assert partial_rank_correlation(x, y, control)[row] == pytest.approx(expected)
    assert partial_rank_correlation(x, y, x) == pytest.approx(np.zeros(4))
    assert np.isnan(partial_rank_correlation(np.ones_like(x), y, control)).all()


def test_what_is_followed_is_found_and_chance_is_not():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 3, 12))
    follows = first + 0.1 * rng.normal(size=first.shape)
    assert closer_follower(follows, first, second).mean() > 0.4
    assert exchange_p(follows, first, second) < 0.01
    assert closer_follower(follows, second, first).mean() < -0.4
    found = [exchange_p(*rng.normal(size=(3, 3, 12)), draws=200, seed=run) < 0.05 for run in range(200)]
    assert np.mean(found) < 0.09  # 5 %, and what 200 of them vary by


def test_exchanging_two_that_say_opposite_things_is_no_test_of_noise():
    """Robust accuracy rises where roughness falls, and a score follows both alike: nothing to be found."""
    rng, found = np.random.default_rng(0), []
    for run in range(200):
        quality, noise = rng.normal(size=14), 0.5 * rng.normal(size=(3, 3, 14))
        robust, rough, score = quality + noise[0], -quality + noise[1], quality + noise[2]
        found.append(exchange_p(score, robust, rough, draws=200, seed=run) < 0.05)
    assert np.mean(found) < 0.1  # 44 % where ranks are exchanged as they are
