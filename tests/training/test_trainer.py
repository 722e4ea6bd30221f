"""`fit` drives a method: what it reports, and the random numbers it hands out."""

import keras
import numpy as np
import pytest

from attacks import ProjectedGradientDescent
from training import AdversarialTrainer

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
ATTACK = ProjectedGradientDescent(norm="linf", eps=0.3, step_size=0.1, steps=4)


def compiled_trainer(network, **options):
    trainer = AdversarialTrainer(network, **options)
    trainer.compile(optimizer=keras.optimizers.SGD(0.1), loss=LOSS, metrics=["accuracy"])
    return trainer


def test_validation_is_on_clean_images(network, images, labels):
    logs = compiled_trainer(network, attack=ATTACK).fit(
        images, labels, batch_size=12, validation_data=(images, labels), verbose=0
    )
    assert set(logs.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    clean = np.mean(network(images).numpy().argmax(axis=-1) == labels)
    assert logs.history["val_accuracy"][0] == pytest.approx(clean)
    assert np.mean(network(ATTACK(network, images, labels)).numpy().argmax(axis=-1) == labels) < clean


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
