"""The scores against hand-computed numbers."""

import numpy as np
import pytest

from measures.roar import PARTS, kar_score, parts, roar_score

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


SCORES = pytest.mark.parametrize("score", [roar_score, kar_score])


def arms() -> np.ndarray:
    """Whether networks retrained with random, shuffled, matched and own ranks are right: (4, 3, 40, 5) booleans."""
    return np.random.default_rng(1).random((4, 3, 40, 5)) < np.array([0.8, 0.7, 0.6, 0.5]).reshape(4, 1, 1, 1)


@SCORES
def test_the_parts_of_a_score_add_up_to_it(score):
    random, shuffled, matched, own = arms()
    found = parts(random, shuffled, matched, own, score=score)
    assert tuple(found) == PARTS
    np.testing.assert_allclose(sum(found.values()), score(own, random), atol=1e-15)


def test_each_part_by_hand():
    """At 50 % alone every part is half of its difference; pixels kept turn the signs."""
    arms = [0.9], [0.7], [0.8], [0.4]
    removed, kept = (parts(*arms, percentiles=[50], score=score) for score in (roar_score, kar_score))
    assert removed == pytest.approx({"shape": 0.1, "class_told": -0.05, "this_image": 0.2})
    assert kept == pytest.approx({"shape": -0.1, "class_told": 0.05, "this_image": -0.2})


@SCORES
def test_one_map_for_all_images_is_shape_alone(score):
    """Ranks of another image then are the image's own."""
    random, own, _, _ = arms()
    found = parts(random, own, own, own, score=score)
    np.testing.assert_array_equal(found["shape"], score(own, random))
    assert not found["class_told"].any()
    assert not found["this_image"].any()


@SCORES
def test_own_and_matched_ranks_exchanged_turn_the_sign_of_this_image(score):
    random, shuffled, matched, own = arms()
    found, exchanged = (
        parts(random, shuffled, matched, own, score=score),
        parts(random, shuffled, own, matched, score=score),
    )
    np.testing.assert_array_equal(exchanged["this_image"], -found["this_image"])
    np.testing.assert_array_equal(exchanged["shape"], found["shape"])
