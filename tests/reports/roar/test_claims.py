"""Claims of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import Arm
from reports.evidence.registered import PRIMARY
from reports.roar.control_tables import blur_table
from reports.roar.section import SECTION
from tests.reports.roar.made_up import LINF_STRONG, STUDY, N, draw_all, lose, made_up, scores_of

RUNS = range(STUDY.training_seeds)


def claims_of(measured):
    found = scores_of(measured)
    return [claim for part in SECTION.claims for claim in part(found)]


def judged(measured):
    return {claim.id: claim for claim in claims_of(measured)}


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
    assert len(claims_of(made_up())) == len(found)  # no id twice


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
        for control in (
            *("beyond-blur", "equal-roughness", "blurred", "beyond-masks-roar", "beyond-masks-kar"),
            *("imputed-roar", "imputed-kar"),
        )
        for norm in ("l2", "linf")
        for attribution in ("gradient", "gradient_x_input")
    }


def test_blur_controls_compare_what_they_say():
    found = judged(made_up())
    # plain 0.3 against 0.1; every blur of the standard network loses, so that nothing is taken from the gain
    assert found["beyond-blur-linf-gradient"].measured == pytest.approx(found["roar-linf-gradient"].measured)
    assert found["equal-roughness-linf-gradient"].measured == pytest.approx(0.9 * (0.3 - 0.1), abs=0.02)
    assert abs(found["blurred-linf-gradient"].measured) < 0.02
    row = blur_table(scores_of(made_up())).rows[0]
    assert row["gain"] - max(row["gain_from_blur"], 0) == pytest.approx(row["beyond_blur"], abs=1e-9)

    measured = made_up()
    draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", 2.0), "remove", 0.3, seed=5)  # blur gives all of it
    beyond = judged(measured)["beyond-blur-linf-gradient"]
    assert abs(beyond.measured) < 0.02
    assert beyond.verdict == "inconclusive"


def test_controls_are_judged_whichever_sign_a_change_has():
    measured = made_up()
    for occlusion, accuracy in (("remove", 0.7), ("keep", 0.6)):  # both scores fall
        draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), occlusion, accuracy, seed=8)
    found = judged(measured)
    for name in ("beyond-blur", "equal-roughness", "beyond-masks-roar", "beyond-masks-kar"):
        claim = found[f"{name}-linf-gradient"]
        assert (claim.verdict, claim.reason) == ("contradicted", "")


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
    scores = scores_of(measured)
    assert scores.runs == [0, 1, 2]
    assert scores.network(LINF_STRONG.name) not in scores.networks


def test_masks_that_give_all_of_a_gain_leave_nothing_beyond():
    measured = made_up()
    for metric in ("roar", "kar"):
        assert judged(measured)[f"beyond-masks-{metric}-linf-gradient"].verdict == "supported"
    # Masks that tell more of the class make KAR, those that tell less make ROAR.
    for metric, accuracy in (("kar", 0.8), ("roar", 0.0)):
        draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "mask", accuracy)
        beyond = judged(measured)[f"beyond-masks-{metric}-linf-gradient"]
        assert beyond.measured == pytest.approx(0.9 * (0.2 - 0.4), abs=0.02)
        assert beyond.verdict == "contradicted"
        other = judged(measured)[f"beyond-masks-{'roar' if metric == 'kar' else 'kar'}-linf-gradient"]
        assert other.measured == pytest.approx(0.9 * 0.2, abs=0.02)  # nothing is added where masks predict the reverse


def test_a_fall_that_masks_predict_leaves_nothing_beyond():
    measured = made_up()
    strong = [spec for spec in networks(STUDY) if spec.norm == "l2"][-1]
    draw_all(measured.values, STUDY, Arm(strong, "gradient"), "keep", 0.5)  # 0.2 below the standard network's
    claim = judged(measured)["beyond-masks-kar-l2-gradient"]
    assert claim.statement == "l2 training lowers Gradient's KAR score by more than masks alone predict"
    assert claim.measured == pytest.approx(0.9 * 0.2, abs=0.02)
    assert (claim.positive, claim.verdict) == (True, "supported")
    draw_all(measured.values, STUDY, Arm(strong, "gradient"), "mask", 0.2)
    assert judged(measured)["beyond-masks-kar-l2-gradient"].measured == pytest.approx(0, abs=0.02)


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
    # Accuracy falls by 0.4 from strength 0 to the strongest's 0.16, the gap of the standard network being 0.05 more.
    places, gaps = np.arange(9) / 8, np.array([0.1, *(0.05 + 0.05 * np.arange(1, 9))])
    assert trend.measured == pytest.approx(0.9 * np.polyfit(places, gaps, 1)[0], abs=0.01)
    assert trend.n == 3
    assert "slope over 9 networks" in trend.unit


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


def test_one_training_that_failed_counts():
    measured = made_up()
    measured.values["evaluation", LINF_STRONG, 1]["clean"] = np.arange(N) < 0.1 * N
    assert judged(measured)["roar-linf-gradient"].verdict == "supported"


def test_without_networks_of_a_norm_its_registered_claims_are_not_tested():
    found = judged(made_up(dataclasses.replace(STUDY, l2_eps=())))
    # By design: they are not registered for these data.
    assert {name for name, claim in found.items() if claim.primary} == {
        name for name, known in PRIMARY.items() if known.section == "3.2" and "-l2-" not in name
    }
    for name in ("roar-l2-gradient", "kar-l2-gradient_x_input", "roar-l2-gradient-this-image"):
        assert (found[name].verdict, found[name].reason) == ("not tested", "there is no l2 adversarial training")
    assert found["roar-linf-gradient"].verdict == "supported"


def test_claims_about_a_network_that_is_missing_are_left_out():
    measured = made_up()
    lose(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "keep", STUDY.percentiles[0])
    found = judged(measured)
    assert "mean over 1 trained networks" in found["mean-roar-linf-gradient"].unit
    assert "beyond-blur-linf-gradient" not in found
    assert "beyond-blur-l2-gradient" in found


def test_what_belongs_to_the_image_is_claimed_beside_the_whole_score():
    found = judged(made_up())
    # Of a gap of 0.2 that training adds, the last quarter is what the image's own ranks give.
    for metric in ("roar", "kar"):
        claim = found[f"{metric}-linf-gradient-this-image"]
        assert claim.primary
        assert claim.measured == pytest.approx(0.9 * 0.2 / 4, abs=0.02)
    measured = made_up()
    draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient", baseline="matched"), "remove", 0.3, seed=7)
    claim = judged(measured)["roar-linf-gradient-this-image"]
    assert claim.measured == pytest.approx(-0.9 * 0.1 / 4, abs=0.02)  # all of the gain is the masks'
    assert judged(measured)["roar-linf-gradient"].verdict == "supported"


def test_a_study_that_takes_no_score_apart_has_no_claim_about_a_part_registered():
    some = judged(made_up(dataclasses.replace(STUDY, parts_of=("gradient",))))
    assert some["roar-linf-gradient-this-image"].primary
    claim = some["roar-linf-gradient_x_input-this-image"]
    assert (claim.primary, claim.verdict) == (False, "not tested")
    assert claim.reason.endswith(
        "takes the scores of Gradient\N{MULTIPLICATION SIGN}Input apart (--controls, --parts_of)"
    )
    assert some["roar-linf-gradient_x_input"].primary

    measured = made_up()
    lose(measured.values, STUDY, Arm(LINF_STRONG, "gradient", baseline="matched"), "remove", STUDY.percentiles[0])
    claim = judged(measured)["roar-linf-gradient-this-image"]
    assert (claim.primary, claim.reason) == (True, "retrainings that take the score apart are missing")


def test_with_imputed_pixels_training_is_compared_beside_random_pixels_filled_alike():
    measured = made_up()
    for arm in (Arm(LINF_STRONG, "gradient", fill="imputed"), Arm(None, "random", draw=1, fill="imputed")):
        draw_all(measured.values, STUDY, arm, "remove", 0.4 if arm.network else 0.8, seed=4)
    draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", fill="imputed"), "remove", 0.5, seed=4)
    claim = judged(measured)["imputed-roar-linf-gradient"]
    assert claim.statement == (
        "With removed pixels imputed from their neighbours, linf training still raises the ROAR score of Gradient"
    )
    assert claim.measured == pytest.approx(0.9 * 0.1, abs=0.02)
    falls = judged(measured)["imputed-kar-l2-gradient"]
    assert (falls.positive, "still lowers the KAR score" in falls.statement) == (False, True)


def test_the_paper_s_numbers_are_named_as_what_they_are():
    paper = judged(made_up())["roar-linf-gradient"].paper
    assert paper == "+0.047 (CIFAR-10, 10 to 90 %: another quantity)"


def test_a_single_blur_is_named():
    two = judged(made_up())["beyond-blur-l2-gradient"]
    assert "any blur by 0.5, 1 or 2 pixels of the standard network's scores" in two.statement
    one = judged(made_up(dataclasses.replace(STUDY, blur_sweep=(1.0,))))["beyond-blur-l2-gradient"]
    assert "by more than a blur by 1 pixel of the standard network's scores does" in one.statement
