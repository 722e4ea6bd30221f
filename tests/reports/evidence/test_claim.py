"""The verdict follows from p, the effect's side of zero and what the claim needs, and from nothing else."""

import math

import pytest

from reports.evidence.claim import UNKNOWN, VERDICTS, Estimate, adjusted, corrected, holm, judged
from reports.evidence.statistics import combined

ABOUT = {"dataset": "mnist", "id": "x", "statement": "s", "section": "3.2", "unit": "images"}


@pytest.mark.parametrize(
    ("value", "p", "positive", "expected"),
    [
        (0.1, 0.01, True, "supported"),
        (-0.1, 0.01, True, "contradicted"),
        (0.1, 0.2, True, "inconclusive"),
        (-0.1, 0.2, True, "inconclusive"),
        (0.1, 0.05, True, "inconclusive"),
        (0.1, 0.0499, True, "supported"),
        (0.0, 0.0, True, "inconclusive"),
        (0.1, 0.01, False, "contradicted"),
        (-0.1, 0.01, False, "supported"),
        (-0.1, 0.2, False, "inconclusive"),
        (0.1, None, True, "not tested"),
        (-0.1, None, False, "not tested"),
    ],
)
def test_verdict(value, p, positive, expected):
    found = judged(Estimate(value, value - 0.05, value + 0.05, p), **ABOUT, positive=positive)
    assert found.verdict == expected
    assert expected in VERDICTS


def test_a_reason_decides_whatever_was_measured_and_all_of_it_is_told():
    found = judged(Estimate(0.1, 0.05, 0.15, 1e-6, 0.03, (0.1, 0.1)), **ABOUT, reason="it cost nothing")
    assert (found.verdict, found.reason) == ("not tested", "it cost nothing")
    assert (found.measured, found.ci_low, found.ci_high, found.p, found.detectable) == (0.1, 0.05, 0.15, 1e-6, 0.03)


def test_what_is_not_tested_says_why():
    alone = judged(Estimate(0.1, 0.05, 0.15), **ABOUT)
    assert alone.verdict == "not tested"
    assert alone.reason.startswith("one training: the numbers are about these networks")
    assert judged(UNKNOWN, **ABOUT).reason == "the effect does not exist in this run"
    assert judged(UNKNOWN, **ABOUT, reason="a premise fails").reason == "a premise fails"
    assert judged(Estimate(0.1, 0.05, 0.15, 0.5), **ABOUT).reason == ""


def test_a_verdict_agrees_with_the_interval():
    for trainings, expected in (((0.1, 0.11, 0.12), "supported"), ((-0.1, 0.11, 0.02), "inconclusive")):
        estimate = combined(trainings, 0.001)
        found = judged(estimate, **ABOUT)
        assert found.verdict == expected
        assert (estimate.low <= 0 <= estimate.high) == (expected == "inconclusive")


def test_a_claim_as_stored():
    estimate = Estimate(0.1, 0.05, 0.2, 0.01, 0.07, (0.08, 0.12), 0.003)
    stored = judged(estimate, **ABOUT, paper="p", premise="q").as_dict()
    assert stored["verdict"] == "supported"
    assert stored | ABOUT == stored
    known = {"measured": 0.1, "ci_low": 0.05, "ci_high": 0.2, "p": 0.01, "detectable": 0.07, "n": 2, "check": False}
    known |= {"by_training": [0.08, 0.12], "image_error": 0.003, "primary": False, "paper": "p", "premise": "q"}
    assert stored | known == stored


def test_an_effect_that_is_no_number_decides_nothing():
    stored = judged(Estimate(float("nan"), 0.05, 0.2, 0.01, 0.1), **ABOUT).as_dict()
    for name in ("measured", "ci_low", "ci_high", "p", "detectable"):
        assert stored[name] is None
    assert stored["verdict"] == "not tested"


def test_a_claim_gives_its_effect_with_the_interval_and_nothing_where_there_is_none():
    assert judged(Estimate(0.1, 0.05, 0.2, 0.01, 0.07, (0.08, 0.12)), **ABOUT).estimate == Estimate(0.1, 0.05, 0.2)
    assert judged(Estimate(-0.1, None, None), **ABOUT).estimate == Estimate(-0.1, None, None)
    unknown = judged(UNKNOWN, **ABOUT).estimate
    assert math.isnan(unknown.value)
    assert (unknown.low, unknown.high) == (None, None)


def test_holm_by_hand():
    # in order 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1, never falling
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([0.02]) == [0.02]
    assert holm([]) == []
    # two of five: as if the three others had a p of 1
    assert holm([0.01, 0.04], family=5) == pytest.approx([0.05, 0.16]) == holm([0.01, 0.04, 1, 1, 1])[:2]


def claim(name, p, primary, value=0.1, reason=""):
    return judged(Estimate(value, 0.0, 0.2, p), **{**ABOUT, "id": name}, primary=primary, reason=reason)


def test_only_registered_claims_that_were_tested_are_corrected():
    claims = [
        claim("a", 0.02, True),
        claim("b", 0.03, True),
        claim("c", 0.04, False),
        claim("d", 0.001, True, value=-0.1),
        claim("e", 0.0001, True, reason="a premise fails"),
        claim("f", None, True),
    ]
    found = {one.id: one for one in corrected(claims)}
    assert list(found) == list("abcdef")
    # three were tested: 0.001 * 3, 0.02 * 2, 0.03 * 1 but not below the one before
    assert [found[name].p for name in "abd"] == pytest.approx([0.04, 0.04, 0.003])
    assert [found[name].verdict for name in "abd"] == ["supported", "supported", "contradicted"]
    assert (found["c"].p, found["c"].verdict) == (0.04, "supported")
    assert (found["e"].p, found["e"].verdict) == (0.0001, "not tested")
    assert (found["f"].p, found["f"].verdict) == (None, "not tested")


def test_correction_takes_verdicts_away_and_gives_none():
    found = corrected([claim("a", 0.03, True), claim("b", 0.04, True)])
    assert [one.verdict for one in found] == ["inconclusive", "inconclusive"]
    assert [one.p for one in found] == pytest.approx([0.06, 0.06])
    assert all(math.isclose(one.measured, 0.1) for one in found)
    assert [one.verdict for one in corrected([claim("a", 0.03, False), claim("b", 0.04, False)])] == ["supported"] * 2


def test_claims_that_are_not_registered_may_be_corrected_for_each_other():
    found = adjusted(
        [claim("a", 0.02, False), claim("b", 0.5, False, reason="a premise fails"), claim("c", 0.04, True)]
    )
    assert [one.p for one in found] == pytest.approx([0.04, 0.5, 0.04])  # two were tested
    assert [one.verdict for one in adjusted([claim("a", 0.02, False)], family=3)] == ["inconclusive"]
