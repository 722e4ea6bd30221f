"""Claims and alerts of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.paper import PRIMARY
from experiments.roar import claims
from experiments.roar.alerts import alerts as all_alerts
from experiments.roar.analysis import Scores
from experiments.roar.pieces import Arm
from experiments.roar.study import RoarStudy
from experiments.roar.tables import blur_table
from tests.experiments.roar.made_up import LINF_STRONG, STUDY, N, draw_all, lose, made_up

RUNS = range(STUDY.training_seeds)


def judged(measured):
    return {claim.id.split("/")[1]: claim for claim in claims.claims(Scores(measured))}


def alerts(measured):
    return all_alerts(Scores(measured))


def test_gains_are_found_where_they_were_put():
    found = judged(made_up())
    # a gap of 0.2 at every percentage from 10 to 90: 0.2 * (0.15 + 0.6 + 0.15)
    assert found["roar-linf-gradient"].measured == pytest.approx(0.18, abs=0.015)
    assert found["roar-linf-gradient"].verdict == "supported"
    assert found["roar-linf-gradient"].n == 3
    assert found["mean-roar-linf-gradient"].measured == pytest.approx(0.18, abs=0.015)
    assert found["mean-roar-linf-gradient"].verdict == "supported"
    assert found["kar-linf-gradient_x_input"].verdict == "supported"
    assert abs(found["roar-l2-gradient"].measured) < 0.02
    assert found["roar-l2-gradient"].verdict == "inconclusive"
    assert found["masks-leak"].measured == pytest.approx(0.3, abs=0.01)
    assert found["masks-leak"].verdict == "supported"


def test_the_registered_claims_of_the_section_come_first_and_are_all_there():
    found = list(judged(made_up()).items())
    registered = [name for name, known in PRIMARY.items() if known.section == "3.2"]
    assert {name for name, claim in found if claim.primary} == set(registered)
    assert {name for name, _ in found[: len(registered)]} == set(registered)
    assert len(claims.claims(Scores(made_up()))) == len(found)  # no id twice


def test_a_claim_that_the_paper_has_falling_is_supported_by_a_fall():
    measured = made_up()
    strong = [spec for spec in networks(STUDY) if spec.norm == "l2"][-1]
    draw_all(measured.values, STUDY, Arm(strong, "gradient"), "keep", 0.5)
    found = judged(measured)["kar-l2-gradient"]
    assert (found.positive, found.verdict) == (False, "supported")
    assert found.measured < 0


def test_checks_of_our_own_are_told_from_the_paper_s_claims():
    ours = {name for name, claim in judged(made_up()).items() if claim.check}
    assert ours == {"masks-leak", "chance-roar", "chance-kar"} | {
        f"{control}-{norm}-{attribution}"
        for control in ("beyond-blur", "equal-roughness", "blurred", "beyond-masks")
        for norm in ("l2", "linf")
        for attribution in ("gradient", "gradient_x_input")
    }


def test_blur_controls_compare_what_they_say():
    found = judged(made_up())
    # plain 0.3 against 0.1; every blur of the standard network loses, so that nothing is taken from the gain
    assert found["beyond-blur-linf-gradient"].measured == pytest.approx(found["roar-linf-gradient"].measured)
    assert found["equal-roughness-linf-gradient"].measured == pytest.approx(0.9 * (0.3 - 0.1), abs=0.02)
    assert abs(found["blurred-linf-gradient"].measured) < 0.02
    row = blur_table(Scores(made_up()))["rows"][0]
    assert row["gain"] - max(row["gain_from_blur"], 0) == pytest.approx(row["beyond_blur"], abs=1e-9)

    measured = made_up()
    draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", 2.0), "remove", 0.3, seed=5)  # blur gives all of it
    beyond = judged(measured)["beyond-blur-linf-gradient"]
    assert abs(beyond.measured) < 0.02
    assert beyond.verdict == "inconclusive"


def test_where_training_gains_nothing_no_control_is_judged():
    measured = made_up()
    for occlusion, accuracy in (("remove", 0.5), ("keep", 0.7)):  # as the standard network's
        draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), occlusion, accuracy, seed=8)
    draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "mask", 0.8)
    found = judged(measured)
    for name in ("beyond-blur", "equal-roughness", "beyond-masks"):
        claim = found[f"{name}-linf-gradient"]
        assert claim.verdict == "not tested"
        assert claim.reason.startswith("there is no gain to explain")


def test_no_blur_reaches_a_rougher_map():
    measured = made_up()
    for run in RUNS:
        measured.values["maps", Arm(LINF_STRONG, "gradient"), run]["roughness"] = np.array(3.0)
    claim = judged(measured)["equal-roughness-linf-gradient"]
    assert claim.reason == "its roughness is 3, the standard network's 0.267 to 0.8, blurred or not"


def test_the_strongest_network_has_no_stand_in():
    measured = made_up()
    for run in RUNS:
        del measured.values["evaluation", LINF_STRONG, run]
    claim = judged(measured)["roar-linf-gradient"]
    assert (claim.verdict, claim.reason) == ("not tested", "the strongest linf adversarial training is missing")


def test_a_network_of_one_training_in_three_takes_no_trainings_from_the_others():
    measured = made_up()
    for run in list(RUNS)[1:]:
        del measured.values["evaluation", LINF_STRONG, run]
    scores = Scores(measured)
    assert scores.runs == [0, 1, 2]
    assert LINF_STRONG not in scores.networks


def test_masks_that_give_all_of_a_gain_leave_nothing_beyond():
    measured = made_up()
    assert judged(measured)["beyond-masks-linf-gradient"].verdict == "supported"
    draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "mask", 0.8)
    beyond = judged(measured)["beyond-masks-linf-gradient"]
    assert beyond.measured == pytest.approx(0.9 * (0.2 - 0.4), abs=0.02)
    assert beyond.verdict == "contradicted"


def test_trends_over_few_networks_get_no_verdict_and_over_many_do():
    assert judged(made_up())["trend-l2-cross_entropy-gradient"].verdict == "inconclusive"
    two = made_up(dataclasses.replace(STUDY, linf_eps=(0.2,)))
    trend = judged(two)["trend-linf-cross_entropy-gradient"]
    assert (trend.verdict, trend.reason) == ("not tested", "2 networks make no trend")
    many = dataclasses.replace(STUDY, linf_eps=tuple(round(0.02 * i, 2) for i in range(1, 9)), controls=False)
    measured = made_up(many)
    for spec in networks(many):
        if spec.norm == "linf":
            falling = 0.55 - 2.5 * spec.strength
            draw_all(measured.values, many, Arm(spec, "gradient"), "remove", falling)
    trend = judged(measured)["trend-linf-cross_entropy-gradient"]
    assert trend.verdict == "supported"
    assert (trend.n, trend.measured > 0.9) == (3, True)
    assert "correlation over 9 networks" in trend.unit


@pytest.mark.parametrize("repeats", [1, 4])
def test_one_training_has_numbers_but_no_verdict(repeats):
    found = judged(made_up(dataclasses.replace(STUDY, training_seeds=1, repeats=repeats)))["roar-linf-gradient"]
    assert (found.verdict, found.p, found.n) == ("not tested", None, 1)
    assert found.ci_low > 0  # of the choice of images alone
    assert "these networks alone" in found.unit
    assert found.reason.startswith("one training: the numbers are about these networks")


def test_nothing_is_tested_of_a_network_that_learned_nothing():
    measured = made_up()
    for run in RUNS:
        measured.values["evaluation", LINF_STRONG, run]["clean"] = np.arange(N) < 0.1 * N
    found = judged(measured)
    assert found["roar-linf-gradient"].verdict == "not tested"
    assert "no better than chance on clean images in 3 of 3 trainings" in found["roar-linf-gradient"].reason
    assert found["roar-l2-gradient"].verdict != "not tested"


def test_one_training_that_failed_counts_and_is_told():
    measured = made_up()
    measured.values["evaluation", LINF_STRONG, 1]["clean"] = np.arange(N) < 0.1 * N
    assert judged(measured)["roar-linf-gradient"].verdict == "supported"
    text = "\n".join(alerts(measured))
    assert f"{LINF_STRONG.name}: no better than chance on clean images in 1 of 3 trainings" in text
    assert "standard: no better than chance" not in text


def test_without_networks_of_a_norm_its_registered_claims_are_not_tested():
    found = judged(made_up(dataclasses.replace(STUDY, l2_eps=())))
    assert {name for name, claim in found.items() if claim.primary} == {
        name for name, known in PRIMARY.items() if known.section == "3.2"
    }
    for name in ("roar-l2-gradient", "kar-l2-gradient_x_input"):
        assert (found[name].verdict, found[name].reason) == ("not tested", "there is no l2 adversarial training")
    assert found["roar-linf-gradient"].verdict == "supported"


def test_a_sound_run_of_the_protocol_has_no_alert_but_the_step():
    study = RoarStudy(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,))
    measured = made_up(study)
    measured.values["data"]["train_images"] = np.array(50000)
    assert alerts(measured) == []
    (told,) = [text for text in alerts(made_up()) if "step exceeds its eps" in text]
    assert told.endswith("up to 2 times: l2 eps 1 cross_entropy.")


def test_a_precision_that_changes_robust_accuracy_is_told():
    study = dataclasses.replace(STUDY, precision="mixed_bfloat16")
    measured = made_up(study)
    for spec in networks(study):
        for run in RUNS:
            share = 0.5 if spec == STANDARD else 0.49
            measured.values["evaluation", spec, run]["pgd_float32"] = np.arange(N) < share * N
    told = [text for text in alerts(measured) if "--precision=float32" in text]
    assert len(told) == len(networks(study)) - 1
    assert told[0].endswith(
        "is 50.0% in mixed_bfloat16, but 49.0% when the attack runs in float32. Use --precision=float32."
    )


def test_alerts_say_what_is_wrong():
    study = dataclasses.replace(STUDY, training_seeds=1, training=("adversarial", "fast"))
    measured = made_up(study, other_random=0.1)
    robust = next(spec for spec in networks(study) if spec.method == "fast")
    measured.values["maps", Arm(robust, "gradient"), 0]["zero_images"] = np.array(0.25)
    measured.values["maps", Arm(STANDARD, "gradient_x_input"), 0]["likeness"] = np.full(N, 0.97)
    for spec in networks(study):  # another than one of one step withstands its own step and is no case of it
        measured.values["evaluation", spec, 0]["fgsm"] = np.arange(N) < 0.8 * N
    measured.values["evaluation", STANDARD, 0]["clean"] = np.arange(N) < 0.1 * N
    draw_all(measured.values, measured.study, Arm(LINF_STRONG, "gradient"), "mask", 0.95)
    text = "\n".join(alerts(measured))
    assert "Every network was trained once" in text
    assert f"{robust.name}: the gradient is exactly zero on 25.0%" in text
    assert f"{robust.name}: catastrophic overfitting, one step leaves 30 points more accuracy than PGD does" in text
    assert text.count("catastrophic overfitting") == sum(spec.method == "fast" for spec in networks(study))
    assert "standard: no better than chance" in text
    assert "Null test failed" in text
    assert "CIFAR-10 alone" in text
    assert "rank correlation 0.97; 50% of the pixels" in text
    assert f"{LINF_STRONG.name}, Gradient: with 10 % of the pixels the masks alone reach 9" in text


def test_a_partial_copy_of_a_data_set_is_named():
    measured = made_up(RoarStudy(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,)))
    measured.values["data"]["train_images"] = np.array(20000)
    assert "This copy of cifar10 has 20,000 training images, the published one 50,000." in alerts(measured)


def test_claims_about_a_network_that_is_missing_are_left_out():
    measured = made_up()
    lose(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "keep", STUDY.percentiles[0])
    found = judged(measured)
    assert "mean over 1 trained networks" in found["mean-roar-linf-gradient"].unit
    assert "beyond-blur-linf-gradient" not in found
    assert "beyond-blur-l2-gradient" in found
