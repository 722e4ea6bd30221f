"""The survey's claims are checks of our own, and what must be known before they are believed is told."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import networks
from reports.section import judge
from reports.survey.claims import at_chance, collapsed, conclusions, flat, scale
from tests.reports.as_values import as_values
from tests.reports.survey.exact import judged
from tests.reports.survey.made_up import STUDY, N, comparison, made_up

STRONGEST = next(spec for spec in networks(STUDY) if spec.norm == "linf" and spec.strength == 0.2)


@pytest.fixture(scope="module")
def found():
    return comparison(made_up())


def test_claims_are_checks_with_ids_of_their_own(found):
    made = list(conclusions(found))
    assert len({claim.id for claim in made}) == len(made) == 7 * 6
    assert "survey-raises-linf-gradient-road" in {claim.id for claim in made}
    assert all(claim.check and not claim.primary for claim in made)
    assert {claim.section for claim in made} == {"Beyond the paper"}
    assert {claim.dataset for claim in made} == {"mnist_5k"}
    assert [claim.p for claim in made] == [cell.claim.p for cell in found.cells]


def test_a_claim_says_what_was_measured_and_whether_the_paper_looked(found):
    made = {claim.id: claim for claim in conclusions(found)}
    claim = made["survey-raises-linf-gradient-deletion"]
    assert claim.statement == "The strongest linf adversarial training makes Gradient better, by Deletion (signed)"
    assert claim.unit == (
        "linf eps 0.2 cross_entropy minus standard, above 0 where better; mean probability of the predicted class; p "
        "after Holm's correction over all conclusions and measures; 3 trainings, 300 test images crossed"
    )
    assert claim.paper == "not examined"
    assert made["survey-raises-linf-gradient-kar"].paper == "see Section 3.2"
    assert made["survey-raises-linf-gradient-kar"].unit.endswith("; 3 trainings, 800 test images crossed")


def test_what_the_paper_did_not_train_it_did_not_examine():
    paper = {claim.id: claim.paper for claim in judged()["mnist_5k"].claims}
    assert paper["survey-raises-trades-gradient-roar"] == "not examined"
    assert paper["survey-raises-l2-gradient-roar"] == "see Section 3.2"


def test_measures_that_say_nothing_are_named(found):
    (told,) = flat(found)
    assert told.startswith("Max-sensitivity hardly varies: over all networks, attributions and trainings its standard")
    assert list(at_chance(found)) == []
    measured = made_up()
    for name in [
        name for name in measured.values if isinstance(name, tuple) and (name[0], name[-1]) == ("measure", "road")
    ]:
        measured.values[name] = np.random.default_rng(0).normal(0.3, 1, N)
    assert list(at_chance(comparison(measured))) == [
        "ROAD (signed): by their intervals no network and attribution is told from maps that know nothing."
    ]


def test_a_network_at_chance_is_told():
    measured = made_up()
    for run in range(3):
        measured.values["evaluation", STRONGEST, run]["clean"] = np.zeros(800, bool)
    (told,) = collapsed(comparison(measured))
    assert told.startswith(f"{STRONGEST.name}: no better than chance")


def test_the_scale_is_told():
    found = comparison(made_up(dataclasses.replace(STUDY, training_seeds=1)))
    once, small = scale(found)
    assert once.startswith("Every network was trained once")
    assert small == "Small scale: width 0.125, 2,000 training images, 4 epochs."


def test_the_section_says_everything_there_is():
    (made,) = judge("survey", [as_values(made_up(), "survey", "survey")])
    assert len(made.claims) == 42
    assert list(made.tables) == ["conclusions", "agreement", "first", "leaderboard", "null_block", "cost"]
    assert [alert.partition(" ")[0] for alert in made.alerts] == ["Max-sensitivity", "Small", "Every"]
    assert made.left_out == []
