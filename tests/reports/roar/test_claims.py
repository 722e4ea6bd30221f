"""Claims of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import Arm
from reports.evidence.registered import PRIMARY
from reports.roar.section import SECTION
from reports.roar.tables import blur_table
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
    row = blur_table(scores_of(made_up())).rows[0]
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
    scores = scores_of(measured)
    assert scores.runs == [0, 1, 2]
    assert scores.network(LINF_STRONG.name) not in scores.networks


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


def test_one_training_that_failed_counts():
    measured = made_up()
    measured.values["evaluation", LINF_STRONG, 1]["clean"] = np.arange(N) < 0.1 * N
    assert judged(measured)["roar-linf-gradient"].verdict == "supported"


def test_without_networks_of_a_norm_its_registered_claims_are_not_tested():
    found = judged(made_up(dataclasses.replace(STUDY, l2_eps=())))
    assert {name for name, claim in found.items() if claim.primary} == {
        name for name, known in PRIMARY.items() if known.section == "3.2"
    }
    for name in ("roar-l2-gradient", "kar-l2-gradient_x_input"):
        assert (found[name].verdict, found[name].reason) == ("not tested", "there is no l2 adversarial training")
    assert found["roar-linf-gradient"].verdict == "supported"


def test_claims_about_a_network_that_is_missing_are_left_out():
    measured = made_up()
    lose(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "keep", STUDY.percentiles[0])
    found = judged(measured)
    assert "mean over 1 trained networks" in found["mean-roar-linf-gradient"].unit
    assert "beyond-blur-linf-gradient" not in found
    assert "beyond-blur-l2-gradient" in found
