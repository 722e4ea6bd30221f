"""Claims and alerts of Section 3.3 on made-up retrainings with known answers."""

import pytest

from experiments.tradeoff import claims
from tests.experiments.tradeoff.made_up import COSTLY, LINF_STRONG, LINF_WEAK, STANDARD, trade_offs


def judged(accuracies):
    return {claim.id.split("tradeoff-")[1]: claim for claim in claims.claims(trade_offs(accuracies))}


def test_a_score_bought_with_accuracy_is_a_trade_off():
    found = judged(COSTLY)["roar-linf-cross_entropy-gradient"]
    slope = trade_offs(COSTLY).slope("roar", "cross_entropy", "linf", "gradient")
    assert found.verdict == "supported"
    assert found.measured == pytest.approx(slope.value / 10)
    assert found.paper == "correlation \N{MINUS SIGN}0.94" or found.paper == "correlation -0.94"


def test_a_score_that_comes_with_accuracy_contradicts_it():
    gained = {STANDARD: 0.7, LINF_WEAK: 0.8, LINF_STRONG: 0.9}
    assert judged(gained)["roar-linf-cross_entropy-gradient"].verdict == "contradicted"


def test_equal_accuracies_decide_nothing():
    found = judged(dict.fromkeys(COSTLY, 0.9))["roar-linf-cross_entropy-gradient"]
    assert (found.measured, found.verdict) == (None, "inconclusive")


def test_at_equal_accuracy_the_norms_are_compared():
    assert judged(COSTLY)["linf-kar-cross_entropy-gradient"].verdict == "supported"


def test_little_spread_and_few_networks_are_alerts():
    alerts = "\n".join(claims.alerts(trade_offs(dict.fromkeys(COSTLY, 0.9))))
    assert "spans only 0.0 points" in alerts
    assert "3 networks per linf series" in alerts
    assert "spans only" not in "\n".join(claims.alerts(trade_offs(COSTLY)))
