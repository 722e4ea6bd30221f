"""What becomes of a conclusion, measure by measure."""

import pytest

from reports.pages.conclusions import matrix
from tests.reports.survey_results import VERDICT

SCORES = ("roar", "kar", "road")


def rows(*patterns):
    """A conclusion for each pattern, with a letter for each score's verdict."""
    return [
        {"conclusion": pattern, "statement": f"says {pattern}", "metric": score, "verdict": VERDICT[letter]}
        | {"reason": "too few images" if letter == "n" else "", "effect_low": None, "effect_high": None}
        for pattern in patterns
        for score, letter in zip(SCORES, pattern, strict=False)
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
    (conclusion,) = matrix(rows(pattern)).conclusions
    assert conclusion.outcome == outcome


def test_the_answer_counts_outcomes_and_leaves_out_what_did_not_happen():
    assert matrix(rows("sss", "ss?", "s?c")).answer == (
        "Of 3 conclusions, 2 hold on every measure that decides and 1 holds on ROAR alone."
    )
    assert matrix(rows("c??")).answer == "Of 1 conclusion, 1 fails on every measure that decides."


def test_conclusions_are_grouped_by_outcome_in_one_order():
    outcomes = matrix(rows("???", "s??", "sss", "ss?")).outcomes
    assert [(words, len(found)) for words, found in outcomes] == [
        ("holds on every measure that decides", 2),
        ("holds on ROAR alone", 1),
        ("is decided by no measure", 1),
    ]


def test_a_score_that_judged_only_some_conclusions_has_a_column():
    shown = matrix(rows("s", "sss"))
    assert shown.scores == list(SCORES)
    assert [set(conclusion.judged) for conclusion in shown.conclusions] == [{"roar"}, set(SCORES)]


def test_each_reason_is_told_once_with_its_scores():
    assert matrix(rows("nsn", "n??")).reasons == [("too few images", ["roar", "road"])]


def test_what_is_open_leans_to_the_side_on_which_its_interval_lies():
    intervals = {"roar": (0.1, 0.2), "kar": (-0.2, -0.1), "road": (-0.1, 0.1)}

    def leaning(pattern):
        judged = [
            {**row, "effect_low": intervals[row["metric"]][0], "effect_high": intervals[row["metric"]][1]}
            for row in rows(pattern)
        ]
        (conclusion,) = matrix(judged).conclusions
        return conclusion.leaning(1), conclusion.leaning(-1)

    assert leaning("???") == (["roar"], ["kar"])
    assert leaning("sc?") == ([], [])
    assert matrix(rows("???")).conclusions[0].leaning(1) == []
