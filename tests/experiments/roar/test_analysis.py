"""Scores and tables of Section 3.2 on made-up retrainings with known answers."""

import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.roar.analysis import Scores
from experiments.roar.pieces import BASELINE, Arm, Retraining
from tests.experiments.roar.made_up import STUDY, made_up

PERCENT = STUDY.percentiles[-1]


def test_the_random_baseline_is_one_for_all_arms():
    scores = Scores(made_up())
    for metric in ("roar", "kar"):
        assert scores.score(BASELINE, metric).mean() == 0
    assert scores.roar(BASELINE).mean() == 0


def test_a_missing_retraining_takes_away_its_network_and_nothing_else():
    measured = made_up()
    weak, strong = [spec for spec in networks(STUDY) if spec.norm == "linf"]
    del measured.values[Retraining(Arm(strong, "gradient"), "keep", PERCENT, 0)]
    scores = Scores(measured)
    assert scores.anything
    assert scores.networks == [spec for spec in networks(STUDY) if spec != strong]
    assert all(row["network"] != strong.name for row in scores.network_table()["rows"])
    assert weak in scores.networks


@pytest.mark.parametrize("lost", [Retraining(BASELINE, "keep", PERCENT, 0), ("evaluation", STANDARD), "data"], ids=str)
def test_without_the_baseline_the_standard_network_or_the_data_there_is_nothing_to_show(lost):
    measured = made_up()
    assert Scores(measured).anything
    del measured.values[lost]
    assert not Scores(measured).anything
