"""What the baselines look like."""

import numpy as np
import pytest
import tensorflow as tf

from attributions.baselines import baseline_images


@pytest.fixture
def colours():
    return tf.constant(np.random.default_rng(1).uniform(-1, 1, (4, 10, 6, 3)), tf.float32)


def test_black_is_the_lowest_pixel_and_the_same_for_all(colours):
    np.testing.assert_array_equal(baseline_images("black", colours, None), -np.ones((1, 10, 6, 3)))


def test_mean_is_each_image_s_own_colour(colours):
    expected = np.broadcast_to(colours.numpy().mean(axis=(1, 2), keepdims=True), colours.shape)
    np.testing.assert_allclose(baseline_images("mean", colours, None), expected, atol=1e-6)


def test_a_blur_keeps_even_images_and_takes_the_detail_of_others(colours):
    even = tf.ones_like(colours) * [0.3, -1.0, 1.0]
    np.testing.assert_allclose(baseline_images("blurred", even, None), even, atol=1e-6)
    blurred = baseline_images("blurred", colours, None).numpy()
    assert blurred.std() < 0.5 * colours.numpy().std()
    stripes = tf.constant(
        np.where(np.arange(10) < 5, -1.0, 1.0)[None, :, None, None] * np.ones((1, 1, 6, 1)), tf.float32
    )
    down = baseline_images("blurred", stripes, None).numpy()
    np.testing.assert_allclose(down[..., :1, :], down[..., 3:4, :], atol=1e-6)  # across stripes alone
    assert (np.diff(down[0, :, 0, 0]) > 0).all()


def test_noise_is_uniform_and_of_each_image():
    noise = baseline_images("noise", tf.zeros((50, 10, 6, 3)), np.random.default_rng(2)).numpy()
    assert abs(noise.mean()) < 0.02
    assert noise.var() == pytest.approx(1 / 3, rel=0.02)
    assert -1 <= noise.min() < noise.max() < 1
    assert len(np.unique(noise[:, 0, 0, 0])) == 50


def test_noise_does_not_depend_on_the_batches(colours):
    rng = np.random.default_rng(3)
    one_by_one = np.concatenate([baseline_images("noise", colours[i : i + 1], rng) for i in range(4)])
    np.testing.assert_array_equal(baseline_images("noise", colours, np.random.default_rng(3)), one_by_one)


@pytest.mark.parametrize("array", [0.5, np.array([0.1, 0.2, 0.3]), np.full((10, 6, 1), 0.25)])
def test_an_array_may_be_a_colour_or_an_image(colours, array):
    np.testing.assert_allclose(
        baseline_images(array, colours, None), np.broadcast_to(array, (10, 6, 3))[None], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("baseline", "received"),
    [("grey", "'grey'"), (np.zeros((4, 10, 6, 3)), r"an array of shape \(4, 10, 6, 3\)"), (np.zeros(2), r".*\(2,\)")],
)
def test_what_is_no_baseline_is_refused(colours, baseline, received):
    sentence = rf"baseline must be one of black, mean, blurred, noise, or an array.*\(10, 6, 3\)\. Received: {received}"
    with pytest.raises(ValueError, match=sentence):
        baseline_images(baseline, colours, None)
