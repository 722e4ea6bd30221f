"""ROAD on a network that looks at one pixel alone, on random maps, and its parameters."""

import numpy as np
import pytest

from measures import measure
from tests.measures.known import RNG, random_maps, sees

LABELS = np.ones(40, np.int32)


def one_bright_pixel():
    """Grey images whose pixel (2, 2) is bright, and a network that is right as long as it is."""
    images = np.full((40, 6, 6, 1), -0.5, np.float32)
    images[:, 2, 2] = 1
    weights = np.zeros((6, 6, 1))
    weights[2, 2] = 3
    return images, sees(weights)


def test_the_pixel_that_is_looked_at_scores_one_and_its_reverse_minus_one():
    images, network = one_bright_pixel()
    maps = RNG.random(images.shape).astype(np.float32)
    maps[:, 2, 2] = 5
    np.testing.assert_array_equal(measure("road", network, images, LABELS, maps), 1)
    np.testing.assert_array_equal(measure("road", network, images, LABELS, 6 - maps), -1)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [-0.2, 0, 0.2, -0.6, 0.4, -0.6, 0.2, -0.6]),
        ({"noise": 0.5}, [0, 0.2, 0, 0, 0.2, -0.2, 0.6, -0.8]),
        ({"noise": 0.5, "percentages": (20, 80)}, [0, 0.5, 0, -0.5, 0.5, 0.5, 0.5, -1]),
    ],
)
def test_values_of_absolute_attributions_are_as_ever(parameters, expected):
    """Stored when ROAD had no other order and drew its noise itself."""
    rng = np.random.default_rng(11)
    images = rng.uniform(-1, 1, (8, 6, 6, 3)).astype(np.float32)
    network, labels = sees(rng.normal(size=(6, 6, 3))), np.arange(8) % 2
    maps = rng.normal(size=images.shape).astype(np.float32)
    scores = measure("road", network, images, labels, maps, seed=5, order="absolute", **parameters)
    np.testing.assert_allclose(scores, expected)


def test_signed_maps_know_which_pixels_speak_against_the_class_and_absolute_ones_do_not():
    """Pixel (2, 2) keeps the network right, pixel (4, 4) makes it wrong by more; both stand out from a grey image."""
    images = np.full((40, 7, 7, 1), -0.5, np.float32)
    images[:, 2, 2], images[:, 4, 4] = 1, 1
    weights = np.zeros((7, 7, 1))
    weights[2, 2], weights[4, 4] = 3, -4
    maps = np.broadcast_to(weights, images.shape).astype(np.float32)
    network, options = sees(weights), {"noise": 0, "percentages": (4, 8)}  # of 49 pixels two, then four
    signed, default, absolute = (
        measure("road", network, images, LABELS, maps, **options, **order)
        for order in ({"order": "signed"}, {}, {"order": "absolute"})
    )
    np.testing.assert_array_equal(default, signed)
    np.testing.assert_array_equal(signed, 1)  # least first leaves (2, 2) alone: right; most first leaves (4, 4): wrong
    np.testing.assert_array_equal(absolute, -1)  # least first leaves both: wrong; most first leaves neither: right


def test_random_maps_score_nothing():
    rng = np.random.default_rng(0)  # not the shared one, whose numbers depend on which tests ran before
    images = rng.uniform(-1, 1, (400, 6, 6, 1)).astype(np.float32)
    network = sees(rng.normal(size=(6, 6, 1)))
    labels = network(images).numpy().argmax(axis=1)
    scores = measure("road", network, images, labels, random_maps(images))
    assert abs(scores.mean()) < 3 * scores.std() / 20
    assert scores.std() > 0.1
    np.testing.assert_array_equal(measure("road", network, images, labels, np.zeros_like(images)).shape, (400,))


def test_it_is_of_the_true_label():
    images, network = one_bright_pixel()
    np.testing.assert_array_equal(measure("road", network, images, 0 * LABELS, images), -1)


def test_it_does_not_depend_on_the_batch_and_follows_the_seed():
    images = RNG.uniform(-1, 1, (50, 6, 6, 3)).astype(np.float32)
    network, labels = sees(RNG.normal(size=(6, 6, 3))), RNG.integers(2, size=50)
    maps = np.zeros_like(images)  # ranked by the seed alone
    scores = measure("road", network, images, labels, maps, seed=1)
    np.testing.assert_array_equal(measure("road", network, images, labels, maps, seed=1, batch_size=7), scores)
    assert (measure("road", network, images, labels, maps, seed=2) != scores).any()


def test_noise_is_on_filled_pixels():
    """Far larger than the pixels, it alone decides once the pixel that the network looks at is removed."""
    images, network = one_bright_pixel()
    maps = np.zeros_like(images)
    maps[:, 2, 2] = 1
    calm, loud = (measure("road", network, images, LABELS, maps, noise=noise) for noise in (0, 100))
    np.testing.assert_array_equal(calm, 1)
    assert set(loud) == {0, 1}  # the same noise at every percentage
    assert 0.2 < loud.mean() < 0.8


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"percentages": (50, 100)}, "percentages must be above 0 and below 100. Received: 100."),
        ({"noise": -0.1}, "noise must be a finite number of at least 0. Received: -0.1."),
        ({"order": "rank"}, "order must be signed or absolute. Received: 'rank'."),
    ],
)
def test_bad_parameters(parameters, told):
    images, network = one_bright_pixel()
    with pytest.raises(ValueError, match=told):
        measure("road", network, images, LABELS, images, **parameters)
