"""DiffROAR on made-up retrainings."""

import numpy as np
import pytest

from measures import Given
from measures.diffroar import diffroar
from measures.roar import kar_score, roar_score

PERCENTILES = (10, 30, 50, 70, 90)


def drawn(remove, keep, images=400, percentiles=PERCENTILES, seed=0):
    """Retrainings that are right with these probabilities at each percentage; two repetitions."""
    rng = np.random.default_rng(seed)
    curves = {"remove": remove, "keep": keep}
    return Given(
        retrained={
            kind: rng.random((2, len(percentiles), images)) < np.broadcast_to(curve, len(percentiles))[:, None]
            for kind, curve in curves.items()
        },
        percentiles=percentiles,
    )


def reversed_ranking(given):
    """The top p percent of a ranking are the bottom p percent of its reverse: what one keeps, the other removes."""
    keep, remove = (given.retrained[kind][:, ::-1] for kind in ("remove", "keep"))
    return Given(retrained={"keep": keep, "remove": remove}, percentiles=given.percentiles)


def test_a_curve_by_hand():
    always = drawn(remove=0, keep=1)
    np.testing.assert_allclose(diffroar(always)["diffroar"], 0.9)  # 1 from 10 to 90 percent, and down to 0 at the ends
    assert diffroar(always)["diffroar"].shape == (2, 400)
    one = drawn(remove=[0, 0, 0, 0, 1], keep=0)  # right with the bottom 10 percent alone
    np.testing.assert_allclose(diffroar(one)["diffroar"], -0.15)


def test_top_and_bottom_that_say_as_much_score_nothing():
    accuracy = np.array([0.2, 0.5, 0.6, 0.8, 0.9])
    scores = diffroar(drawn(remove=accuracy[::-1], keep=accuracy, images=4000))["diffroar"]
    assert abs(scores.mean()) < 3 * scores.std() / np.sqrt(scores.size)


def test_the_reversed_ranking_flips_the_sign():
    given = drawn(remove=[0.9, 0.6, 0.4, 0.3, 0.1], keep=[0.5, 0.6, 0.8, 0.9, 0.9])
    scores = diffroar(given)["diffroar"]
    assert scores.mean() > 0.1
    np.testing.assert_allclose(diffroar(reversed_ranking(given))["diffroar"], -scores)


def test_it_is_roar_and_kar_together_where_random_pixels_say_as_much_kept_as_left():
    given, random = drawn(0.3, 0.7), np.linspace(0.1, 0.9, 5)
    means = {kind: curve.mean(axis=(0, 2)) for kind, curve in given.retrained.items()}
    together = roar_score(means["remove"], random[::-1]) + kar_score(means["keep"], random)
    assert diffroar(given)["diffroar"].mean() == pytest.approx(together)


def test_percentages_without_their_complement_do_not_count():
    given = drawn(remove=[1, 0], keep=[0, 1], percentiles=(10, 50))
    np.testing.assert_allclose(diffroar(given)["diffroar"], 0.5)  # a triangle of height 1 over [0, 1]


def test_without_any_complement_it_is_refused():
    with pytest.raises(ValueError, match="such as 10 and 90, for DiffROAR. Received: 10, 30."):
        diffroar(drawn(0.5, 0.5, percentiles=(10, 30)))
