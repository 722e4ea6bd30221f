"""What simple controls give, on made-up retrainings with known answers."""

import numpy as np
import pytest

from experiments.networks.grid import STANDARD
from experiments.scores.arms import Arm
from reports.evidence.claim import UNKNOWN
from reports.roar import controls
from reports.roar.control_tables import null_table
from tests.reports.roar.made_up import LINF_STRONG, STUDY, draw_all, lose, made_up, scores_of

PERCENT = STUDY.percentiles[-1]


def area(gap: float) -> float:
    """A score whose gap is the same at every percentage from 10 to 90."""
    return 0.9 * gap


def test_kar_and_masks_are_areas_above_the_baseline():
    measured = made_up()
    draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "keep", 0.75)
    draw_all(measured.values, STUDY, Arm(LINF_STRONG, "gradient"), "mask", 0.52)
    scores = scores_of(measured)
    strongest = scores.network(LINF_STRONG.name)
    arm, standard = Arm(strongest, "gradient"), Arm(scores.standard, "gradient")
    assert scores.retrained(arm, "kar").mean() == pytest.approx(area(0.15), abs=0.015)
    assert scores.masks(arm).mean() == pytest.approx(area(0.12), abs=0.015)
    expected = scores.masks(arm) - scores.masks(standard)
    np.testing.assert_array_equal(controls.mask_gain(scores, strongest, "gradient"), expected)


def test_beyond_is_the_gain_where_every_control_loses_and_what_is_left_where_one_gains():
    scores = scores_of(made_up())
    strongest = scores.network(LINF_STRONG.name)
    gain = scores.gain(strongest, "gradient", "roar")
    losing = controls.blur_gains(scores, "gradient")
    assert all(control.mean() < 0 for control in losing)
    beyond = controls.beyond_largest(gain, *losing)
    assert beyond.value == pytest.approx(gain.mean())
    assert beyond.by_training == pytest.approx(gain.mean(axis=1))

    measured = made_up()
    draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", 2.0), "remove", 0.35)
    scores = scores_of(measured)
    gain, blurs = scores.gain(strongest, "gradient", "roar"), controls.blur_gains(scores, "gradient")
    left = controls.beyond_largest(gain, *blurs)
    assert left.value == pytest.approx(gain.mean() - max(blur.mean() for blur in blurs), abs=1e-9)
    assert left.value == pytest.approx(area(0.2 - 0.15), abs=0.02)


def test_equal_roughness_interpolates_the_standard_network_s_blurs():
    measured = made_up()
    # roughness 0.8, 0.533, 0.4, 0.267 at blurs 0, 0.5, 1, 2; the trained network's is 0.5
    for blur, gap in ((0.5, 0.14), (1.0, 0.22), (2.0, 0.3)):
        draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", blur), "remove", 0.6 - gap)
    scores = scores_of(measured)
    strongest, standard = scores.network(LINF_STRONG.name), scores.standard
    assert [arm.blur for arm in controls.blurs(scores, "gradient")] == [0.5, 1.0, 2.0]
    found = controls.at_equal_roughness(scores, strongest, "gradient")
    nearer = (0.5 - 0.4) / (0.8 / 1.5 - 0.4)
    assert found.value == pytest.approx(area(0.3 - (nearer * 0.14 + (1 - nearer) * 0.22)), abs=0.02)
    ours = scores.score(Arm(strongest, "gradient"), "roar").mean(axis=1)
    low, high = (scores.roar(Arm(standard, "gradient", blur)).mean(axis=1) for blur in (0.5, 1.0))
    assert found.by_training == pytest.approx(ours - (nearer * low + (1 - nearer) * high))

    for blur in (0.5, 1.0):  # where a blur costs the standard network something, it is compared as it is
        draw_all(measured.values, STUDY, Arm(STANDARD, "gradient", blur), "remove", 0.6)
    plain = controls.at_equal_roughness(scores_of(measured), strongest, "gradient")
    assert plain.by_training == pytest.approx(ours - scores.score(Arm(standard, "gradient"), "roar").mean(axis=1))

    for run in range(STUDY.training_seeds):  # rougher than any
        measured.values["maps", Arm(LINF_STRONG, "gradient"), run]["roughness"] = np.array(3.0)
    assert controls.at_equal_roughness(scores_of(measured), strongest, "gradient") == UNKNOWN


def test_random_arms_that_are_missing_are_left_out():
    measured = made_up()
    assert [row["arm"] for row in null_table(scores_of(measured)).rows] == ["random_2", "random_2"]
    lose(measured.values, STUDY, Arm(None, "random", draw=2), "keep", PERCENT)
    assert null_table(scores_of(measured)).rows == []
