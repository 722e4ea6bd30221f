"""Claims and alerts of Section 3.3 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments import catalogue
from experiments.scores.arms import Arm
from reports.evidence.registered import PRIMARY
from reports.evidence.wording import with_interval
from reports.tradeoff.analysis import TradeOffs
from reports.tradeoff.section import SECTION
from reports.tradeoff.tables import overfitting_table
from tests.reports.roar.made_up import N, draw_all
from tests.reports.tradeoff.made_up import (
    COSTLY,
    FAST_STRONG,
    FAST_WEAK,
    FREE,
    L2_STRONG,
    L2_WEAK,
    LINF_STRONG,
    LINF_WEAK,
    STANDARD,
    STUDY,
    WITH_FAST,
    as_they_are,
    known,
    trade_offs,
    values_of,
)

WAYS_OUT = ("way-out-attribution", "way-out-linf")
EVERY = dataclasses.replace(STUDY, attributions=catalogue.everything("attributions"))


def judged(accuracies, study=STUDY, change=as_they_are):
    return judged_of(trade_offs(accuracies, study, change))


def judged_of(found):
    return {claim.id.removeprefix("tradeoff-"): claim for part in SECTION.claims for claim in part(found)}


def alerts(found):
    return [sentence for part in SECTION.alerts for sentence in part(found)]


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
    def keep_more(values):
        for spec in (LINF_STRONG, LINF_WEAK, L2_STRONG, L2_WEAK):
            draw_all(values, EVERY, Arm(spec, "deeplift"), "keep", 0.99)

    told = judged(COSTLY, EVERY, keep_more)
    assert told["way-out-deeplift"].verdict == told["deeplift-kar-robust"].verdict == "supported"
    assert told["deeplift-kar-beyond-ignorant"].verdict == "supported"
    assert abs(told["deeplift-kar-standard"].measured) < 0.02
    assert told["way-out-deeplift"].measured == pytest.approx(0.8 * told["deeplift-kar-robust"].measured, abs=0.01)
    assert abs(told["way-out-lrp_epsilon"].measured) < 0.02


def test_registered_claims_are_of_the_paper_s_attributions_whatever_others_are_listed():
    def of_another(values):
        for spec in (LINF_STRONG, L2_STRONG):
            for occlusion in ("remove", "keep"):
                draw_all(values, EVERY, Arm(spec, "deeplift"), occlusion, 0.1)

    before, after = judged(COSTLY, EVERY), judged(COSTLY, EVERY, of_another)
    assert after["way-out-deeplift"].measured != before["way-out-deeplift"].measured
    for name in ("trade-off", "way-out-linf"):
        assert after[name] == before[name]


def test_a_score_bought_with_accuracy_is_a_trade_off():
    found = judged(COSTLY)["roar-linf-cross_entropy-gradient"]
    slope = trade_offs(COSTLY).slope("roar", "cross_entropy", "linf", "gradient")
    assert found.verdict == "supported"
    assert found.measured == pytest.approx(slope.value / 10)
    assert (found.ci_low, found.ci_high) == pytest.approx((slope.low / 10, slope.high / 10))
    assert found.paper == "correlation \N{MINUS SIGN}0.94 (CIFAR-10, 10 to 90 %: another quantity)"


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
    def fall_with_strength(values):
        for spec, gap in ((LINF_WEAK, 0.05), (LINF_STRONG, 0.0)):
            draw_all(values, STUDY, Arm(spec, "gradient"), "remove", 0.6 - gap)

    slope = judged(COSTLY, change=fall_with_strength)["roar-linf-cross_entropy-gradient"]
    assert slope.measured == pytest.approx(0.1 * 0.9 * 0.5, abs=0.015)
    assert (slope.verdict, slope.reason) == ("contradicted", "")


def test_equal_accuracies_decide_nothing():
    found = judged(FREE)
    slope = found["roar-linf-cross_entropy-gradient"]
    assert (slope.measured, slope.verdict) == (None, "not tested")


def test_a_cost_whose_interval_holds_0_leaves_the_trade_off_untested():
    def now_and_then(values):  # on average a point is lost, but not in every training
        for run, accuracy in enumerate((0.85, 0.9, 0.94)):
            right = np.random.default_rng(run).permutation(N) < accuracy * N
            values["evaluation", LINF_STRONG, run]["clean"] = right

    found = trade_offs({**COSTLY, LINF_WEAK: 0.9, LINF_STRONG: 0.9}, change=now_and_then)
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
    for name in ("trade-off", "way-out-linf"):
        assert (found[name].verdict, found[name].primary) == ("not tested", False)
        assert found[name].reason == "there is no l2 adversarial training"
    assert found["way-out-attribution"].primary


def test_without_both_attributions_the_way_out_by_attributions_is_not_registered():
    found = judged(COSTLY, dataclasses.replace(STUDY, attributions=("gradient",)))
    assert not found["way-out-attribution"].primary
    assert found["way-out-attribution"].reason == "the study has not both attributions of the paper"
    assert found["trade-off"].primary


def test_a_cost_says_over_which_trainings_it_is_where_some_collapsed():
    def collapse(values):
        values["evaluation", L2_STRONG, 1]["clean"] = np.arange(N) < 0.1 * N

    found = judged(COSTLY, change=collapse)
    assert found["cost-l2"].measured == pytest.approx(0.2)
    assert " in the 2 of 3 trainings in which it did not collapse; " in found["cost-l2"].unit
    assert "collapse" not in found["cost-linf"].unit


def test_a_network_at_chance_costs_nothing_that_could_be_traded():
    def at_chance(values):
        for run in range(3):
            values["evaluation", LINF_STRONG, run]["clean"] = np.arange(N) < 0.1 * N

    found = trade_offs(COSTLY, change=at_chance)
    claim = judged_of(found)["trade-off"]
    assert claim.verdict == "not tested"
    assert claim.reason == f"{LINF_STRONG.name} is no better than chance on clean images in 3 of 3 trainings"
    assert any(alert.startswith(f"{LINF_STRONG.name}: no better than chance") for alert in alerts(found))


def test_two_networks_make_no_trend():
    study = dataclasses.replace(STUDY, l2_eps=(4.0,), linf_eps=(0.2,))
    found = judged({L2_STRONG: 0.7, LINF_STRONG: 0.7}, study)
    slope, all_of_them = found["roar-linf-cross_entropy-gradient"], found["trade-off"]
    assert (slope.verdict, slope.reason) == ("not tested", "two networks make no trend")
    assert (all_of_them.verdict, all_of_them.reason) == ("not tested", "2 networks of a series make no correlation")
    assert not all_of_them.primary
    assert found["way-out-linf"].primary


def test_at_equal_accuracy_the_norms_are_compared():
    assert judged(COSTLY)["linf-kar-cross_entropy-gradient"].verdict == "supported"


def test_little_spread_is_an_alert():
    assert "spans only 0.0 points" in "\n".join(alerts(trade_offs(FREE)))
    assert "spans only" not in "\n".join(alerts(trade_offs(COSTLY)))


def test_overfitting_to_one_step_is_told_with_the_first_epochs_at_which_it_was_seen():
    # Once it came back, once it did not.
    several = {(FAST_STRONG, 0): [0.6, 0.1, 0.5, 0.0], (FAST_STRONG, 2): [0.6, 0.5, 0.5, 0.5]}

    def watch(values):
        for spec in (FAST_WEAK, FAST_STRONG):
            for run in range(3):
                under_several = np.array(several.get((spec, run), [0.6] * 4))
                watched = {"one_step": np.full(4, 0.75), "several_steps": under_several}
                values["overfitting", spec, run] = watched

    found = trade_offs(COSTLY, WITH_FAST, watch)
    (told,) = (alert for alert in alerts(found) if "overfitting" in alert)
    assert told.startswith(f"{FAST_STRONG.name}: catastrophic overfitting in 2 of 3 trainings, from epoch 2 on")
    assert "over 20 points more accuracy" in told
    rows = overfitting_table(found).rows
    assert len(rows) == 2 * 3 * 4
    assert (rows[-1]["training"], rows[-1]["epoch"], rows[-1]["several_steps"]) == (3, 4, 0.5)


def test_what_does_not_score_above_a_control_that_knows_nothing_is_an_alert():
    def above_others(values):
        for spec in COSTLY:
            draw_all(values, EVERY, Arm(spec, "brightness"), "keep", 0.9)
            draw_all(values, EVERY, Arm(spec, "deeplift"), "keep", 0.99)
            draw_all(values, EVERY, Arm(spec, "sobel"), "remove", 0.1)

    told = [
        alert for alert in alerts(trade_offs(COSTLY, EVERY, above_others)) if "knows nothing of the network" in alert
    ]
    assert told == [
        "In ROAR no attribution scores above Sobel edges, which knows nothing of the network, beyond the interval.",
        "In KAR DeepLIFT scores above Brightness, which knows nothing of the network, beyond the interval.",
    ]
    assert not any("knows nothing" in alert for alert in alerts(trade_offs(COSTLY)))


def test_other_trainings_are_compared_with_pgd_s_at_equal_accuracy():
    found = judged_of(TradeOffs(values_of(known())))
    compared = found["fast-roar-at-equal-accuracy"]
    # Fast minus linf PGD training is -0.18675 at 0.75, -0.1575 at 0.80, -0.07875 at 0.85 and 0 at 0.90.
    assert compared.measured == pytest.approx(-0.1099, abs=0.003)
    assert (compared.check, compared.positive, compared.dataset) == (True, True, "mnist_5k")
    assert "fast-kar-at-equal-accuracy" in found
    assert "linf-roar-at-equal-accuracy" not in found


def test_claims_come_from_the_registered_ones_on():
    groups = ["way-out-linf", "one-step-fast", "cost-l2", "roar-l2-cross_entropy-gradient", "gradient_x_input-roar"]
    names = list(judged_of(TradeOffs(values_of(known()))))
    places = [names.index(name) for name in (*groups, "linf-kar-cross_entropy-gradient", "fast-roar-at-equal-accuracy")]
    assert places == sorted(places)


def test_alerts_come_from_what_is_of_this_section_on():
    measured = known()
    for run in range(3):
        measured.values["evaluation", LINF_STRONG, run]["clean"] = np.arange(N) < 0.1 * N
    begins = [
        f"{FAST_WEAK.name}: catastrophic overfitting in 2 of 3 trainings, from epoch 1 on",
        f"{FAST_STRONG.name}: catastrophic overfitting in 3 of 3 trainings, from epoch 1 on",
        f"{LINF_STRONG.name}: no better than chance",
        "The paper's scores are of CIFAR-10, over 10, 30, ",
        "Small scale: width 0.125",
        "Every training uses the same 2,000 training images",
    ]
    told = alerts(TradeOffs(values_of(measured)))
    assert [sentence[: len(begin)] for sentence, begin in zip(told, begins, strict=True)] == begins
