"""The scores against hand-computed numbers."""

import numpy as np
import pytest

from measures.roar import kar_score, roar_score

RANDOM = np.array([0.72, 0.70, 0.66, 0.58, 0.40])
CURVE = np.array([0.68, 0.61, 0.50, 0.41, 0.30])


def test_a_made_up_curve_by_hand():
    gaps = [0.04, 0.09, 0.16, 0.17, 0.10]
    by_hand = 0.15 * gaps[0] + 0.20 * (gaps[1] + gaps[2] + gaps[3]) + 0.15 * gaps[4]
    assert by_hand == pytest.approx(0.105)
    assert roar_score(CURVE, RANDOM) == pytest.approx(by_hand)
    assert kar_score(CURVE, RANDOM) == pytest.approx(-by_hand)


def test_other_percentiles_keep_the_end_points_at_zero():
    # a triangle of height 0.2 over [0, 1]
    assert roar_score([0.3], [0.5], percentiles=[50]) == pytest.approx(0.1)


def test_scores_of_single_images_average_to_the_score():
    rng = np.random.default_rng(0)
    correct, random = rng.random((3, 40, 5)) < 0.5, rng.random((3, 40, 5)) < 0.7
    per_image = roar_score(correct, random)
    assert per_image.shape == (3, 40)
    assert per_image.mean() == pytest.approx(roar_score(correct.mean((0, 1)), random.mean((0, 1))))


def test_an_arm_equal_to_random_scores_zero():
    assert roar_score(RANDOM, RANDOM) == 0
