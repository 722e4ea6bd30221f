"""TRADES: the divergence, its attack, and what is left of it without a weight."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.training.test_methods import SEED, compiled, objective
from training import METHODS
from training.trades import START, divergence

ATTACK = {"norm": "linf", "eps": 0.2, "step_size": 0.05, "steps": 5}


def test_divergence_by_hand():
    clean, moved = np.log([[0.5, 0.5], [0.9, 0.1]]), np.log([[0.25, 0.75], [0.9, 0.1]])
    expected = [0.5 * np.log(2) + 0.5 * np.log(2 / 3), 0.0]
    np.testing.assert_allclose(divergence(tf.constant(moved + 3), tf.constant(clean - 5)), expected, atol=1e-6)
    half = divergence(tf.constant(moved, tf.float16), tf.constant(clean, tf.float16))
    assert half.dtype == tf.float32
    np.testing.assert_allclose(half, expected, atol=1e-3)


def test_without_weight_it_is_standard_training(network, images, labels):
    twin = keras.models.clone_model(network)
    twin.set_weights(network.get_weights())
    compiled(network, METHODS["trades"](beta=0.0, **ATTACK)).fit(images, labels, batch_size=6, epochs=2, verbose=0)
    compiled(twin, METHODS["standard"]()).fit(images, labels, batch_size=6, epochs=2, verbose=0)
    for ours, standard in zip(network.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(ours, standard, atol=1e-6)


@pytest.mark.parametrize("norm", ["linf", "l2", "l1"])
def test_its_attack_raises_the_divergence_inside_ball_and_box(network, images, labels, norm):
    method = METHODS["trades"](beta=1.0, **{**ATTACK, "norm": norm, "step_size": 0.08})
    adversarial = method.prepare(network, tf.constant(images), labels, SEED).numpy()
    order = {"linf": np.inf, "l2": 2, "l1": 1}[norm]
    sizes = np.linalg.norm((adversarial - images).reshape(len(images), -1), order, axis=1)
    assert sizes.max() <= 0.2 * (1 + 1e-4)
    assert np.abs(adversarial).max() <= 1
    noise = np.clip(images + 0.2 / 64 * np.random.default_rng(0).choice([-1, 1], images.shape), -1, 1)
    clean = network(images)
    reached, by_noise = (divergence(network(points), clean).numpy() for points in (adversarial, noise.astype("f")))
    assert (reached > by_noise).all()


def test_it_starts_from_noise_whatever_the_labels(network, images, labels):
    """At the image itself the divergence has no gradient; another seed gives another start."""
    method = METHODS["trades"](beta=1.0, **{**ATTACK, "step_size": 1e-7, "steps": 1})
    inner = tf.constant(images[1:] * 0.9)
    start = method.prepare(network, inner, labels[1:], SEED) - inner
    assert float(tf.math.reduce_std(start)) == pytest.approx(START, rel=0.1)
    assert np.abs(start - (method.prepare(network, inner, labels[1:], SEED + 1) - inner)).max() > START
    np.testing.assert_array_equal(start, method.prepare(network, inner, 1 - labels[1:], SEED) - inner)


def test_its_attack_is_the_published_one():
    """trades.py's loop on images of which most pixels are black: the noise that it starts from is not clipped."""
    rng = np.random.default_rng(0)
    images = np.where(rng.random((6, 4, 4, 1)) < 0.8, -1, rng.uniform(-1, 1, (6, 4, 4, 1))).astype(np.float32)
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    weights = rng.normal(size=(16, 3)).astype(np.float32)
    model.set_weights([weights, np.zeros(3)])

    def softmax(x):
        z = np.exp(x.reshape(6, 16) @ weights)
        return z / z.sum(axis=1, keepdims=True)

    noise = 0.001 * tf.random.stateless_normal(images.shape, SEED).numpy()
    x, clean = images + noise, softmax(images)
    for _ in range(3):
        gradient = ((softmax(x) - clean) @ weights.T).reshape(images.shape)  # of KL(clean, at x)
        x = np.clip(np.clip(x + 0.05 * np.sign(gradient), images - 0.2, images + 0.2), -1, 1)
    method = METHODS["trades"](beta=1.0, **{**ATTACK, "steps": 3})
    np.testing.assert_allclose(method.prepare(model, tf.constant(images), np.zeros(6, int), SEED), x, atol=1e-5)


def test_the_clean_answer_is_not_detached(network, images, labels):
    """The update differentiates the target of the divergence too."""
    method, images = METHODS["trades"](beta=3.0, **ATTACK), tf.constant(images)
    prepared = method.prepare(network, images, labels, SEED)
    with tf.GradientTape(persistent=True) as tape:
        loss, _ = method.loss(network, images, labels, prepared, objective)
        clean, moved = network(images), network(prepared)
        p, q = tf.nn.softmax(clean), tf.nn.softmax(moved)
        attached = objective(images, labels, clean) + 3 * tf.reduce_mean(tf.reduce_sum(p * tf.math.log(p / q), -1))
        p = tf.stop_gradient(p)
        detached = objective(images, labels, clean) + 3 * tf.reduce_mean(tf.reduce_sum(p * tf.math.log(p / q), -1))
    kernel = network.trainable_variables[-2]
    np.testing.assert_allclose(tape.gradient(loss, kernel), tape.gradient(attached, kernel), atol=1e-5)
    assert np.abs(tape.gradient(loss, kernel) - tape.gradient(detached, kernel)).max() > 1e-3
