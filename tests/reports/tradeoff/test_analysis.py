"""Section 3.3's numbers on made-up retrainings with known answers."""

import numpy as np
import pytest
from scipy import special

from experiments.scores.arms import Arm
from reports.tradeoff.analysis import _gap_at_equal_x, on_pareto_front
from reports.tradeoff.tables import cost_table, point_table
from tests.reports.roar.made_up import N
from tests.reports.tradeoff.made_up import COSTLY, FREE, L2_STRONG, STANDARD, trade_offs


def test_the_slope_is_that_of_least_squares():
    slope = trade_offs(COSTLY).slope("roar", "cross_entropy", "linf", "gradient")
    # least squares through (0.9, 0), (0.8, 0.18), (0.7, 0.18)
    assert slope.value == pytest.approx(-0.9, abs=0.05)
    assert slope.low < slope.value < slope.high < 0


def test_equal_accuracies_allow_no_slope():
    slope = trade_offs(FREE).slope("roar", "cross_entropy", "linf", "gradient")
    assert np.isnan(slope.value)


def test_at_equal_accuracy_the_norms_are_compared_by_interpolation():
    gap = trade_offs(COSTLY).at_equal_accuracy("roar", "cross_entropy", ("gradient",))
    # linf minus l2: 0 at 0.9, 0.18 from 0.8 down; mean over 0.7 to 0.9
    assert gap.value == pytest.approx(0.135, abs=0.015)
    assert gap.low < gap.value < gap.high
    both = trade_offs(COSTLY).at_equal_accuracy("roar", "cross_entropy", ("gradient", "gradient_x_input"))
    other = trade_offs(COSTLY).at_equal_accuracy("roar", "cross_entropy", ("gradient_x_input",))
    assert both.value == pytest.approx((gap.value + other.value) / 2)


def test_the_cost_is_that_of_the_strongest_training():
    found = trade_offs(COSTLY)
    cost = found.cost("l2")
    assert cost.value == pytest.approx(0.2)
    assert cost.by_training == pytest.approx([0.2, 0.2, 0.2])
    assert cost.low > 0
    assert [(row["family"], row["cost"]) for row in cost_table(found).rows] == [
        ("l2", pytest.approx(0.2)),
        ("linf", pytest.approx(0.2)),
    ]
    assert np.isnan(found.cost("noise").value)


def collapse(values):
    """The strongest l2 network learns nothing in one of three trainings."""
    values["evaluation", L2_STRONG, 1]["clean"] = np.arange(N) < 0.1 * N


def test_a_mixture_of_collapsed_and_sound_trainings_has_a_median_and_a_count_and_no_mean():
    found = trade_offs(COSTLY, change=collapse)
    assert found.collapsed_of("l2").tolist() == [False, True, False]
    assert found.cost("l2").by_training == pytest.approx([0.2, 0.2])  # of the sound ones
    median = found.median_cost("l2")
    assert (median.value, median.low, median.high) == (pytest.approx(0.2), None, None)
    assert median.by_training == pytest.approx([0.2, 0.8, 0.2])
    assert found.median_cost("linf") == found.cost("linf")
    of_l2 = cost_table(found).rows[0]
    assert (of_l2["cost"], of_l2["cost_low"], of_l2["collapsed"]) == (pytest.approx(0.2), None, 1)


def test_the_correlation_is_the_mean_over_norms_and_attributions():
    found = trade_offs(COSTLY)
    parts = []
    for family in ("l2", "linf"):
        specs = found.series("cross_entropy", family)
        for attribution in found.attributions:
            y = np.array([found.score(Arm(spec, attribution), "roar").mean(axis=1) for spec in specs])
            x = np.array([found.accuracy(spec).mean(axis=1) for spec in specs])
            parts.append([np.corrcoef(x[:, run], y[:, run])[0, 1] for run in found.runs])
    assert found.correlation_of_all("roar").by_training == pytest.approx(np.mean(parts, axis=0))


def test_intervals_of_accuracies_hold_both_trainings_and_images():
    def same_images(values):  # right in every training: what is left is the choice of images
        for run in range(3):
            values["evaluation", L2_STRONG, run]["clean"] = np.arange(N) < 0.7 * N

    rows = point_table(trade_offs(COSTLY, change=same_images)).rows
    first = next(row for row in rows if row["network"] == STANDARD.name)
    assert (first["accuracy"], first["trainings"], first["repetitions"]) == (pytest.approx(0.9), 3, 2)
    assert first["accuracy_low"] < 0.9 < first["accuracy_high"]
    row = next(row for row in rows if row["network"] == L2_STRONG.name)
    half = 1.96 / np.sqrt(0.7 * 0.3 * N)  # of the logit
    assert special.logit(row["accuracy_high"]) - special.logit(0.7) == pytest.approx(half, rel=0.01)


def test_gap_at_equal_x():
    x, none = np.array([0.0, 1.0]), np.array([0.0, 0.0])
    assert _gap_at_equal_x(x, np.array([1.0, 3.0]), x, none) == pytest.approx(2.0)
    assert _gap_at_equal_x(x[::-1], np.array([3.0, 1.0]), x, none) == pytest.approx(2.0)
    assert np.isnan(_gap_at_equal_x(x, x, x + 5, x))


def test_pareto_front():
    scores, accuracies = np.array([1, 2, 3, 1, 2]), np.array([3, 2, 1, 2, 2])
    assert on_pareto_front(scores, accuracies).tolist() == [True, True, True, False, True]
