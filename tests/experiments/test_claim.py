"""The verdict follows from the interval alone."""

import pytest

from experiments.claim import Claim, verdict


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


def test_a_claim_as_stored():
    stored = Claim("mnist/x", "s", "3.2", "p", 0.1, 0.05, 0.2, 100, "images").as_dict()
    assert stored["verdict"] == "supported"
    assert {"id", "statement", "section", "paper", "measured", "ci_low", "ci_high", "n", "verdict"} <= set(stored)
