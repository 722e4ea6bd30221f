"""The update is the one written down, on examples that the network of the moment is attacked with."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from attacks import ProjectedGradientDescent
from tests.training.test_trainer import ATTACK, LOSS, compiled_trainer
from training import AdversarialTrainer


def test_update_equals_one_on_the_attack_s_examples_as_constants(network, images, labels):
    """No gradient flows through the making of the examples."""
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


def test_attack_sees_inference_mode_and_the_update_training_mode(images, labels):
    """Batch statistics move once per step, by the adversarial batch, not by the attack's passes."""
    norm = keras.layers.BatchNormalization(momentum=0.5)
    network = keras.Sequential([keras.Input((8, 8, 1)), norm, keras.layers.Flatten(), keras.layers.Dense(3)])
    adversarial = ATTACK(network, images, labels).numpy()
    compiled_trainer(network, attack=ATTACK).fit(images, labels, batch_size=12, verbose=0)
    assert float(norm.moving_mean[0]) == pytest.approx(0.5 * adversarial.mean(), abs=1e-5)


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
