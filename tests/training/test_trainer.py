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
