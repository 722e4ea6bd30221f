"""ROAD's imputation against what is known of it, and against solving image by image with SciPy."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from measures.imputation import impute, impute_noisily

RNG = np.random.default_rng(0)


def one_by_one(image: np.ndarray, removed: np.ndarray) -> np.ndarray:
    """The equations as published, each divided by the weights of neighbours that are there, assembled and solved."""
    height, width, channels = image.shape
    place = np.full((height, width), -1)
    place[removed] = np.arange(removed.sum())
    entries, right = [], np.zeros((removed.sum(), channels))
    for y, x in np.argwhere(removed):
        near = [(y + a, x + b, 1 / 12 if a and b else 1 / 6) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
        near = [(v, u, weight) for v, u, weight in near if 0 <= v < height and 0 <= u < width]
        total = sum(weight for _, _, weight in near)
        entries.append((place[y, x], place[y, x], 1.0))
        for v, u, weight in near:
            if removed[v, u]:
                entries.append((place[y, x], place[v, u], -weight / total))
            else:
                right[place[y, x]] += weight / total * image[v, u]
    rows, columns, values = zip(*entries, strict=True)
    filled = image.copy()
    filled[removed] = spsolve(coo_matrix((values, (rows, columns))).tocsc(), right).reshape(-1, channels)
    return filled


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("shape", [(32, 32, 3), (9, 14, 1)])
def test_it_is_the_published_system_s_solution(share, shape):
    images = RNG.uniform(-1, 1, (4, *shape)).astype(np.float32)
    removed = RNG.random((4, *shape[:2])) < share
    expected = np.stack([one_by_one(image, mask) for image, mask in zip(images, removed, strict=True)])
    np.testing.assert_allclose(impute(images, removed), expected, atol=1e-4)


def test_a_constant_image_stays():
    removed = RNG.random((3, 12, 10)) < 0.8
    images = np.full((3, 12, 10, 2), 0.3, np.float32)
    np.testing.assert_allclose(impute(images, removed), images, atol=1e-5)


def test_a_hole_inside_a_ramp_is_exact():
    """A plane is the mean of its neighbours everywhere but at the border."""
    down, across = np.mgrid[-1:1:16j, -1:1:16j]
    ramp = (0.6 * down - 0.4 * across)[None, ..., None].astype(np.float32)
    removed = np.zeros((1, 16, 16), bool)
    removed[0, 3:11, 5:14] = True
    np.testing.assert_allclose(impute(ramp, removed), ramp, atol=1e-5)


def test_a_corner_by_hand():
    """(2a + 2b + c) / 5: a and b stand beside it, c across; weights are renormalised at the border."""
    images = RNG.uniform(-1, 1, (2, 5, 6, 3)).astype(np.float32)
    removed = np.zeros((2, 5, 6), bool)
    removed[:, 0, 0] = True
    expected = (2 * images[:, 0, 1] + 2 * images[:, 1, 0] + images[:, 1, 1]) / 5
    np.testing.assert_allclose(impute(images, removed)[:, 0, 0], expected, atol=1e-6)


def test_pixels_that_are_left_are_untouched_and_nothing_removed_is_nothing_done():
    images, removed = RNG.uniform(-1, 1, (5, 8, 8, 1)).astype(np.float32), RNG.random((5, 8, 8)) < 0.5
    removed[0] = False
    filled = impute(images, removed)
    np.testing.assert_array_equal(filled[~removed], images[~removed])
    np.testing.assert_array_equal(filled[0], images[0])
    assert filled.dtype == np.float32


def test_filled_pixels_stay_within_the_others():
    images, removed = RNG.uniform(-1, 1, (3, 12, 12, 1)).astype(np.float32), RNG.random((3, 12, 12)) < 0.7
    assert np.abs(impute(images, removed)).max() <= np.abs(np.where(removed[..., None], 0, images)).max() + 1e-5


def test_no_images_are_no_images():
    assert impute(np.zeros((0, 4, 5, 3), np.float32), np.zeros((0, 4, 5), bool)).shape == (0, 4, 5, 3)


def test_an_image_without_any_pixel_is_grey():
    assert not impute(np.ones((1, 4, 4, 1), np.float32), np.ones((1, 4, 4), bool)).any()


@pytest.mark.parametrize("left", [1, 20])
def test_a_few_pixels_are_enough_for_a_large_image(left):
    removed = np.ones((1, 64, 64), bool)
    removed.reshape(-1)[RNG.permutation(64 * 64)[:left]] = False
    np.testing.assert_allclose(impute(np.full((1, 64, 64, 1), 0.7, np.float32), removed), 0.7, atol=1e-3)


@pytest.mark.parametrize("value", [1e-19, 1e-21, np.nan])
def test_pixels_whose_squares_float32_cannot_hold_end_too(value):
    removed = RNG.random((1, 8, 8)) < 0.5
    assert impute(np.full((1, 8, 8, 1), value, np.float32), removed).shape == (1, 8, 8, 1)


@pytest.mark.parametrize("batch_size", [1, 3])
def test_it_does_not_depend_on_the_batch(batch_size):
    images = RNG.uniform(-1, 1, (7, 10, 10, 3)).astype(np.float32)
    removed = RNG.random((7, 10, 10)) < np.linspace(0.1, 0.95, 7)[:, None, None]
    np.testing.assert_allclose(impute(images, removed, batch_size), impute(images, removed), atol=1e-6)


def test_noise_is_on_filled_pixels_alone_and_of_the_size_that_was_asked_for():
    images, removed = np.full((40, 16, 16, 3), 0.2, np.float32), RNG.random((40, 16, 16)) < 0.5
    filled = impute_noisily(images, removed, seed=1, noise=0.3)
    np.testing.assert_array_equal(filled[~removed], images[~removed])
    noise = filled[removed] - 0.2
    assert abs(noise.mean()) < 0.01
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    np.testing.assert_array_equal(impute_noisily(images, removed, seed=1, noise=0), impute(images, removed))


def test_an_image_keeps_its_noise_whichever_pixels_are_removed():
    images, fewer = np.full((4, 16, 16, 3), 0.2, np.float32), RNG.random((4, 16, 16)) < 0.3
    more = fewer | (RNG.random((4, 16, 16)) < 0.3)
    first, second = (impute_noisily(images, removed, seed=[2, 1]) for removed in (fewer, more))
    np.testing.assert_allclose(first[fewer], second[fewer], atol=1e-4)
    assert np.abs(first[fewer] - impute_noisily(images, fewer, seed=[3, 1])[fewer]).mean() > 0.005
