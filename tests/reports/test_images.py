"""Pixels of the pictures."""

import base64
import io

import numpy as np
import pytest
from matplotlib import image as png
from PIL import Image

from reports.images import data_uri, photograph, signed_map


def test_signed_map_is_white_at_zero_red_above_blue_below():
    values = np.zeros((20, 20))
    values[0, 0], values[1, 1] = 5.0, -5.0
    values[2:4], values[4:6] = 2.0, -1.0
    colours = signed_map(values)
    np.testing.assert_array_equal(colours[10, 10], [1, 1, 1])
    assert colours[2, 2, 0] > colours[2, 2, 2]
    assert colours[4, 4, 2] > colours[4, 4, 0]
    assert colours.min() >= 0


def test_a_flat_map_is_white():
    np.testing.assert_array_equal(signed_map(np.zeros((4, 4))), np.ones((4, 4, 3)))


def test_photograph_and_back_through_png():
    image = np.linspace(-1, 1, 12, dtype=np.float32).reshape(2, 2, 3)
    uri = data_uri(photograph(image))
    decoded = png.imread(io.BytesIO(base64.b64decode(uri.split(",")[1])), format="png")[..., :3]
    np.testing.assert_allclose(decoded * 2 - 1, image, atol=1 / 127)
    assert photograph(np.zeros((2, 2, 1))).shape == (2, 2, 3)


@pytest.mark.parametrize("channels", [1, 2, 4, 7])
def test_channels_that_are_no_colours_are_shown_as_the_grey_of_their_mean(channels):
    image = np.random.default_rng(0).uniform(-1, 1, (5, 4, channels))
    grey = image.mean(axis=-1, keepdims=True) / 2 + 0.5
    np.testing.assert_allclose(photograph(image), np.concatenate([grey, grey, grey], axis=-1), atol=1e-12)
    assert data_uri(photograph(image)).startswith("data:image/png")


@pytest.mark.parametrize(("side", "has_palette"), [(16, True), (17, False)])
def test_pictures_of_up_to_256_colours_have_a_palette_and_all_are_exact(side, has_palette):
    pixels = np.random.default_rng(0).permutation(256**3)[: side**2, None] // 256 ** np.arange(3) % 256 / 255
    picture = Image.open(io.BytesIO(base64.b64decode(data_uri(pixels.reshape(side, side, 3)).split(",")[1])))
    assert (picture.mode == "P") == has_palette
    np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), np.round(255 * pixels).reshape(side, side, 3))


def test_an_attribution_map_fits_a_palette():
    colours = signed_map(np.random.default_rng(0).normal(size=(64, 64))).reshape(-1, 3)
    assert 120 < len(np.unique(colours, axis=0)) <= 256
