"""The verdict follows from the interval alone."""

import pytest

from experiments.claim import Estimate, judged, verdict


@pytest.mark.parametrize(
    ("low", "high", "positive", "expected"),
    [
        (0.01, 0.2, True, "supported"),
        (-0.2, -0.01, True, "contradicted"),
        (-0.1, 0.1, True, "inconclusive"),
        (0.0, 0.1, True, "inconclusive"),
        (0.01, 0.2, False, "contradicted"),
        (-0.2, -0.01, False, "supported"),
        (-0.1, 0.1, False, "inconclusive"),
        (None, None, True, "inconclusive"),
    ],
)
def test_verdict(low, high, positive, expected):
    assert verdict(low, high, positive) == expected


ABOUT = {"id": "mnist/x", "statement": "s", "section": "3.2", "paper": "p", "n": 100, "unit": "images"}


def test_a_claim_as_stored():
    stored = judged(Estimate(0.1, 0.05, 0.2), **ABOUT).as_dict()
    assert stored["verdict"] == "supported"
    assert {"id", "statement", "section", "paper", "measured", "ci_low", "ci_high", "n", "verdict"} <= set(stored)
    assert stored | ABOUT == stored
    assert (stored["measured"], stored["ci_low"], stored["ci_high"], stored["check"]) == (0.1, 0.05, 0.2, False)


def test_an_effect_that_is_no_number_decides_nothing():
    stored = judged(Estimate(float("nan"), 0.05, 0.2), **ABOUT).as_dict()
    assert (stored["measured"], stored["ci_low"], stored["ci_high"]) == (None, None, None)
    assert stored["verdict"] == "inconclusive"
