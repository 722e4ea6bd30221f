"""The areas under the probability's curve, of networks whose curve is known."""

import numpy as np
import pytest

from measures import measure
from tests.measures.known import RNG, random_maps, sees

LABELS = np.zeros(6, np.int32)
IMAGES = RNG.uniform(-1, 1, (6, 8, 8, 1)).astype(np.float32)
IMAGE = np.array([1, 0.5, 0, -0.5], np.float32)
SUM = sees(np.ones((2, 2, 1)), bias=4)


def as_given():
    """Image, label and map of four pixels that rank 0, 3, 2, 1 signed, and 1, 0, 3, 2 by absolute value."""
    return IMAGE.reshape(1, 2, 2, 1), LABELS[:1], np.array([3.0, -4, 1, 2]).reshape(1, 2, 2, 1)


def area(sums):
    """Under the curve of the probability that `SUM` gives."""
    return np.trapezoid(1 / (1 + np.exp(-np.array(sums) - 4)), dx=0.25)


@pytest.mark.parametrize("name", ["insertion", "deletion"])
def test_a_network_that_always_says_the_same_scores_that(name):
    constant = sees(np.zeros((8, 8, 1)), bias=0.8)
    areas = measure(name, constant, IMAGES, LABELS, random_maps(IMAGES))
    np.testing.assert_allclose(areas, 1 / (1 + np.exp(-0.8)), rtol=1e-5)


@pytest.mark.parametrize(("fill", "background"), [("black", -1.0), ("mean", 0.25)])
@pytest.mark.parametrize(("order", "pixels"), [("signed", (0, 3, 2, 1)), ("absolute", (1, 0, 3, 2))])
def test_deletion_by_hand(fill, background, order, pixels):
    """Four pixels, four steps; the network sums them."""
    left, sums = IMAGE.copy(), [IMAGE.sum()]
    for pixel in pixels:
        left[pixel] = background
        sums.append(left.sum())
    areas = measure("deletion", SUM, *as_given(), steps=4, fill=fill, order=order)
    np.testing.assert_allclose(areas, area(sums), rtol=1e-5)


@pytest.mark.parametrize(("order", "pixels"), [("signed", (0, 3, 2, 1)), ("absolute", (1, 0, 3, 2))])
def test_insertion_by_hand(order, pixels):
    """As wide a blur as this leaves the mean, 0.25, of every pixel."""
    there, sums = np.full(4, 0.25), [1.0]
    for pixel in pixels:
        there[pixel] = IMAGE[pixel]
        sums.append(there.sum())
    areas = measure("insertion", SUM, *as_given(), steps=4, blur=50, order=order)
    np.testing.assert_allclose(areas, area(sums), rtol=1e-3)


@pytest.mark.parametrize("name", ["insertion", "deletion"])
def test_pixels_rank_by_their_sign_unless_told_otherwise(name):
    assert measure(name, SUM, *as_given(), steps=4) == measure(name, SUM, *as_given(), steps=4, order="signed")


def test_insertion_and_deletion_prefer_the_pixels_that_matter():
    weights = np.zeros((8, 8, 1))
    weights[2:4, 2:4] = 3
    images = np.full((6, 8, 8, 1), -1, np.float32)
    images[:, 2:4, 2:4] = 1
    network, good = sees(weights), np.broadcast_to(weights, images.shape)
    bad = 3 - good
    for name, sign in (("insertion", 1), ("deletion", -1)):
        right, wrong = (measure(name, network, images, LABELS, maps) for maps in (good, bad))
        assert (sign * (right - wrong) > 0.2).all()


def test_the_class_is_the_predicted_one_whatever_the_label():
    network = sees(RNG.normal(size=(8, 8, 1)))
    for name in ("insertion", "deletion"):
        areas = [measure(name, network, IMAGES, labels, random_maps(IMAGES)) for labels in (LABELS, LABELS + 1)]
        np.testing.assert_array_equal(*areas)


@pytest.mark.parametrize("name", ["insertion", "deletion"])
def test_it_does_not_depend_on_the_batch(name, network, images):
    areas = measure(name, network, images, np.zeros(12, int), random_maps(images))
    smaller = measure(name, network, images, np.zeros(12, int), random_maps(images), batch_size=5)
    np.testing.assert_allclose(smaller, areas, rtol=1e-5)
    assert ((areas > 0) & (areas < 1)).all()


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("insertion", {"steps": 0}, "steps must be a whole number of at least 1. Received: 0."),
        ("deletion", {"steps": 2.5}, "steps must be a whole number of at least 1. Received: 2.5."),
        ("insertion", {"blur": 0}, "blur must be a finite number above 0. Received: 0."),
        ("deletion", {"fill": "white"}, "fill must be mean or black. Received: 'white'."),
        ("deletion", {"order": "up"}, "order must be signed or absolute. Received: 'up'."),
        ("insertion", {"order": None}, "order must be signed or absolute. Received: None."),
    ],
)
def test_bad_parameters(name, parameters, told):
    with pytest.raises(ValueError, match=told):
        measure(name, sees(np.ones((8, 8, 1))), IMAGES, LABELS, IMAGES, **parameters)
