"""The trainer's update is the one written down, and `fit` drives it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from attacks import ProjectedGradientDescent
from models import AdversarialTrainer

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
ATTACK = ProjectedGradientDescent(norm="linf", eps=0.3, step_size=0.1, steps=4)


def compiled_trainer(network, **options):
    trainer = AdversarialTrainer(network, **options)
    trainer.compile(optimizer=keras.optimizers.SGD(0.1), loss=LOSS, metrics=["accuracy"])
    return trainer


def test_update_equals_one_on_the_attack_s_examples_as_constants(network, images, labels):
    """No gradient flows through the making of the examples (trap 7)."""
    twin = keras.models.clone_model(network)
    twin.set_weights(network.get_weights())
    adversarial = tf.constant(ATTACK(twin, images, labels).numpy())
    with tf.GradientTape() as tape:
        loss = LOSS(labels, twin(adversarial, training=True))
    gradients = tape.gradient(loss, twin.trainable_variables)

    logs = compiled_trainer(network, attack=ATTACK).fit(images, labels, batch_size=12, verbose=0).history

    for variable, old, gradient in zip(network.trainable_variables, twin.get_weights(), gradients, strict=True):
        np.testing.assert_allclose(variable, old - 0.1 * gradient, rtol=1e-4, atol=1e-6)
    assert logs["loss"][0] == pytest.approx(float(loss), rel=1e-5)  # of the adversarial batch
    right = np.mean(twin(adversarial).numpy().argmax(axis=-1) == labels)
    assert logs["accuracy"][0] == pytest.approx(right)


def test_validation_is_clean_and_robust_on_request(network, images, labels):
    logs = compiled_trainer(network, attack=ATTACK, validation_attack=ATTACK).fit(
        images, labels, batch_size=12, validation_data=(images, labels), verbose=0
    )
    history = logs.history
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy", "val_robust_accuracy"}
    clean = np.mean(network(images).numpy().argmax(axis=-1) == labels)
    robust = np.mean(network(ATTACK(network, images, labels)).numpy().argmax(axis=-1) == labels)
    assert history["val_accuracy"][0] == pytest.approx(clean)
    assert history["val_robust_accuracy"][0] == pytest.approx(robust)
    assert robust < clean


def test_without_attacks_it_reports_no_robust_accuracy(network, images, labels):
    history = compiled_trainer(network).fit(images, labels, validation_data=(images, labels), verbose=0).history
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_attack_sees_inference_mode_and_the_update_training_mode(images, labels):
    """Batch statistics move once per step, by the adversarial batch, not by the attack's passes."""
    norm = keras.layers.BatchNormalization(momentum=0.5)
    network = keras.Sequential([keras.Input((8, 8, 1)), norm, keras.layers.Flatten(), keras.layers.Dense(3)])
    adversarial = ATTACK(network, images, labels).numpy()
    compiled_trainer(network, attack=ATTACK).fit(images, labels, batch_size=12, verbose=0)
    assert float(norm.moving_mean[0]) == pytest.approx(0.5 * adversarial.mean(), abs=1e-5)


def test_random_start_differs_from_step_to_step_and_repeats_with_the_seed(images, labels):
    seen = []

    def spy(model, x, y, seed):
        seen.append(seed)
        return x

    network = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    trainer = AdversarialTrainer(network, attack=spy, seed=7)
    trainer.compile(optimizer="sgd", loss=LOSS, run_eagerly=True)
    trainer.fit(images, labels, batch_size=4, verbose=0)
    np.testing.assert_array_equal(seen, [[7, 0], [7, 1], [7, 2]])


def test_adversarial_training_makes_a_network_robust():
    """Two classes told apart by one weak pixel region of size 0.6 and one strong of size 0.1 eps-fragile."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    x = rng.normal(0, 0.05, (400, 4, 4, 1)).astype(np.float32)
    x[:, 0, 0, 0] += np.where(y, 0.5, -0.5) * (rng.random(400) < 0.9)  # robust, mostly right
    x[:, 1:, :, 0] += np.where(y, 0.1, -0.1)[:, None, None]  # always right, gone within eps 0.15
    attack = ProjectedGradientDescent(norm="linf", eps=0.15, step_size=0.05, steps=5)

    def robust_accuracy(training_attack):
        keras.utils.set_random_seed(0)
        network = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(2)])
        trainer = AdversarialTrainer(network, attack=training_attack)
        trainer.compile(optimizer=keras.optimizers.Adam(0.02), loss=LOSS, metrics=["accuracy"])
        trainer.fit(x, y, batch_size=50, epochs=15, verbose=0)
        return np.mean(network(attack(network, x, y)).numpy().argmax(axis=-1) == y)

    assert robust_accuracy(attack) > robust_accuracy(None) + 0.2
