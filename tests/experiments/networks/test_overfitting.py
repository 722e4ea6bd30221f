"""Trainings of one step are watched, and one that withstands its own step alone is seen."""

import keras
import numpy as np

from experiments.data import Fingerprint
from experiments.networks.grid import STANDARD, networks
from experiments.networks.keys import network_key
from experiments.networks.overfitting import ONE_STEP, SEVERAL_STEPS, OverfittingWatch
from experiments.settings.presets import make_settings
from training import Trainer
from training.standard import Standard

EPS = 0.2


def test_a_network_that_withstands_its_own_step_alone_is_seen():
    """Its class changes twice on the way of one step, which ends where the class is the first again."""
    pixel = keras.Input((1, 1, 1))
    wave = keras.layers.Lambda(lambda x: keras.ops.cos(2 * np.pi * x / EPS))(keras.layers.Flatten()(pixel))
    network = keras.Model(pixel, keras.layers.Concatenate()([-wave, wave]))
    images, labels = np.full((5, 1, 1, 1), 0.01, np.float32), np.ones(5, int)
    logs = watched(Trainer(network, Standard()), EPS, images, labels)
    assert (logs[ONE_STEP], logs[SEVERAL_STEPS]) == (1.0, 0.0)
    assert logs["loss"] == 1.0


def test_a_linear_network_withstands_several_steps_as_it_does_one():
    network = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
    images = np.random.default_rng(0).uniform(-0.5, 0.5, (50, 2, 2, 1)).astype(np.float32)
    labels = network(images).numpy().argmax(axis=1)
    logs = watched(Trainer(network, Standard()), 0.1, images, labels)
    assert logs[ONE_STEP] == logs[SEVERAL_STEPS]
    assert 0 < logs[ONE_STEP] < 1
    assert watched(Trainer(network, Standard()), 1e-6, images, labels)[ONE_STEP] == 1


def test_the_key_of_what_is_watched_says_so_and_that_of_others_does_not():
    (study,) = make_settings("roar", "quick", {"training": ("adversarial", "fast")}).studies
    by_method = {spec.method: network_key(study, Fingerprint(), spec, 0).content for spec in networks(study)}
    assert "watched" in by_method["fast"]
    assert "watched" not in by_method["adversarial"]
    assert "watched" not in network_key(study, Fingerprint(), STANDARD, 0).content


def watched(trainer, eps, images, labels):
    watch = OverfittingWatch(eps, images, labels)
    watch.set_model(trainer)
    logs = {"loss": 1.0}
    watch.on_epoch_end(0, logs)
    return logs
