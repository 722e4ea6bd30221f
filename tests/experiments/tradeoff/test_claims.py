"""Claims and alerts of Section 3.3 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments import catalogue
from experiments.experiment import Measured
from experiments.paper import PRIMARY
from experiments.roar.analysis import Scores
from experiments.roar.pieces import Arm
from experiments.tradeoff import claims
from experiments.tradeoff.analysis import TradeOffs
from experiments.wording import with_interval
from tests.experiments.roar.made_up import N, draw_all
from tests.experiments.tradeoff.made_up import (
    COSTLY,
    FREE,
    L2_STRONG,
    L2_WEAK,
    LINF_STRONG,
    LINF_WEAK,
    STANDARD,
    STUDY,
    trade_offs,
)

WAYS_OUT = ("way-out-attribution", "way-out-linf")
EVERY = dataclasses.replace(STUDY, attributions=catalogue.everything("attributions"))


def judged(accuracies, study=STUDY):
    return judged_of(trade_offs(accuracies, study))


def judged_of(found):
    return {claim.id.split("/")[1].removeprefix("tradeoff-"): claim for claim in claims.claims(found)}


def test_the_registered_claims_of_the_section_are_all_there():
    found = judged(COSTLY)
    assert {name for name, claim in found.items() if claim.primary} == {"trade-off", *WAYS_OUT}
    assert found["way-out-linf"].verdict == "supported"
    assert found["way-out-attribution"].verdict in ("inconclusive", "supported", "contradicted")
    assert abs(found["way-out-attribution"].measured) < 0.02


def test_every_global_attribution_has_a_registered_claim_and_what_knows_nothing_a_control():
    found = judged(COSTLY, EVERY)
    registered = {name for name in PRIMARY if name.startswith("way-out-")} | {"trade-off"}
    assert {name for name, claim in found.items() if claim.primary} == registered
    assert {"way-out-deeplift", "way-out-lrp_epsilon", "way-out-integrated_gradients"} <= registered
    for kind in ("-standard", "-robust"):
        assert f"deeplift-kar{kind}" in found
    assert found["deeplift-kar-beyond-ignorant"].check
    assert (found["deeplift-roar"].check, found["deeplift-roar"].paper) == (False, "proposed")
    assert (found["sobel-roar"].check, found["sobel-kar"].check) == (True, True)
    assert "sobel-kar-beyond-ignorant" not in found
    assert "deeplift-kar-beyond-ignorant" not in judged(COSTLY)  # the study has no such control


def test_an_attribution_that_keeps_more_is_a_way_out_where_it_does():
    found = trade_offs(COSTLY, EVERY)
    for run_arm in (Arm(spec, "deeplift") for spec in (LINF_STRONG, LINF_WEAK, L2_STRONG, L2_WEAK)):
        draw_all(found.scores.values, EVERY, run_arm, "keep", 0.99)
    told = judged_of(found)
    assert told["way-out-deeplift"].verdict == told["deeplift-kar-robust"].verdict == "supported"
    assert told["deeplift-kar-beyond-ignorant"].verdict == "supported"
    assert abs(told["deeplift-kar-standard"].measured) < 0.02
    assert told["way-out-deeplift"].measured == pytest.approx(0.8 * told["deeplift-kar-robust"].measured, abs=0.01)
    assert abs(told["way-out-lrp_epsilon"].measured) < 0.02


def test_registered_claims_are_of_the_paper_s_attributions_whatever_others_are_listed():
    found = trade_offs(COSTLY, EVERY)
    before = judged_of(found)
    for spec in (LINF_STRONG, L2_STRONG):
        for occlusion in ("remove", "keep"):
            draw_all(found.scores.values, EVERY, Arm(spec, "deeplift"), occlusion, 0.1)
    after = judged_of(TradeOffs(Scores(Measured(EVERY, found.scores.values))))
    assert after["way-out-deeplift"].measured != before["way-out-deeplift"].measured
    for name in ("trade-off", "way-out-linf"):
        assert after[name] == before[name]


def test_a_score_bought_with_accuracy_is_a_trade_off():
    found = judged(COSTLY)["roar-linf-cross_entropy-gradient"]
    slope = trade_offs(COSTLY).slope("roar", "cross_entropy", "linf", "gradient")
    assert found.verdict == "supported"
    assert found.measured == pytest.approx(slope.value / 10)
    assert (found.ci_low, found.ci_high) == pytest.approx((slope.low / 10, slope.high / 10))
    assert found.paper == "correlation \N{MINUS SIGN}0.94" or found.paper == "correlation -0.94"


def test_a_score_that_comes_with_accuracy_contradicts_nothing_where_training_costs_none():
    """It cannot be traded: the strongest network is the most accurate."""
    gained = {STANDARD: 0.7, LINF_WEAK: 0.8, LINF_STRONG: 0.9, L2_WEAK: 0.6, L2_STRONG: 0.5}
    found = judged(gained)
    slope = found["roar-linf-cross_entropy-gradient"]
    assert slope.measured > 0
    assert slope.verdict == "not tested"
    assert slope.reason.startswith("the strongest linf training costs \N{MINUS SIGN}20.0 [")
    assert found["trade-off"].reason == slope.reason
    assert found["roar-l2-cross_entropy-gradient"].reason == ""


def test_a_score_that_rises_with_accuracy_contradicts_it():
    found = trade_offs(COSTLY)
    for spec, gap in ((LINF_WEAK, 0.05), (LINF_STRONG, 0.0)):
        draw_all(found.scores.values, STUDY, Arm(spec, "gradient"), "remove", 0.6 - gap)
    slope = judged_of(found)["roar-linf-cross_entropy-gradient"]
    assert slope.measured == pytest.approx(0.1 * 0.9 * 0.5, abs=0.015)
    assert (slope.verdict, slope.reason) == ("contradicted", "")


def test_equal_accuracies_decide_nothing():
    found = judged(FREE)
    slope = found["roar-linf-cross_entropy-gradient"]
    assert (slope.measured, slope.verdict) == (None, "not tested")


def test_a_cost_whose_interval_holds_0_leaves_the_trade_off_untested():
    found = trade_offs({**COSTLY, LINF_WEAK: 0.9, LINF_STRONG: 0.9})
    for run, accuracy in enumerate((0.85, 0.9, 0.94)):  # on average a point is lost, but not in every training
        right = np.random.default_rng(run).permutation(N) < accuracy * N
        found.scores.values["evaluation", LINF_STRONG, run]["clean"] = right
    cost = found.cost("linf")
    assert cost.low < 0 < cost.value < cost.high
    told = judged_of(found)
    points = with_interval(100 * cost.value, 100 * cost.low, 100 * cost.high, 1)
    reason = f"the strongest linf training costs {points} points of test accuracy, an interval that holds 0"
    for name in ("trade-off", "way-out-linf", "linf-kar-cross_entropy-gradient", "roar-linf-cross_entropy-gradient"):
        assert (told[name].verdict, told[name].reason) == ("not tested", reason), name
    assert told["way-out-attribution"].reason == ""
    assert told["roar-l2-cross_entropy-gradient"].reason == ""
    assert told["cost-linf"].verdict == "inconclusive"
    assert told["cost-l2"].verdict == "supported"


def test_without_networks_of_a_norm_its_claims_are_not_tested():
    study = dataclasses.replace(STUDY, l2_eps=())
    found = judged({}, study)
    assert found["trade-off"].reason == "there is no l2 adversarial training"
    assert found["way-out-linf"].verdict == "not tested"


def test_a_network_at_chance_costs_nothing_that_could_be_traded():
    found = trade_offs(COSTLY)
    for run in found.scores.runs:
        found.scores.values["evaluation", LINF_STRONG, run]["clean"] = np.arange(N) < 0.1 * N
    claim = judged_of(found)["trade-off"]
    assert claim.verdict == "not tested"
    assert claim.reason == f"{LINF_STRONG.name} is no better than chance on clean images in 3 of 3 trainings"
    assert any(alert.startswith(f"{LINF_STRONG.name}: no better than chance") for alert in claims.alerts(found))


def test_two_networks_make_no_trend():
    study = dataclasses.replace(STUDY, l2_eps=(4.0,), linf_eps=(0.2,))
    found = judged({L2_STRONG: 0.7, LINF_STRONG: 0.7}, study)
    slope, all_of_them = found["roar-linf-cross_entropy-gradient"], found["trade-off"]
    assert (slope.verdict, slope.reason) == ("not tested", "two networks make no trend")
    assert (all_of_them.verdict, all_of_them.reason) == ("not tested", "2 networks of a series make no correlation")


def test_at_equal_accuracy_the_norms_are_compared():
    assert judged(COSTLY)["linf-kar-cross_entropy-gradient"].verdict == "supported"


def test_little_spread_is_an_alert():
    assert "spans only 0.0 points" in "\n".join(claims.alerts(trade_offs(FREE)))
    assert "spans only" not in "\n".join(claims.alerts(trade_offs(COSTLY)))


def test_overfitting_to_one_step_is_told_with_the_first_epochs_at_which_it_was_seen():
    study = dataclasses.replace(STUDY, training=("adversarial", "fast"), epochs=4)
    found = trade_offs(COSTLY, study)
    weak, strong = [spec for spec in found.scores.networks if spec.method == "fast"]
    several = {
        (strong, 0): [0.6, 0.1, 0.5, 0.0],
        (strong, 2): [0.6, 0.5, 0.5, 0.5],
    }  # once it came back, once it did not
    for spec in (weak, strong):
        for run in range(3):
            watched = {"one_step": np.full(4, 0.75), "several_steps": np.array(several.get((spec, run), [0.6] * 4))}
            found.scores.values["overfitting", spec, run] = watched
    (told,) = (alert for alert in claims.alerts(found) if "overfitting" in alert)
    assert told.startswith(f"{strong.name}: catastrophic overfitting in 2 of 3 trainings, from epoch 2 on")
    assert "over 20 points more accuracy" in told
    rows = found.overfitting_table()["rows"]
    assert len(rows) == 2 * 3 * 4
    assert (rows[-1]["training"], rows[-1]["epoch"], rows[-1]["several_steps"]) == (3, 4, 0.5)


def test_what_does_not_score_above_a_control_that_knows_nothing_is_an_alert():
    found = trade_offs(COSTLY, EVERY)
    for spec in found.scores.networks:
        draw_all(found.scores.values, EVERY, Arm(spec, "brightness"), "keep", 0.9)
        draw_all(found.scores.values, EVERY, Arm(spec, "deeplift"), "keep", 0.99)
        draw_all(found.scores.values, EVERY, Arm(spec, "sobel"), "remove", 0.1)
    told = [alert for alert in claims.alerts(found) if "knows nothing of the network" in alert]
    assert told == [
        "In ROAR no attribution scores above Sobel edges, which knows nothing of the network, beyond the interval.",
        "In KAR DeepLIFT scores above Brightness, which knows nothing of the network, beyond the interval.",
    ]
    assert not any("knows nothing" in alert for alert in claims.alerts(trade_offs(COSTLY)))
