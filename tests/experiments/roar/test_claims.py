"""Claims and alerts of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.roar import claims
from experiments.roar.analysis import Scores
from experiments.roar.pieces import Arm, Retraining
from experiments.roar.study import RoarStudy
from tests.experiments.roar.made_up import STUDY, N, draw, made_up


def judged(measured):
    return {claim.id.split("/")[1]: claim for claim in claims.claims(Scores(measured))}


def alerts(measured):
    return claims.alerts(Scores(measured))


def test_gains_are_found_where_they_were_put():
    found = judged(made_up())
    # a gap of 0.2 at every percentage from 10 to 90: 0.2 * (0.15 + 0.6 + 0.15)
    assert found["roar-linf-gradient"].measured == pytest.approx(0.18, abs=0.015)
    assert found["roar-linf-gradient"].verdict == "supported"
    assert found["kar-linf-gradient_x_input"].verdict == "supported"
    assert abs(found["roar-l2-gradient"].measured) < 0.02
    assert found["roar-l2-gradient"].verdict == "inconclusive"
    assert found["masks-leak"].measured == pytest.approx(0.3, abs=0.01)
    assert found["masks-leak"].verdict == "supported"


def test_checks_of_our_own_are_told_from_the_paper_s_claims():
    ours = {name for name, claim in judged(made_up()).items() if claim.check}
    assert ours == {"masks-leak"} | {
        f"{control}-{norm}-{attribution}"
        for control in ("beyond-blur", "blurred")
        for norm in ("l2", "linf")
        for attribution in ("gradient", "gradient_x_input")
    }


def test_blur_controls_compare_what_they_say():
    found = judged(made_up())
    # robust plain 0.3 against standard blurred 0.05, times 0.9; both blurred are equal
    assert found["beyond-blur-linf-gradient"].measured == pytest.approx(0.225, abs=0.02)
    assert abs(found["blurred-linf-gradient"].measured) < 0.02
    row = Scores(made_up()).control_table()["rows"][0]
    assert row["gain"] - row["gain_from_blur"] == pytest.approx(row["beyond_blur"], abs=1e-9)


def test_trends_over_few_networks_get_no_verdict_and_over_many_do():
    assert judged(made_up())["trend-l2-cross_entropy-gradient"].verdict == "inconclusive"
    many = dataclasses.replace(STUDY, linf_eps=tuple(round(0.02 * i, 2) for i in range(1, 9)), controls=False)
    measured = made_up(many)
    for spec in networks(many):
        if spec.norm == "linf":
            falling = 0.55 - 2.5 * spec.strength
            draw(measured.values, many, Arm(spec, "gradient"), "remove", falling, np.random.default_rng(1))
    trend = judged(measured)["trend-linf-cross_entropy-gradient"]
    assert trend.verdict == "supported"
    assert (trend.n, trend.measured > 0.9) == (9, True)


def test_a_sound_run_of_the_protocol_has_no_alert_but_the_step():
    study = RoarStudy(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,))
    measured = made_up(study)
    measured.values["data"]["train_images"] = np.array(50000)
    assert alerts(measured) == []
    assert [text for text in alerts(made_up()) if "step is 4 times its eps" in text]


def test_a_precision_that_changes_robust_accuracy_is_told():
    study = dataclasses.replace(STUDY, precision="mixed_bfloat16")
    measured = made_up(study)
    for spec in networks(study):
        share = 0.5 if spec == STANDARD else 0.49
        measured.values["evaluation", spec]["pgd_float32"] = np.arange(N) < share * N
    told = [text for text in alerts(measured) if "--precision=float32" in text]
    assert len(told) == len(networks(study)) - 1
    assert told[0].endswith(
        "is 50.0% in mixed_bfloat16, but 49.0% when the attack runs in float32. Use --precision=float32."
    )


def test_alerts_say_what_is_wrong():
    measured = made_up(dataclasses.replace(STUDY, repeats=1), second_random=0.1)
    robust = networks(STUDY)[1]
    measured.values["maps", Arm(robust, "gradient")]["zero_images"] = np.array(0.25)
    measured.values["evaluation", robust]["fgsm"] = np.arange(N) < 0.8 * N
    measured.values["evaluation", STANDARD]["clean"] = np.arange(N) < 0.1 * N
    text = "\n".join(alerts(measured))
    assert "1 repetition per retraining" in text
    assert f"{robust.name}: the gradient is exactly zero on 25.0%" in text
    assert f"{robust.name}: catastrophic overfitting" in text
    assert "standard: no better than chance" in text
    assert "Null test failed" in text
    assert "CIFAR-10 alone" in text


def test_a_partial_copy_of_a_data_set_is_named():
    measured = made_up(RoarStudy(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,)))
    measured.values["data"]["train_images"] = np.array(20000)
    assert "This copy of cifar10 has 20,000 training images, the published one 50,000." in alerts(measured)


def test_claims_about_a_network_that_is_missing_are_left_out():
    measured = made_up()
    strong = [spec for spec in networks(STUDY) if spec.norm == "linf"][-1]
    del measured.values[Retraining(Arm(strong, "gradient"), "keep", STUDY.percentiles[0], 0)]
    found = judged(measured)
    assert "mean over 1 trained networks" in found["roar-linf-gradient"].unit
    assert "beyond-blur-linf-gradient" not in found
    assert "beyond-blur-l2-gradient" in found
