"""Exact counts whatever the ties, complements, the fill and the smoothness figure."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from measures.occlusion import (
    mean_colour,
    occlude,
    pixel_scores,
    rank_likeness,
    rank_pixels,
    removed_pixels,
    roughness,
)

RNG = np.random.default_rng(0)
MAPS = {
    "zero": np.zeros((3, 32, 32)),
    "constant": np.full((3, 32, 32), 0.7),
    "mostly_zero": np.where(np.arange(1024).reshape(32, 32) < 864, 0.0, RNG.random((3, 32, 32))),
    "normal": RNG.normal(size=(3, 32, 32)),
}


@pytest.mark.parametrize("scores", MAPS.values(), ids=MAPS)
@pytest.mark.parametrize(("percent", "count"), [(10, 102), (30, 307), (50, 512), (70, 717), (90, 922)])
def test_exact_counts_nested_and_complementary(scores, percent, count):
    ranks = rank_pixels(scores)
    removed, kept = removed_pixels(ranks, percent, keep=False), removed_pixels(ranks, percent, keep=True)
    assert (removed.sum(axis=(1, 2)) == count).all()
    np.testing.assert_array_equal(kept, ~removed)
    assert not (removed & ~removed_pixels(ranks, min(percent + 7, 99), keep=False)).any()


def test_highest_scores_go_first_and_ties_follow_the_seed():
    scores = np.array([[[3.0, 1.0], [2.0, 1.0]]])
    ranks = rank_pixels(scores, seed=0)
    assert ranks[0, 0, 0] == 0
    assert ranks[0, 1, 0] == 1
    orders = {tuple(rank_pixels(scores, seed=seed).ravel()) for seed in range(20)}
    assert orders == {(0, 2, 1, 3), (0, 3, 1, 2)}
    np.testing.assert_array_equal(ranks, rank_pixels(scores, seed=0))


def test_whole_pixels_are_scored_by_the_sum_of_absolute_channels():
    maps = np.array([[[[1.0, -3.0, 0.5]]]])
    np.testing.assert_allclose(pixel_scores(maps), [[[4.5]]])


def test_signed_scores_are_the_plain_sum_of_the_channels():
    maps = np.array([[[[1.0, -3.0, 0.5], [0.25, 0, 0]]]])
    np.testing.assert_allclose(pixel_scores(maps, order="signed"), [[[-1.5, 0.25]]])
    np.testing.assert_array_equal(rank_pixels(pixel_scores(maps, order="signed")), [[[1, 0]]])
    np.testing.assert_array_equal(rank_pixels(pixel_scores(maps)), [[[0, 1]]])


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match=r"order must be signed or absolute. Received: 'reversed'."):
        pixel_scores(np.zeros((1, 2, 2, 1)), order="reversed")


def test_blur_spreads_within_an_image_and_not_into_the_next():
    maps = np.zeros((2, 9, 9, 1))
    maps[0, 4, 4] = 1
    blurred = pixel_scores(maps, blur_sigma=1.0)
    assert blurred[0].sum() == pytest.approx(1, abs=1e-3)
    assert 0.1 < blurred[0, 4, 4] < 0.2
    assert not blurred[1].any()


def test_occlude_fills_all_channels_and_leaves_its_input_alone():
    images = RNG.uniform(-1, 1, (2, 4, 4, 3)).astype(np.float32)
    before, fill = images.copy(), np.array([0.1, -0.2, 0.3], np.float32)
    scores = RNG.random((2, 4, 4))
    roar, kar = occlude(images, scores, 25, False, fill), occlude(images, scores, 25, True, fill)
    np.testing.assert_array_equal(images, before)
    filled = (roar == fill).all(axis=-1)
    assert (filled.sum(axis=(1, 2)) == 4).all()
    np.testing.assert_array_equal((kar == fill).all(axis=-1), ~filled)
    np.testing.assert_array_equal(np.where(filled[..., None], kar, roar), images)
    for score, top in zip(scores, filled, strict=True):
        assert score[top].min() > score[~top].max()
    assert roar.dtype == np.float32


def test_mean_colour_is_not_truncated():
    images = np.array([[[[0.1, 0.2]]], [[[0.2, -0.4]]]], np.float32)
    np.testing.assert_allclose(mean_colour(images), [0.15, -0.1], rtol=1e-6)


def test_roughness_of_known_maps():
    checkers = np.indices((8, 8)).sum(axis=0) % 2
    assert roughness(np.ones((1, 8, 8))) == 0
    assert roughness(checkers[None].astype(float)) == pytest.approx(2.0)  # every step is 1, the mean 0.5
    assert roughness(np.zeros((1, 8, 8))) == 0


def test_rank_likeness_is_spearman_s_of_each_image():
    first, second = RNG.normal(size=(2, 5, 6, 4))
    expected = [spearmanr(a.ravel(), b.ravel())[0] for a, b in zip(first, second, strict=True)]
    np.testing.assert_allclose(rank_likeness(first, second), expected)
    np.testing.assert_allclose(rank_likeness(first, np.exp(first)), 1)
    np.testing.assert_allclose(rank_likeness(first, -first), -1)
    second[3] = 0.5
    assert np.isnan(rank_likeness(first, second)).tolist() == [False, False, False, True, False]
