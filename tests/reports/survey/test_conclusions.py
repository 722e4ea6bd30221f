"""What becomes of a conclusion, measure by measure."""

import dataclasses

import pytest

from reports.evidence.claim import Estimate, judged
from reports.survey.analysis import Cell, Conclusion
from reports.survey.conclusions import matrix

SCORES = ("roar", "kar", "road")
EFFECTS = {
    "s": Estimate(0.5, 0.25, 0.75, 0.01),
    "c": Estimate(-0.5, -0.75, -0.25, 0.01),
    "?": Estimate(0.0, -0.25, 0.25, 0.9),
    "n": Estimate(0.5, 0.25, 0.75, 0.01),
}


def cell(conclusion: str, score: str, letter: str) -> Cell:
    about = {"section": "x", "unit": "x", "reason": "too few images" if letter == "n" else ""}
    claim = judged(EFFECTS[letter], dataset="mnist_5k", id=f"{conclusion}-{score}", statement="x", **about)
    return Cell(Conclusion(conclusion, f"says {conclusion}", {}, "x"), score, claim, None)


def cells(*patterns):
    """A conclusion for each pattern, with a letter for each score's verdict."""
    return [
        cell(pattern, score, letter) for pattern in patterns for score, letter in zip(SCORES, pattern, strict=False)
    ]


@pytest.mark.parametrize(
    ("pattern", "outcome"),
    [
        ("sss", "everywhere"),
        ("?s?", "everywhere"),
        ("s??", "roar"),
        ("scn", "roar"),
        ("ssc", "mixed"),
        ("?sc", "mixed"),
        ("c?n", "nowhere"),
        ("?n?", "open"),
    ],
)
def test_a_measure_decides_where_it_supports_or_contradicts(pattern, outcome):
    (conclusion,) = matrix(cells(pattern)).conclusions
    assert conclusion.outcome == outcome
    assert conclusion.statement == f"says {pattern}"


def test_the_answer_counts_outcomes_and_leaves_out_what_did_not_happen():
    assert matrix(cells("sss", "ss?", "s?c")).answer == (
        "Of 3 conclusions, 2 hold on every measure that decides and 1 holds on ROAR alone."
    )
    assert matrix(cells("c??")).answer == "Of 1 conclusion, 1 fails on every measure that decides."


def test_conclusions_are_grouped_by_outcome_in_one_order():
    outcomes = matrix(cells("???", "s??", "sss", "ss?")).outcomes
    assert [(words, [one.statement for one in found]) for words, found in outcomes] == [
        ("holds on every measure that decides", ["says sss", "says ss?"]),
        ("holds on ROAR alone", ["says s??"]),
        ("is decided by no measure", ["says ???"]),
    ]


def test_a_score_that_judged_only_some_conclusions_has_a_column():
    shown = matrix(cells("s", "sss"))
    assert shown.scores == list(SCORES)
    assert [list(conclusion.cells) for conclusion in shown.conclusions] == [["roar"], list(SCORES)]
    assert [len(conclusion.claims) for conclusion in shown.conclusions] == [1, 3]


def test_each_reason_is_told_once_with_its_scores():
    assert matrix(cells("nsn", "n??")).reasons == [("too few images", ["roar", "road"])]


def test_what_is_open_leans_to_the_side_on_which_its_interval_lies():
    intervals = {"roar": (0.1, 0.2), "kar": (-0.2, -0.1), "road": (-0.1, 0.1)}

    def leaning(pattern):
        moved = [
            dataclasses.replace(
                one,
                claim=dataclasses.replace(one.claim, ci_low=intervals[one.metric][0], ci_high=intervals[one.metric][1]),
            )
            for one in cells(pattern)
        ]
        (conclusion,) = matrix(moved).conclusions
        return conclusion.leaning(1), conclusion.leaning(-1)

    assert leaning("???") == (["roar"], ["kar"])
    assert leaning("sc?") == ([], [])
    assert leaning("nn?") == ([], [])


def test_what_has_no_interval_leans_nowhere():
    (one,) = cells("?")
    claim = dataclasses.replace(one.claim, ci_low=None, ci_high=None)
    assert dataclasses.replace(one, claim=claim).leaning == 0
