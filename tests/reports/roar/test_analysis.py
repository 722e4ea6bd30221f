"""Scores and tables of Section 3.2 on made-up retrainings with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import BASELINE, Arm, Retraining
from experiments.scores.study import ScoresStudy
from reports.evidence.statistics import correlation
from reports.roar.analysis import Scores
from reports.roar.tables import network_table
from tests.reports.as_values import as_values
from tests.reports.roar.made_up import LINF_STRONG, LINF_WEAK, STUDY, N, lose, made_up, scores_of

PERCENT = STUDY.percentiles[-1]


def names(scores):
    return [network.name for network in scores.networks]


def test_the_random_baseline_is_one_for_all_arms():
    scores = scores_of(made_up())
    for metric in ("roar", "kar"):
        assert scores.score(BASELINE, metric).mean() == 0
    assert scores.roar(BASELINE).mean() == 0
    assert scores.retrained(BASELINE, "kar").mean() == 0
    assert scores.masks(BASELINE).mean() == 0


def test_tables_have_a_row_for_each_training():
    several = scores_of(made_up())
    assert several.score(Arm(several.standard, "gradient"), "roar").shape == (3, N)
    assert several.accuracy(several.standard).shape == (3, N)
    one = scores_of(made_up(dataclasses.replace(STUDY, training_seeds=1, repeats=4)))
    assert one.score(Arm(one.standard, "gradient"), "roar").shape == (1, N)
    assert one.accuracy(one.standard).shape == (1, N)


def test_a_training_s_row_is_the_mean_of_its_retrainings():
    measured = made_up()
    scores = scores_of(measured)
    arm = Arm(scores.standard, "gradient")
    correct = scores.correct(arm, "remove")
    assert correct.shape == (3, 2, len(STUDY.percentiles), N)
    last = Retraining(Arm(STANDARD, "gradient"), "remove", PERCENT, 1, 2)
    np.testing.assert_array_equal(correct[2, 1, -1], measured.values[last])
    gaps = scores.correct(BASELINE, "remove") - correct.astype(float)
    by_hand = (gaps * np.array([0.25, 0.4, 0.25])[:, None]).sum(axis=2).mean(axis=1)  # the trapezoid rule
    np.testing.assert_allclose(scores.roar(arm), by_hand, atol=1e-12)


def test_scores_of_control_arms_equal_the_measures_on_plain_ones():
    scores = scores_of(made_up())
    for attribution in STUDY.attributions:
        arm = Arm(scores.network(LINF_STRONG.name), attribution)
        np.testing.assert_allclose(scores.roar(arm), scores.score(arm, "roar"))
        np.testing.assert_allclose(scores.retrained(arm, "kar"), scores.score(arm, "kar"))


def test_a_trend_is_the_slope_and_the_correlation_that_of_each_training():
    scores = scores_of(made_up())
    specs, x = scores.strengths("cross_entropy", "linf")
    strengths = np.array([0, 0.25, 1.0])
    rows = np.stack([scores.score(Arm(spec, "gradient"), "roar").mean(axis=1) for spec in specs], axis=1)
    slopes = [np.polyfit(strengths, row, 1)[0] for row in rows]
    assert scores.trend(specs, x, "gradient", "roar").by_training == pytest.approx(slopes)
    found = scores.linear(specs, x, "gradient", "roar")
    assert found.by_training == pytest.approx(correlation(strengths, rows))
    assert found.p is None
    assert -1 <= found.low < found.value < found.high <= 1


def test_a_missing_retraining_takes_away_its_training_and_nothing_else():
    measured = made_up()
    del measured.values[Retraining(Arm(LINF_STRONG, "gradient"), "keep", PERCENT, 0, 1)]
    scores = scores_of(measured)
    assert scores.anything
    assert (names(scores), scores.runs) == ([spec.name for spec in networks(STUDY)], [0, 2])
    assert scores.score(Arm(scores.standard, "gradient"), "roar").shape == (2, N)
    assert {row["trainings"] for row in network_table(scores).rows} == {2}


def test_one_that_is_missing_in_every_training_takes_away_its_network_and_nothing_else():
    measured = made_up()
    lose(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "keep", PERCENT)
    scores = scores_of(measured)
    assert scores.anything
    assert names(scores) == [spec.name for spec in networks(STUDY) if spec != LINF_STRONG]
    assert scores.runs == [0, 1, 2]
    assert all(row["network"] != LINF_STRONG.name for row in network_table(scores).rows)
    assert LINF_WEAK.name in names(scores)


def test_networks_that_are_never_whole_together_lose_the_one_with_the_fewest_trainings():
    measured = made_up()
    for run in (0, 1):
        del measured.values["evaluation", LINF_STRONG, run]
    del measured.values["evaluation", LINF_WEAK, 2]
    scores = scores_of(measured)
    assert names(scores) == [spec.name for spec in networks(STUDY) if spec != LINF_STRONG]
    assert scores.runs == [0, 1]


@pytest.mark.parametrize("lost", ["baseline", "standard"])
def test_without_the_baseline_or_the_standard_network_there_is_nothing_to_show(lost):
    measured = made_up()
    assert scores_of(measured).anything
    if lost == "baseline":
        lose(measured.values, STUDY, BASELINE, "keep", PERCENT)
    else:
        for run in range(STUDY.training_seeds):
            del measured.values["evaluation", STANDARD, run]
    assert not scores_of(measured).anything


@pytest.mark.parametrize(
    ("changed", "images", "expected"),
    [
        ({}, "", True),
        ({"percentiles": (30, 70)}, "", False),
        ({"dataset": "mnist"}, "", False),
        ({}, "a tenth of them", False),
    ],
)
def test_the_paper_s_numbers_stand_beside_scores_of_its_data_and_percentages_alone(changed, images, expected):
    study = ScoresStudy(**{"dataset": "cifar10", "l2_eps": (1.6,), "linf_eps": (), "repeats": 1, **changed})
    scores = Scores(dataclasses.replace(as_values(made_up(study), "scores", "roar"), images=images))
    assert scores.beside_the_paper is expected
    assert scores.paper_says("+0.047") == ("+0.047" if expected else "+0.047 (CIFAR-10, 10 to 90 %: another quantity)")
