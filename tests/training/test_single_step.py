"""Methods that move every image once: fast, elastic, Gaussian noise."""

import numpy as np
import pytest
import tensorflow as tf

from tests.training.test_methods import SEED, prepared_by
from training import METHODS
from training._gradients import loss_gradient


def test_fast_is_one_step_of_a_quarter_more_than_the_radius(linear_network):
    """From a start anywhere in the ball the step leads to the corner, or a quarter of the radius beyond the centre."""
    x, eps = np.zeros((40, 4, 4, 1), np.float32), 0.2
    weights = linear_network.get_weights()[0]
    towards = np.sign(weights[:, 1] - weights[:, 0])
    found = prepared_by(METHODS["fast"](eps=eps), linear_network, x, np.zeros(40, np.int32)).numpy()
    along = found.reshape(40, 16) * towards
    assert along.min() == pytest.approx(0.25 * eps, abs=0.01)
    assert along.max() == pytest.approx(eps)
    assert np.mean(along == along.max()) == pytest.approx(
        1 / 1.6, abs=0.08
    )  # of starts in [-eps, eps] those above -eps/4


def test_fast_stays_in_ball_and_box(network, images, labels):
    found = prepared_by(METHODS["fast"](eps=0.3), network, images, labels).numpy()
    assert np.abs(found - images).max() <= 0.3 + 1e-6
    assert np.abs(found).max() <= 1


def objective_of(gradient, delta, eps1, eps2):
    """g.d - ||relu(|d| - eps1)||^2 / (4 eps2), image by image."""
    return (gradient * delta - np.maximum(np.abs(delta) - eps1, 0) ** 2 / (4 * eps2)).sum(axis=1)


@pytest.mark.parametrize(("eps1", "eps2"), [(0.1, 0.5), (0.5, 0.02)])
def test_elastic_perturbation_is_the_maximiser_and_its_value_the_elastic_net(eps1, eps2):
    rng = np.random.default_rng(0)
    gradient = rng.normal(size=(6, 20)) * rng.choice([0, 0.1, 1], (6, 20))
    delta = METHODS["elastic"](eps1=eps1, eps2=eps2).perturbation(tf.constant(gradient)).numpy()
    best = objective_of(gradient, delta, eps1, eps2)
    norms = eps1 * np.abs(gradient).sum(axis=1) + eps2 * (gradient**2).sum(axis=1)
    np.testing.assert_allclose(best, norms, rtol=1e-6)
    for size in (1e-3, 0.1, 1.0):
        for _ in range(50):
            other = delta + size * rng.normal(size=delta.shape)
            assert (objective_of(gradient, other, eps1, eps2) <= best + 1e-9).all()


def test_elastic_trains_on_the_perturbed_images_inside_the_box(network, images, labels):
    gradient = loss_gradient(network, tf.constant(images), labels).numpy()
    found = prepared_by(METHODS["elastic"](eps1=0.1, eps2=0.4), network, images, labels)
    np.testing.assert_allclose(found, np.clip(images + 0.1 * np.sign(gradient) + 0.8 * gradient, -1, 1), atol=1e-6)
    one_step = prepared_by(METHODS["elastic"](eps1=0.1, eps2=0.0), network, images, labels)
    np.testing.assert_allclose(one_step, np.clip(images + 0.1 * np.sign(gradient), -1, 1), atol=1e-6)


def test_noise_has_its_standard_deviation_and_is_not_clipped(network):
    images, labels = np.ones((200, 8, 8, 1), np.float32), np.zeros(200, np.int32)
    method = METHODS["gaussian_noise"](sigma=0.3)
    noise = method.prepare(network, tf.constant(images), labels, SEED).numpy() - images
    assert noise.mean() == pytest.approx(0, abs=0.01)
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert not np.allclose(noise, method.prepare(network, tf.constant(images), labels, SEED + 1).numpy() - images)
