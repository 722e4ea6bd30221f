"""Section 3.3's numbers on made-up retrainings with known answers."""

import numpy as np
import pytest

from experiments.tradeoff.analysis import _gap_at_equal_x, on_pareto_front
from tests.experiments.tradeoff.made_up import COSTLY, trade_offs


def test_the_slope_is_that_of_least_squares():
    slope = trade_offs(COSTLY).slope("roar", "cross_entropy", "linf", "gradient")
    # least squares through (0.9, 0), (0.8, 0.18), (0.7, 0.18)
    assert slope.value == pytest.approx(-0.9, abs=0.05)
    assert slope.low < slope.value < slope.high < 0


def test_equal_accuracies_allow_no_slope():
    slope = trade_offs(dict.fromkeys(COSTLY, 0.9)).slope("roar", "cross_entropy", "linf", "gradient")
    assert np.isnan(slope.value)


def test_at_equal_accuracy_the_norms_are_compared_by_interpolation():
    gap = trade_offs(COSTLY).at_equal_accuracy("roar", "cross_entropy", "gradient")
    # linf minus l2: 0 at 0.9, 0.18 from 0.8 down; mean over 0.7 to 0.9
    assert gap.value == pytest.approx(0.135, abs=0.015)
    assert gap.low < gap.value < gap.high


def test_gap_at_equal_x():
    x = np.array([0.0, 1.0])
    assert _gap_at_equal_x(x, x, np.array([1.0, 3.0]), np.array([0.0, 0.0])) == pytest.approx(2.0)
    assert _gap_at_equal_x(x[::-1], x, np.array([3.0, 1.0]), np.array([0.0, 0.0])) == pytest.approx(2.0)
    assert np.isnan(_gap_at_equal_x(x, x + 5, x, x))


def test_pareto_front():
    rows = [{"score": score, "accuracy": accuracy} for score, accuracy in ((1, 3), (2, 2), (3, 1), (1, 2), (2, 2))]
    assert [on_pareto_front(row, rows) for row in rows] == [True, True, True, False, True]
