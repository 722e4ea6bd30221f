"""Section 3.3 on made-up retrainings with known answers."""

import numpy as np
import pytest

from experiments.networks.grid import NetworkSpec, networks
from experiments.roar.analysis import Numbers as Scores
from experiments.tradeoff.analysis import Numbers, _gap_at_equal_x, on_pareto_front
from experiments.tradeoff.claims import Claims
from tests.experiments.roar.test_claims import STUDY, N, made_up


def numbers(accuracies: dict[NetworkSpec, float]):
    """linf networks score 0.18 above all others; accuracies as given, 0.9 else."""
    measured = made_up()
    for spec, accuracy in accuracies.items():
        measured.evaluations[spec]["clean"] = np.random.default_rng(3).permutation(N) < accuracy * N
    return Numbers(Scores(measured))


STANDARD, L2_WEAK, L2_STRONG, LINF_WEAK, LINF_STRONG = networks(STUDY)
COSTLY = {STANDARD: 0.9, L2_WEAK: 0.8, L2_STRONG: 0.7, LINF_WEAK: 0.8, LINF_STRONG: 0.7}


def claims(accuracies):
    return {claim.id.split("tradeoff-")[1]: claim for claim in Claims(numbers(accuracies)).claims()}


def test_a_score_bought_with_accuracy_is_a_trade_off():
    slope = numbers(COSTLY).slope("roar", "cross_entropy", "linf", "gradient")
    # least squares through (0.9, 0), (0.8, 0.18), (0.7, 0.18)
    assert slope.value == pytest.approx(-0.9, abs=0.05)
    assert slope.low < slope.value < slope.high < 0
    found = claims(COSTLY)["roar-linf-cross_entropy-gradient"]
    assert found.verdict == "supported"
    assert found.measured == pytest.approx(slope.value / 10)
    assert found.paper == "correlation \N{MINUS SIGN}0.94" or found.paper == "correlation -0.94"


def test_a_score_that_comes_with_accuracy_contradicts_it():
    gained = {STANDARD: 0.7, LINF_WEAK: 0.8, LINF_STRONG: 0.9}
    assert claims(gained)["roar-linf-cross_entropy-gradient"].verdict == "contradicted"


def test_equal_accuracies_allow_no_slope():
    same = dict.fromkeys(COSTLY, 0.9)
    slope = numbers(same).slope("roar", "cross_entropy", "linf", "gradient")
    assert np.isnan(slope.value)
    found = claims(same)["roar-linf-cross_entropy-gradient"]
    assert (found.measured, found.verdict) == (None, "inconclusive")


def test_at_equal_accuracy_the_norms_are_compared_by_interpolation():
    gap = numbers(COSTLY).at_equal_accuracy("roar", "cross_entropy", "gradient")
    # linf minus l2: 0 at 0.9, 0.18 from 0.8 down; mean over 0.7 to 0.9
    assert gap.value == pytest.approx(0.135, abs=0.015)
    assert gap.low < gap.value < gap.high
    assert claims(COSTLY)["linf-kar-cross_entropy-gradient"].verdict == "supported"


def test_gap_at_equal_x():
    x = np.array([0.0, 1.0])
    assert _gap_at_equal_x(x, x, np.array([1.0, 3.0]), np.array([0.0, 0.0])) == pytest.approx(2.0)
    assert _gap_at_equal_x(x[::-1], x, np.array([3.0, 1.0]), np.array([0.0, 0.0])) == pytest.approx(2.0)
    assert np.isnan(_gap_at_equal_x(x, x + 5, x, x))


def test_pareto_front():
    rows = [{"score": score, "accuracy": accuracy} for score, accuracy in ((1, 3), (2, 2), (3, 1), (1, 2), (2, 2))]
    assert [on_pareto_front(row, rows) for row in rows] == [True, True, True, False, True]


def test_little_spread_and_few_networks_are_alerts():
    alerts = "\n".join(Claims(numbers(dict.fromkeys(COSTLY, 0.9))).alerts())
    assert "spans only 0.0 points" in alerts
    assert "3 networks per linf series" in alerts
    assert "spans only" not in "\n".join(Claims(numbers(COSTLY)).alerts())
