"""Gradients drawn towards a robust network's: targets, angle and norm, on networks where they are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.test_methods import SEED, compiled, fresh
from training import METHODS

LABELS = np.arange(12, dtype=np.int32) % 2


@pytest.fixture
def points():
    return np.random.default_rng(3).uniform(-1, 1, (12, 4, 4, 1)).astype(np.float32)


def method_of(teacher, **parameters):
    defaults = {"alignment": 1.0, "shrinkage": 0.0, "samples": 3, "noise": 0.2}
    return METHODS["interpretability_regulariser"](teacher=teacher, **{**defaults, **parameters})


def added(method, network, images):
    images = tf.constant(images)
    prepared = method.prepare(network, images, LABELS, SEED)
    return float(method.loss(network, images, LABELS, prepared, lambda *batch: 0.0)[0])


def twin_of(network, factor):
    twin = keras.models.clone_model(network)
    twin.set_weights([factor * weight for weight in network.get_weights()])
    return twin


def test_targets_are_the_teacher_s_logit_gradients(linear_network, points):
    """SmoothGrad of a linear network is the weights of the label's logit, whatever the noise."""
    found = method_of(linear_network).prepare(twin_of(linear_network, -1), tf.constant(points), LABELS, SEED)
    columns = linear_network.get_weights()[0].T[LABELS]
    np.testing.assert_allclose(found.numpy().reshape(12, -1), columns, rtol=1e-5)


def test_targets_are_averaged_over_noise_of_this_step(network, images, labels):
    tensors = tf.constant(images), labels
    method = method_of(network, samples=2)
    first, second = (method.prepare(network, *tensors, seed) for seed in (SEED, SEED + 1))
    assert np.abs(first - second).max() > 1e-4
    still, single = (method_of(network, **o).prepare(network, *tensors, SEED) for o in ({"noise": 0.0}, {"samples": 1}))
    assert np.abs(still - first).max() > 1e-4
    assert np.abs(single - first).max() > 1e-4
    near = method_of(network, samples=200).prepare(network, *tensors, SEED)
    assert np.mean(np.abs(near - still)) < np.mean(np.abs(first - still))


@pytest.mark.parametrize(("factor", "expected"), [(3.0, 0.0), (-0.5, 2.0)])
def test_angle_sees_direction_alone(linear_network, points, factor, expected):
    found = added(method_of(twin_of(linear_network, factor), alignment=0.7), linear_network, points)
    assert found == pytest.approx(0.7 * expected, abs=1e-5)


def test_norm_is_each_image_s_own(linear_network, points):
    method = method_of(linear_network, shrinkage=0.3)
    norms = np.linalg.norm(linear_network.get_weights()[0], axis=0)[LABELS]
    assert added(method, linear_network, points) == pytest.approx(0.3 * norms.mean(), rel=1e-5)


def test_training_turns_gradients_towards_the_teacher_s(network, images, labels):
    student, teacher = fresh(network, seed=5), network
    weights = teacher.get_weights()
    method = method_of(teacher, alignment=5.0)

    def angle():
        prepared = method.prepare(student, tf.constant(images), labels, SEED)
        return float(method.loss(student, tf.constant(images), labels, prepared, lambda *batch: 0.0)[0])

    before = angle()
    compiled(student, method).fit(images, labels, batch_size=12, epochs=20, verbose=0)
    assert angle() < 0.7 * before
    for old, weight in zip(weights, teacher.get_weights(), strict=True):
        np.testing.assert_array_equal(old, weight)
