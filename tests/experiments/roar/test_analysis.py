"""Scores and tables of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.claim import UNKNOWN
from experiments.networks.grid import STANDARD, networks
from experiments.roar.analysis import Scores
from experiments.roar.pieces import BASELINE, Arm, Retraining
from experiments.roar.tables import network_table, null_table
from experiments.statistics import correlation, permutation_p
from tests.experiments.roar.made_up import LINF_STRONG, LINF_WEAK, STUDY, N, draw_all, lose, made_up

PERCENT = STUDY.percentiles[-1]


def area(gap: float) -> float:
    """A score whose gap is the same at every percentage from 10 to 90."""
    return 0.9 * gap


def test_the_random_baseline_is_one_for_all_arms():
    scores = Scores(made_up())
    for metric in ("roar", "kar"):
        assert scores.score(BASELINE, metric).mean() == 0
    assert scores.roar(BASELINE).mean() == 0
    assert scores.kar(BASELINE).mean() == 0
    assert scores.masks(BASELINE).mean() == 0


def test_tables_have_a_row_for_each_training():
    several = Scores(made_up())
    assert several.score(Arm(STANDARD, "gradient"), "roar").shape == (3, N)
    assert several.accuracy(STANDARD).shape == (3, N)
    one = Scores(made_up(dataclasses.replace(STUDY, training_seeds=1, repeats=4)))
    assert one.score(Arm(STANDARD, "gradient"), "roar").shape == (1, N)
    assert one.accuracy(STANDARD).shape == (1, N)


def test_a_training_s_row_is_the_mean_of_its_retrainings():
    measured = made_up()
    arm = Arm(STANDARD, "gradient")
    correct = Scores(measured).correct(arm, "remove")
    assert correct.shape == (3, 2, len(STUDY.percentiles), N)
    last = Retraining(arm, "remove", PERCENT, 1, 2)
    np.testing.assert_array_equal(correct[2, 1, -1], measured.values[last])


def test_scores_of_control_arms_equal_the_measures_on_plain_ones():
    scores = Scores(made_up())
    for attribution in STUDY.attributions:
        arm = Arm(LINF_STRONG, attribution)
        np.testing.assert_allclose(scores.roar(arm), scores.score(arm, "roar"))
        np.testing.assert_allclose(scores.kar(arm), scores.score(arm, "kar"))


def test_kar_and_masks_are_areas_above_the_baseline():
    measured, arm = made_up(), Arm(LINF_STRONG, "gradient")
    draw_all(measured.values, STUDY, arm, "keep", 0.75)
    draw_all(measured.values, STUDY, arm, "mask", 0.52)
    scores = Scores(measured)
    assert scores.kar(arm).mean() == pytest.approx(area(0.15), abs=0.015)
    assert scores.masks(arm).mean() == pytest.approx(area(0.12), abs=0.015)
    standard = Arm(STANDARD, "gradient")
    expected = scores.masks(arm) - scores.masks(standard)
    np.testing.assert_array_equal(scores.mask_gain(LINF_STRONG, "gradient"), expected)


def test_beyond_is_the_gain_where_every_control_loses_and_what_is_left_where_one_gains():
    scores, standard = Scores(made_up()), Arm(STANDARD, "gradient")
    gain = scores.gain(LINF_STRONG, "gradient", "roar")
    losing = scores.blur_gains("gradient")
    assert all(control.mean() < 0 for control in losing)
    beyond = scores.beyond(gain, *losing)
    assert beyond.value == pytest.approx(gain.mean())
    assert beyond.by_training == pytest.approx(gain.mean(axis=1))

    measured = made_up()
    draw_all(measured.values, STUDY, dataclasses.replace(standard, blur=2.0), "remove", 0.35)
    scores = Scores(measured)
    gain, blurs = scores.gain(LINF_STRONG, "gradient", "roar"), scores.blur_gains("gradient")
    left = scores.beyond(gain, *blurs)
    assert left.value == pytest.approx(gain.mean() - max(blur.mean() for blur in blurs), abs=1e-9)
    assert left.value == pytest.approx(area(0.2 - 0.15), abs=0.02)


def test_equal_roughness_interpolates_the_standard_network_s_blurs():
    measured, standard = made_up(), Arm(STANDARD, "gradient")
    # roughness 0.8, 0.533, 0.4, 0.267 at blurs 0, 0.5, 1, 2; the trained network's is 0.5
    for blur, gap in ((0.5, 0.14), (1.0, 0.22), (2.0, 0.3)):
        draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", blur), "remove", 0.6 - gap)
    scores = Scores(measured)
    assert [arm.blur for arm in scores.blurs("gradient")] == [0.5, 1.0, 2.0]
    found = scores.at_equal_roughness(LINF_STRONG, "gradient")
    nearer = (0.5 - 0.4) / (0.8 / 1.5 - 0.4)
    assert found.value == pytest.approx(area(0.3 - (nearer * 0.14 + (1 - nearer) * 0.22)), abs=0.02)
    ours = scores.score(Arm(LINF_STRONG, "gradient"), "roar").mean(axis=1)
    low, high = (scores.roar(Arm(STANDARD, "gradient", blur)).mean(axis=1) for blur in (0.5, 1.0))
    assert found.by_training == pytest.approx(ours - (nearer * low + (1 - nearer) * high))

    for blur in (0.5, 1.0):  # where a blur costs the standard network something, it is compared as it is
        draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", blur), "remove", 0.6)
    plain = Scores(measured).at_equal_roughness(LINF_STRONG, "gradient")
    assert plain.by_training == pytest.approx(ours - scores.score(standard, "roar").mean(axis=1))

    for run in range(STUDY.training_seeds):  # rougher than any
        measured.values["maps", Arm(LINF_STRONG, "gradient"), run]["roughness"] = np.array(3.0)
    assert Scores(measured).at_equal_roughness(LINF_STRONG, "gradient") == UNKNOWN


def test_a_trend_is_the_mean_correlation_with_the_p_of_exchanging_networks():
    scores = Scores(made_up())
    specs, x = scores.strengths("cross_entropy", "linf")
    found = scores.trend(specs, x, "gradient", "roar")
    strengths = np.array([0, 0.25, 1.0])
    rows = np.stack([scores.score(Arm(spec, "gradient"), "roar").mean(axis=1) for spec in specs], axis=1)
    assert found.by_training == pytest.approx(correlation(strengths, rows))
    assert found.p == permutation_p(strengths, rows)


def test_a_missing_retraining_takes_away_its_training_and_nothing_else():
    measured = made_up()
    del measured.values[Retraining(Arm(LINF_STRONG, "gradient"), "keep", PERCENT, 0, 1)]
    scores = Scores(measured)
    assert scores.anything
    assert (scores.networks, scores.runs) == (networks(STUDY), [0, 2])
    assert scores.score(Arm(STANDARD, "gradient"), "roar").shape == (2, N)
    assert {row["trainings"] for row in network_table(scores)["rows"]} == {2}


def test_one_that_is_missing_in_every_training_takes_away_its_network_and_nothing_else():
    measured = made_up()
    lose(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "keep", PERCENT)
    scores = Scores(measured)
    assert scores.anything
    assert scores.networks == [spec for spec in networks(STUDY) if spec != LINF_STRONG]
    assert scores.runs == [0, 1, 2]
    assert all(row["network"] != LINF_STRONG.name for row in network_table(scores)["rows"])
    assert LINF_WEAK in scores.networks


def test_networks_that_are_never_whole_together_lose_the_one_with_the_fewest_trainings():
    measured = made_up()
    for run in (0, 1):
        del measured.values["evaluation", LINF_STRONG, run]
    del measured.values["evaluation", LINF_WEAK, 2]
    scores = Scores(measured)
    assert scores.networks == [spec for spec in networks(STUDY) if spec != LINF_STRONG]
    assert scores.runs == [0, 1]


@pytest.mark.parametrize("lost", ["baseline", "standard", "data"])
def test_without_the_baseline_the_standard_network_or_the_data_there_is_nothing_to_show(lost):
    measured = made_up()
    assert Scores(measured).anything
    if lost == "baseline":
        lose(measured.values, STUDY, BASELINE, "keep", PERCENT)
    elif lost == "standard":
        for run in range(STUDY.training_seeds):
            del measured.values["evaluation", STANDARD, run]
    else:
        del measured.values["data"]
    assert not Scores(measured).anything


def test_random_arms_that_are_missing_are_left_out():
    measured = made_up()
    assert [row["arm"] for row in null_table(Scores(measured))["rows"]] == ["random_2", "random_2"]
    lose(measured.values, STUDY, Arm(None, "random_2"), "keep", PERCENT)
    assert null_table(Scores(measured))["rows"] == []
