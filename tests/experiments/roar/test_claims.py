"""Claims and alerts of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest
from experiments.roar.measurements import Measurements
from experiments.settings.settings import Study, make_settings

from experiments.networks.grid import RANDOM, SECOND_RANDOM, STANDARD, Arm, cells, networks
from experiments.roar.analysis import Numbers
from experiments.roar.claims import Claims

(STUDY,) = make_settings("roar", "quick", {"repeats": 3}).studies
N = 800


def gap(arm: Arm, metric: str) -> float:
    """How far below the random baseline an arm's accuracy is made to lie, at every percentage."""
    if arm.network is None or metric == "mask":
        return 0.0
    if arm.blurred:
        return 0.05
    robust = 0.2 if arm.network.norm == "linf" else 0.0
    return (0.1 + robust) * (1 if metric == "roar" else -1)


def made_up(study=STUDY, second_random=0.0):
    rng = np.random.default_rng(0)
    correct = {}
    for arm, metric in dict.fromkeys((cell.arm, cell.metric) for cell in cells(study)):
        accuracy = 0.4 if metric == "mask" else 0.6 - gap(arm, metric)
        if arm.attribution == SECOND_RANDOM:
            accuracy -= second_random
        correct[arm, metric] = rng.random((study.repeats, len(study.percentiles), N)) < accuracy
    evaluation = {"clean": np.arange(N) < 0.9 * N, "pgd": np.arange(N) < 0.5 * N, "fgsm": np.arange(N) < 0.6 * N}
    maps = {"roughness": np.array(0.5), "zero_pixels": np.array(0.0), "zero_images": np.array(0.0)}
    arms = {arm for arm, _ in correct if arm.network}
    data = {"train_images": np.array(2000), "test_images": np.array(N), "chance": np.array(0.1)}
    evaluations = {spec: dict(evaluation) for spec in networks(study)}
    return Measurements(study, data, evaluations, correct, {arm: dict(maps) for arm in arms}, [])


def judged(measured):
    return {claim.id.split("/")[1]: claim for claim in Claims(Numbers(measured)).claims()}


def alerts(measured):
    return Claims(Numbers(measured)).alerts()


def test_gains_are_found_where_they_were_put():
    claims = judged(made_up())
    # a gap of 0.2 at every percentage from 10 to 90: 0.2 * (0.15 + 0.6 + 0.15)
    assert claims["roar-linf-gradient"].measured == pytest.approx(0.18, abs=0.015)
    assert claims["roar-linf-gradient"].verdict == "supported"
    assert claims["kar-linf-gradient_x_input"].verdict == "supported"
    assert abs(claims["roar-l2-gradient"].measured) < 0.02
    assert claims["roar-l2-gradient"].verdict == "inconclusive"
    assert claims["masks-leak"].measured == pytest.approx(0.3, abs=0.01)
    assert claims["masks-leak"].verdict == "supported"


def test_blur_controls_compare_what_they_say():
    claims = judged(made_up())
    # robust plain 0.3 against standard blurred 0.05, times 0.9; both blurred are equal
    assert claims["beyond-blur-linf-gradient"].measured == pytest.approx(0.225, abs=0.02)
    assert abs(claims["blurred-linf-gradient"].measured) < 0.02
    row = Numbers(made_up()).control_table()["rows"][0]
    assert row["gain"] - row["gain_from_blur"] == pytest.approx(row["beyond_blur"], abs=1e-9)


def test_trends_over_few_networks_get_no_verdict_and_over_many_do():
    assert judged(made_up())["trend-l2-cross_entropy-gradient"].verdict == "inconclusive"
    many = dataclasses.replace(STUDY, linf_eps=tuple(round(0.02 * i, 2) for i in range(1, 9)), controls=False)
    measured = made_up(many)
    for spec in networks(many):
        if spec.norm == "linf":
            shape = measured.correct[Arm(spec, "gradient"), "roar"].shape
            falling = np.random.default_rng(1).random(shape) < 0.55 - 2.5 * spec.eps
            measured.correct[Arm(spec, "gradient"), "roar"] = falling
    trend = judged(measured)["trend-linf-cross_entropy-gradient"]
    assert trend.verdict == "supported"
    assert (trend.n, trend.measured > 0.9) == (9, True)


def test_a_sound_run_of_the_protocol_has_no_alert_but_the_step():
    study = Study(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,))
    measured = made_up(study)
    measured.data["train_images"] = np.array(50000)
    assert alerts(measured) == []
    assert [text for text in alerts(made_up()) if "step is 4 times its eps" in text]


def test_a_precision_that_changes_robust_accuracy_is_told():
    measured = made_up(dataclasses.replace(STUDY, precision="mixed_bfloat16"))
    for spec, evaluation in measured.evaluations.items():
        evaluation["pgd_float32"] = np.arange(N) < (0.5 if spec == STANDARD else 0.49) * N
    told = [text for text in alerts(measured) if "--precision=float32" in text]
    assert len(told) == len(measured.evaluations) - 1
    assert told[0].endswith(
        "is 50.0% in mixed_bfloat16, but 49.0% when the attack runs in float32. Use --precision=float32."
    )


def test_alerts_say_what_is_wrong():
    measured = made_up(dataclasses.replace(STUDY, repeats=1), second_random=0.1)
    robust = networks(STUDY)[1]
    measured.maps[Arm(robust, "gradient")]["zero_images"] = np.array(0.25)
    measured.evaluations[robust]["fgsm"] = np.arange(N) < 0.8 * N
    measured.evaluations[STANDARD]["clean"] = np.arange(N) < 0.1 * N
    text = "\n".join(alerts(measured))
    assert "1 repetition per retraining" in text
    assert f"{robust.name}: the gradient is exactly zero on 25.0%" in text
    assert f"{robust.name}: catastrophic overfitting" in text
    assert "standard: no better than chance" in text
    assert "Null test failed" in text
    assert "CIFAR-10 alone" in text


def test_a_partial_copy_of_a_data_set_is_named():
    measured = made_up(dataclasses.replace(Study(dataset="cifar10"), l2_eps=(2.5,), linf_eps=(0.04,)))
    measured.data["train_images"] = np.array(20000)
    assert "This copy of cifar10 has 20,000 training images, the published one 50,000." in alerts(measured)


def test_the_random_baseline_is_one_for_all_arms():
    numbers = Numbers(made_up())
    baseline = Arm(None, RANDOM)
    assert numbers.score(baseline, "roar").mean() == 0


def test_a_missing_cell_takes_away_its_network_and_nothing_else():
    measured = made_up()
    weak, strong = [spec for spec in networks(STUDY) if spec.norm == "linf"]
    del measured.correct[Arm(strong, "gradient"), "kar"]
    numbers = Numbers(measured)
    assert numbers.anything
    assert numbers.networks == [spec for spec in networks(STUDY) if spec != strong]
    claims = judged(measured)
    assert "mean over 1 trained networks" in claims["roar-linf-gradient"].unit
    assert "beyond-blur-linf-gradient" not in claims
    assert "beyond-blur-l2-gradient" in claims
    assert all(row["network"] != strong.name for row in numbers.network_table()["rows"])
    assert weak in numbers.networks


def test_without_the_baseline_or_the_standard_network_there_is_nothing_to_show():
    measured = made_up()
    del measured.correct[Arm(None, RANDOM), "kar"]
    assert not Numbers(measured).anything
    measured = made_up()
    del measured.evaluations[STANDARD]
    assert not Numbers(measured).anything
