"""The penalty and the angles of gradients, on networks where they are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.test_methods import SEED, compiled, objective
from training import METHODS
from training._gradients import batch_mean, cosine_distance, norm, squared_norm

TWO = np.arange(12, dtype=np.int32) % 2


@pytest.fixture
def points():
    return np.random.default_rng(3).uniform(-1, 1, (12, 4, 4, 1)).astype(np.float32)


def direction(linear_network):
    weights = linear_network.get_weights()[0]
    return weights[:, 1] - weights[:, 0]


def added(method, network, images, labels):
    """What the method adds to the cross-entropy of the images it trains on."""
    images = tf.constant(images)
    prepared = method.prepare(network, images, labels, SEED)
    return float(method.loss(network, images, labels, prepared, lambda *batch: 0.0)[0])


def test_penalty_of_logistic_regression(linear_network, points):
    """(sigma - y)^2 ||w||^2 of each image."""
    w = direction(linear_network)
    probability = 1 / (1 + np.exp(-(points.reshape(12, -1) @ w)))
    expected = np.mean((probability - TWO) ** 2) * (w @ w)
    assert added(METHODS["gradient_penalty"](weight=0.7), linear_network, points, TWO) == pytest.approx(
        0.7 * expected, rel=1e-4
    )


def test_penalty_is_beside_the_compiled_loss(linear_network, points):
    method, images = METHODS["gradient_penalty"](weight=0.7), tf.constant(points)
    loss, logits = method.loss(linear_network, images, TWO, images, objective)
    clean = objective(images, TWO, linear_network(images))
    assert float(loss - clean) == pytest.approx(added(method, linear_network, points, TWO), rel=1e-4)
    np.testing.assert_array_equal(logits, linear_network(images))


def test_gradients_of_a_linear_network_are_aligned(linear_network, network, points, images, labels):
    method = METHODS["gradient_alignment"](eps=0.3, weight=5.0)
    assert added(method, linear_network, points, TWO) == pytest.approx(0, abs=1e-5)
    assert added(method, network, images, labels) > 1e-3
    assert added(METHODS["gradient_alignment"](eps=0.3, weight=0.0), network, images, labels) == 0


def test_alignment_trains_on_one_step_along_the_sign(linear_network, points):
    """The strongest linf perturbation of a binary linear network: the loss is log(1 + exp(-m + eps ||w||_1))."""
    w, points = direction(linear_network), 0.5 * points
    method = METHODS["gradient_alignment"](eps=0.3, weight=0.2)
    images = tf.constant(points)
    loss, _ = method.loss(linear_network, images, TWO, method.prepare(linear_network, images, TWO, SEED), objective)
    margin = (2 * TWO - 1) * (points.reshape(12, -1) @ w)
    assert float(loss) == pytest.approx(np.mean(np.log1p(np.exp(-margin + 0.3 * np.abs(w).sum()))), rel=1e-4)


@pytest.mark.parametrize("scale", [1.0, 1e-25, 1e25])
def test_cosine_distance_by_hand_at_any_scale(scale):
    one = tf.constant([[3.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0], [2.0, 0.0]]) * scale
    other = tf.constant([[2.0, 0.0], [1.0, 0.0], [-5.0, 0.0], [1.0, 1.0], [0.0, 7.0]])
    np.testing.assert_allclose(cosine_distance(one, other), [0, 1 - np.sqrt(0.5), 2, 0, 1], atol=1e-6)


def test_derivatives_are_finite_where_gradients_are_zero():
    zero, some = tf.Variable(tf.zeros((2, 3))), tf.constant([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    with tf.GradientTape(persistent=True) as tape:
        values = [norm(zero), squared_norm(zero), cosine_distance(zero, some), cosine_distance(some, zero)]
    for value in values:
        np.testing.assert_array_equal(tape.gradient(value, zero), np.zeros((2, 3)))


def test_cosine_distance_does_not_see_length_and_its_derivative_stands_at_right_angles():
    rng = np.random.default_rng(0)
    one, other = (tf.Variable(rng.normal(size=(4, 5)), dtype=tf.float32) for _ in range(2))
    with tf.GradientTape() as tape:
        value = cosine_distance(one, other)
    np.testing.assert_allclose(value, cosine_distance(100 * one, other), atol=1e-6)
    np.testing.assert_allclose(tf.reduce_sum(tape.gradient(value, one) * one, axis=1), np.zeros(4), atol=1e-6)


def test_batch_mean_is_the_mean_on_one_device():
    assert float(batch_mean(tf.constant([1.0, 2.0, 6.0]))) == 3.0


def test_training_with_the_penalty_makes_gradients_smaller(network, images):
    """On labels that cannot be learned from the images, so that the loss stays and its gradient with it."""
    images, labels = np.concatenate([images, images]), np.repeat([0, 1], 12).astype(np.int32)
    twin = keras.models.clone_model(network)
    twin.set_weights(network.get_weights())
    penalty = METHODS["gradient_penalty"](weight=1.0)
    for each, method in ((network, METHODS["gradient_penalty"](weight=10.0)), (twin, METHODS["standard"]())):
        compiled(each, method).fit(images, labels, batch_size=24, epochs=10, verbose=0)
    assert added(penalty, network, images, labels) < 0.5 * added(penalty, twin, images, labels)
