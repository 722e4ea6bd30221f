"""Claims on other trainings than PGD's, on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import Arm
from reports.tradeoff.analysis import TradeOffs
from reports.tradeoff.methods import method_claims
from tests.reports.roar.made_up import STUDY as PGD_ALONE
from tests.reports.roar.made_up import N, draw_all, made_up
from tests.reports.tradeoff.made_up import as_they_are, values_of

STUDY = dataclasses.replace(
    PGD_ALONE, training=("adversarial", "fast", "elastic", "gaussian_noise", "gradient_penalty", "trades")
)
STRONGEST = {spec.method: spec for spec in networks(STUDY)}


def judged(change=as_they_are, study=STUDY):
    """change: puts other numbers into the made-up ones, in which linf and TRADES gain 0.2 and all others nothing."""
    measured = made_up(study)
    change(measured.values)
    return {claim.id: claim for claim in method_claims(TradeOffs(values_of(measured)))}


def lower(method, accuracy):
    """Accuracy after pixels are removed by the attributions of a method's strongest network."""

    def change(values):
        for attribution in STUDY.attributions:
            draw_all(values, STUDY, Arm(STRONGEST[method], attribution), "remove", accuracy)

    return change


def test_a_study_of_pgd_alone_has_none():
    assert judged(study=PGD_ALONE) == {}


def test_every_method_that_is_there_has_its_claim():
    assert set(judged()) == {
        "alone-gaussian_noise",
        "alone-gradient_penalty",
        "one-step-elastic",
        "one-step-fast",
        "robustness-or-smoothness",
        "trades",
    }


def test_what_gains_alone_is_found():
    found = judged(lower("gaussian_noise", 0.3))
    assert found["alone-gaussian_noise"].verdict == "supported"
    assert found["alone-gaussian_noise"].measured == pytest.approx(0.2 * 0.9, abs=0.02)
    assert abs(found["alone-gradient_penalty"].measured) < 0.02


def test_one_step_reaches_what_pgd_gains_or_does_not():
    found = judged(lower("fast", 0.3))  # as much as PGD training
    assert found["one-step-fast"].verdict == "supported"
    assert found["one-step-fast"].measured == pytest.approx(0.2 * 0.2 * 0.9, abs=0.02)
    assert found["one-step-elastic"].verdict == "contradicted"
    assert "26% of that training's network passes" in found["one-step-fast"].unit


def test_where_pgd_gains_nothing_there_is_nothing_to_reach():
    def nothing_gained(values):
        for spec in networks(STUDY):
            for attribution in STUDY.attributions:
                draw_all(values, STUDY, Arm(spec, attribution), "remove", 0.5)

    found = judged(nothing_gained)["one-step-fast"]
    assert found.verdict == "not tested"
    assert "gains 0.000 itself, with an interval that is not above 0" in found.reason


def of_robustness(values, score_follows):
    """Robust accuracy and roughness unrelated to each other, the score a function of one of them."""
    specs = networks(STUDY)
    rng = np.random.default_rng(0)
    robust, rough = rng.permutation(len(specs)), rng.permutation(len(specs))
    followed = robust if score_follows == "robustness" else rough
    for place, spec in enumerate(specs):
        for run in range(STUDY.training_seeds):
            right = np.arange(N) < N * (0.2 + 0.04 * robust[place])
            values["evaluation", spec, run]["apgd"] = np.random.default_rng(run).permutation(right)
            for attribution in STUDY.attributions:
                arm = Arm(spec, attribution)
                values["maps", arm, run] = {**values["maps", arm, run], "roughness": np.array(1.0 + rough[place])}
        for attribution in STUDY.attributions:
            draw_all(values, STUDY, Arm(spec, attribution), "remove", 0.55 - 0.03 * followed[place])


@pytest.mark.parametrize(("followed", "verdict"), [("robustness", "supported"), ("smoothness", "contradicted")])
def test_what_the_score_follows_is_told_apart(followed, verdict):
    found = judged(lambda values: of_robustness(values, followed))["robustness-or-smoothness"]
    assert found.verdict == verdict
    assert abs(found.measured) > 0.4


def test_few_networks_do_not_tell():
    study = dataclasses.replace(PGD_ALONE, training=("adversarial", "gaussian_noise"), l2_eps=(), linf_eps=(0.2,))
    found = judged(study=study)["robustness-or-smoothness"]
    assert (found.verdict, found.reason) == ("not tested", "4 networks are too few for a partial correlation")
    assert STANDARD in networks(study)
