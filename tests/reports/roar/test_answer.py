"""The answer of the page, of claims and parts that are set."""

import dataclasses
import re

import pytest

from experiments.scores.arms import Arm, Retraining
from reports.roar.answer import answer
from reports.section import judge
from tests.reports.as_values import as_values
from tests.reports.roar.exact import exact
from tests.reports.roar.made_up import LINF_STRONG, STUDY, draw_all, made_up

TIMES = "\N{MULTIPLICATION SIGN}"


def answer_of(measured):
    (judged,) = judge("roar", [as_values(measured, "scores", "roar")])
    return answer(judged)


def test_the_answer_says_which_claims_held_and_what_makes_the_scores():
    text = answer_of(made_up())
    linf, l2 = (f"Gradient ({norm}) and Gradient{TIMES}Input ({norm})" for norm in ("l\N{INFINITY}", "l₂"))
    whole, image = text.split(" Does training raise the part that belongs to the image")
    told = f"supported for {linf}, open for {l2}."
    assert whole == f"Do whole scores change as the paper claims? ROAR: {told} KAR: {told}"
    assert "? ROAR: open for all. KAR: open for all." in image
    # Of a gap that training makes larger by 0.2 on two of four arms, a half is shape, and a quarter each other part.
    number = r"\+0\.0\d\d \([^)]*\)"
    parts = f"shape {number}, class told {number}, this image {number}"
    assert re.search(f"On average ROAR changes by {number}: {parts}", image)
    assert "On average KAR changes by +0.0" in image


def test_it_names_the_part_that_makes_most_of_a_change():
    measured = made_up()
    for attribution in STUDY.attributions:
        for baseline in ("shuffled", "matched"):  # as random pixels: all belongs to the image
            draw_all(measured.values, STUDY, Arm(LINF_STRONG, attribution, baseline=baseline), "remove", 0.55)
    assert "most of it is this image" in answer_of(measured)


def test_a_score_whose_parts_are_missing_is_not_taken_apart():
    measured = made_up()
    for retraining in [one for one in measured.values if isinstance(one, Retraining) and one.arm.baseline == "matched"]:
        if retraining.occlusion == "keep":
            del measured.values[retraining]
    text = answer_of(measured)
    assert "On average ROAR changes" in text
    assert "On average KAR changes" not in text


def test_without_the_paper_s_attributions_it_says_so():
    study = dataclasses.replace(STUDY, attributions=("deeplift",))
    assert answer_of(made_up(study)).startswith("Neither Gradient nor")


def test_without_the_baselines_it_says_that_shape_may_make_it():
    text = answer_of(made_up(dataclasses.replace(STUDY, controls=False)))
    assert "No retraining took these scores apart" in text
    assert "On average" not in text
    assert 60 <= len(text.split()) <= 120, text


@pytest.mark.parametrize("measured", [made_up(), exact()])
def test_it_is_of_60_to_120_words(measured):
    assert 60 <= len(answer_of(measured).split()) <= 120, answer_of(measured)
