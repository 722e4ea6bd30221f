"""SmoothGrad of networks whose smoothed gradient is known."""

import math

import numpy as np
import pytest
from keras import layers

from attributions import explain
from models.compiled import compiled
from tests.attributions.networks import logit_gradients, negative_rectifier, pictures, sequential


def test_of_a_linear_network_it_is_the_weight(linear_network):
    x = pictures(linear_network)
    np.testing.assert_allclose(explain("smoothgrad", linear_network, x), logit_gradients(linear_network, x), rtol=1e-5)


def test_of_a_rectifier_it_is_the_share_of_noise_that_keeps_it_open():
    """-relu(x) at 0.2 with noise of 0.15 x 2: the normal distribution at 2/3."""
    x = np.full((200, 1), 0.2, np.float32)
    maps = explain("smoothgrad", negative_rectifier(), x, samples=50)
    share = (1 + math.erf(0.2 / 0.3 / math.sqrt(2))) / 2
    assert maps.mean() == pytest.approx(-share, abs=0.015)  # 10,000 draws: a standard error of 0.0043
    assert maps.std() == pytest.approx(math.sqrt(share * (1 - share) / 50), rel=0.2)  # every image has its own noise


def test_noise_differs_from_seed_to_seed_and_little_noise_is_the_gradient(network, images):
    first = explain("smoothgrad", network, images, seed=1)
    np.testing.assert_array_equal(explain("smoothgrad", network, images, seed=1), first)
    assert np.abs(explain("smoothgrad", network, images, seed=2) - first).max() > 1e-3
    little = explain("smoothgrad", network, images, sigma=1e-5)
    np.testing.assert_allclose(little, logit_gradients(network, images), atol=1e-4)


def test_the_class_is_that_of_the_clean_image():
    """Noise makes the other class win half the time; it is not explained for that."""
    model = sequential((1,), layers.Dense(2), weights=[[[1.0, -1.0]], [0, 0]])
    np.testing.assert_allclose(explain("smoothgrad", model, np.array([[1e-3]]), samples=20), [[1.0]], rtol=1e-6)


@pytest.mark.parametrize("method", ["smoothgrad", "smoothgrad_squared", "vargrad"])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"samples": 0}, r"samples must be a whole number of at least 1\. Received: 0\."),
        ({"sigma": 0}, r"sigma must be a finite number above 0\. Received: 0\."),
        ({"sigma": float("inf")}, r"sigma must be a finite number above 0\. Received: inf\."),
    ],
)
def test_bad_values_are_refused(network, images, method, wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        explain(method, network, images, **wrong)


def test_any_number_of_samples_and_images_share_a_graph(network):
    for count, samples in ((3, 2), (4, 3), (5, 4), (6, 5)):
        explain("smoothgrad", network, pictures(network, count), samples=samples)
    traces = compiled(network, "gradient_moments", None).experimental_get_tracing_count()
    assert traces <= 2
