"""What every training method keeps to, whatever its loss."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from models.isolated import dtype_policy
from tests.training.test_trainer import LOSS
from training import METHODS, Trainer

ATTACK = {"step_size": 0.1, "steps": 3}
VARIANTS = {
    "standard": {},
    "adversarial": {"norm": "l2", "loss": "cross_entropy", "eps": 0.3, "random_start": True, **ATTACK},
    "adversarial l1": {"norm": "l1", "loss": "cross_entropy", "eps": 1.0, "random_start": False, **ATTACK},
    "trades": {"norm": "linf", "eps": 0.1, "beta": 2.0, **ATTACK},
    "fast": {"eps": 0.1},
    "gradient_alignment": {"eps": 0.1, "weight": 0.5},
    "gradient_penalty": {"weight": 0.5},
    "gaussian_noise": {"sigma": 0.2},
    "elastic": {"eps1": 0.05, "eps2": 0.1},
    "interpretability_regulariser": {"alignment": 1.0, "shrinkage": 0.1, "samples": 2, "noise": 0.1},
}
EACH = pytest.mark.parametrize("variant", VARIANTS)
SEED = tf.constant([3, 4])


def made(variant, teacher=None):
    parameters = VARIANTS[variant] | ({"teacher": teacher} if variant == "interpretability_regulariser" else {})
    return METHODS[variant.split()[0]](**parameters)


def small(*layers, classes=3):
    """Layers between 8x8 images and logits."""
    outer = [keras.layers.Flatten(), keras.layers.Dense(classes)]
    return fresh(keras.Sequential([keras.Input((8, 8, 1)), *layers, *outer]), seed=0)


def fresh(network, seed):
    """A network of the same architecture: its layers take their seeds when they are made."""
    keras.utils.set_random_seed(seed)
    return keras.models.clone_model(network)


def teacher_of(network):
    """Another network of its architecture."""
    return fresh(network, seed=1)


def objective(images, labels, logits):
    return LOSS(labels, logits)


def prepared_by(method, network, images, labels):
    return tf.nest.map_structure(tf.stop_gradient, method.prepare(network, tf.constant(images), labels, SEED))


def compiled(network, method, **options):
    trainer = Trainer(network, method, seed=1)
    trainer.compile(keras.optimizers.Adam(0.01), LOSS, metrics=["accuracy"], jit_compile=False, **options)
    return trainer


def test_every_file_on_the_shelf_is_tried_here():
    assert {variant.split()[0] for variant in VARIANTS} == set(METHODS)


@EACH
def test_weight_gradients_are_those_of_the_loss(variant, network, images, labels):
    """Against finite differences along a random direction; what `prepare` gave is a constant."""
    method, images = made(variant, teacher_of(network)), tf.constant(images)
    prepared = prepared_by(method, network, images, labels)
    rng = np.random.default_rng(0)
    direction = [rng.normal(size=weight.shape).astype(np.float32) for weight in network.get_weights()]

    def loss():
        return method.loss(network, images, labels, prepared, objective)[0]

    with tf.GradientTape() as tape:
        value = loss()
    gradients = tape.gradient(value, network.trainable_variables)
    ours = sum(np.sum(gradient * along) for gradient, along in zip(gradients, direction, strict=True))
    before, reached, h = network.get_weights(), [], 2e-3
    for sign in (1, -1):
        network.set_weights([weight + sign * h * along for weight, along in zip(before, direction, strict=True)])
        reached.append(float(loss()))
    assert ours == pytest.approx((reached[0] - reached[1]) / (2 * h), rel=0.02, abs=1e-3)


@EACH
def test_each_image_has_the_loss_it_has_alone(variant, network, images, labels):
    """The loss of a batch is the mean of its images'; without random numbers, which a batch draws as a whole."""
    method = made(variant, teacher_of(network))
    prepared = prepared_by(method, network, images, labels)
    whole = float(method.loss(network, tf.constant(images), labels, prepared, objective)[0])
    alone = [
        float(
            method.loss(network, tf.constant(images[i : i + 1]), labels[i : i + 1], prepared[i : i + 1], objective)[0]
        )
        for i in range(len(images))
    ]
    assert whole == pytest.approx(np.mean(alone), rel=1e-4)
    assert np.std(alone) > 0


@EACH
def test_equal_seeds_prepare_the_same_and_clean_images_stay(variant, network, images, labels):
    method, before = made(variant, teacher_of(network)), images.copy()
    first, again = (prepared_by(method, network, images, labels) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(images, before)


@EACH
def test_batch_statistics_move_by_the_update_alone(variant, images, labels):
    """Preparing leaves them as they are, and the loss moves them."""
    network = small(keras.layers.BatchNormalization())
    method = made(variant, teacher_of(network))
    norm = network.layers[0]
    before = [np.array(value) for value in (norm.moving_mean, norm.moving_variance)]
    prepared = prepared_by(method, network, images, labels)
    for old, value in zip(before, (norm.moving_mean, norm.moving_variance), strict=True):
        np.testing.assert_array_equal(value, old)
    method.loss(network, tf.constant(images), labels, prepared, objective)
    assert np.abs(norm.moving_mean - before[0]).max() > 0


@EACH
def test_it_tells_two_blobs_apart_and_is_traced_once(variant, monkeypatch):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 200).astype(np.int32)
    images = np.clip(rng.normal(0, 0.2, (200, 8, 8, 1)), -1, 1).astype(np.float32)
    images[:, 2:6, 2:6, 0] += np.where(labels, 0.4, -0.4)[:, None, None]
    network = small(keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.MaxPooling2D(), classes=2)
    method, traces = made(variant, teacher_of(network)), itertools.count()
    inner = method.loss
    monkeypatch.setattr(method, "loss", lambda *arguments: (next(traces), inner(*arguments))[1])
    trainer = compiled(network, method)
    first = trainer.fit(images, labels, batch_size=50, epochs=1, verbose=0).history["loss"][0]
    traced = next(traces)
    last = trainer.fit(images, labels, batch_size=50, epochs=4, verbose=0).history["loss"][-1]
    assert next(traces) == traced + 1
    assert last < first
    assert np.mean(network(images).numpy().argmax(axis=-1) == labels) > 0.9


@EACH
def test_it_trains_in_mixed_precision(variant, images, labels):
    with dtype_policy("mixed_float16"):
        network = small(keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.MaxPooling2D())
        teacher = teacher_of(network)
    before = network.get_weights()
    history = compiled(network, made(variant, teacher)).fit(images, labels, batch_size=6, epochs=2, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    for old, weight in zip(before, network.get_weights(), strict=True):
        assert np.isfinite(weight).all()
        assert np.abs(weight - old).max() > 0


@EACH
def test_confident_networks_and_images_without_gradient_leave_finite_weights(variant, images, labels):
    """Logits in the thousands, where a cross-entropy's gradient underflows, and dead units, where there is none."""
    network = small(keras.layers.Conv2D(4, 3, activation="relu"))
    teacher = teacher_of(network)
    network.set_weights([300 * weight for weight in network.get_weights()])
    images = np.concatenate([images, np.zeros_like(images[:1])])
    labels = np.concatenate([labels, labels[:1]])
    trainer = compiled(network, made(variant, teacher))
    assert np.isfinite(trainer.fit(images, labels, batch_size=13, epochs=2, verbose=0).history["loss"]).all()
    assert all(np.isfinite(weight).all() for weight in network.get_weights())
