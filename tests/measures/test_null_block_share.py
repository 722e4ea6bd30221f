"""Maps in the digit, in the null block and anywhere."""

import numpy as np
import pytest

from experiments.data import load_dataset
from measures import measure
from measures.null_block_share import CHANCE, NULL_BLOCK


@pytest.fixture(scope="module")
def data():
    return load_dataset("block_mnist", train_size=20, test_size=200)


def share(images, maps):
    return measure("null_block_share", None, images, np.zeros(len(images), int), maps)


def where_null(images):
    """(N, 56, 28, 1): 1 in the null block, found by looking for it in the other way."""
    above = np.abs(images[:, :28] - NULL_BLOCK).sum(axis=(1, 2, 3)) == 0
    place = np.zeros_like(images)
    place[above, :28] = 1
    place[~above, 28:] = 1
    return place


def test_maps_in_and_beside_the_null_block(data):
    null = where_null(data.test_images)
    np.testing.assert_array_equal(share(data.test_images, -null), 1)
    np.testing.assert_array_equal(share(data.test_images, 1 - null), 0)
    np.testing.assert_allclose(share(data.test_images, 3 * null - (1 - null)), 0.75)


def test_random_maps_lie_half_in_it(data):
    maps = np.random.default_rng(0).random(data.test_images.shape)
    assert share(data.test_images, maps).mean() == pytest.approx(CHANCE, abs=0.005)


def test_a_single_image_is_enough(data):
    maps = np.random.default_rng(0).random(data.test_images.shape)
    alone = [share(data.test_images[i : i + 1], maps[i : i + 1])[0] for i in range(5)]
    np.testing.assert_allclose(alone, share(data.test_images, maps)[:5])


def test_images_and_maps_without_a_value(data):
    images, maps = data.test_images[:3].copy(), np.ones((3, 56, 28, 1))
    images[0] = 0  # no null block
    images[1] = np.concatenate([NULL_BLOCK, NULL_BLOCK])  # no digit
    assert np.isnan(share(images, maps)).tolist() == [True, True, False]
    assert np.isnan(share(images, 0 * maps)).all()


@pytest.mark.parametrize("shape", [(2, 56, 28, 1), (2, 28, 28, 1), (2, 33, 32, 3)])
def test_other_data_is_refused(shape):
    with pytest.raises(ValueError, match=f"such as those of block_mnist. Received: images of shape \\({shape[1]}, "):
        share(np.zeros(shape), np.zeros(shape))
