"""A reused network learns exactly what a new one would."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from experiments.compute.progress import Progress
from experiments.data import load_dataset
from experiments.networks import retraining
from experiments.networks.batches import training_batches
from experiments.networks.building import build_network
from experiments.networks.fitting import compile_for_training, steps_per_epoch
from experiments.networks.retraining import Retrainer
from experiments.networks.state import state_of
from experiments.settings.presets import make_settings
from tests.experiments.networks import own_networks
from training import AdversarialTrainer

SIZES = {"train_size": 150, "test_size": 50, "epochs": 2, "width": 0.05, "attack_steps": 2}
(STUDY,) = make_settings("roar", "quick", SIZES).studies


@pytest.fixture(scope="module")
def data():
    return load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size)


def test_a_second_retraining_equals_one_with_a_new_network(data):
    retrain = Retrainer(STUDY, data, Progress(quiet=True))
    retrain(-data.train_images, data.train_labels, data.test_images, seed=1)
    reused = retrain(data.train_images, data.train_labels, data.test_images, seed=2)

    network = build_network(STUDY, data, seed=2)
    trainer = AdversarialTrainer(network)
    compile_for_training(trainer, STUDY, "false")
    trainer.fit(
        training_batches(data.train_images, data.train_labels, STUDY.batch_size, 2, STUDY.epochs),
        epochs=STUDY.epochs,
        steps_per_epoch=steps_per_epoch(150, STUDY.batch_size),
        shuffle=False,
        verbose=0,
    )
    for old, new in zip(retrain.network.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(reused, network.predict(data.test_images, verbose=0).argmax(-1))


@pytest.mark.parametrize("name", own_networks.WITH_STATE)
def test_a_retraining_of_a_network_with_state_does_not_depend_on_those_before(data, name):
    study = dataclasses.replace(STUDY, network=f"{own_networks.__name__}:{name}")
    fresh, used = (Retrainer(study, data, Progress(quiet=True)) for _ in range(2))
    used(-data.train_images, data.train_labels, data.test_images, seed=3)
    first, second = (
        retrain(data.train_images, data.train_labels, data.test_images, seed=7) for retrain in (fresh, used)
    )
    np.testing.assert_array_equal(first, second)
    for one, other in zip(state_of(fresh.network), state_of(used.network), strict=True):
        np.testing.assert_array_equal(one, other)


def test_long_epochs_are_trained_in_parts_and_give_the_same(data, monkeypatch):
    whole = Retrainer(STUDY, data, Progress(quiet=True))
    whole(data.train_images, data.train_labels, data.test_images, seed=3)
    monkeypatch.setattr(retraining, "STEPS_PER_CALL", 1)
    parts = Retrainer(STUDY, data, Progress(quiet=True))
    parts(data.train_images, data.train_labels, data.test_images, seed=3)
    for one, other in zip(whole.network.get_weights(), parts.network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_xla_trains_the_same(data):
    """Up to float32 rounding, which XLA does in another order, after one epoch of two steps."""
    study = dataclasses.replace(STUDY, epochs=1)
    weights = []
    for jit_compile in ("false", "true"):
        retrain = Retrainer(study, data, Progress(quiet=True), jit_compile)
        retrain(data.train_images, data.train_labels, data.test_images, seed=0)
        weights.append(retrain.network.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_retrainings_after_the_first_trace_nothing(data, monkeypatch):
    retrain = Retrainer(STUDY, data, Progress(quiet=True))
    retrain(data.train_images, data.train_labels, data.test_images, seed=0)

    call = type(retrain.network).call

    def eager_only(self, *arguments, **options):
        assert self is not retrain.network or tf.executing_eagerly(), "the network was traced again"
        return call(self, *arguments, **options)

    monkeypatch.setattr(type(retrain.network), "call", eager_only)
    for seed in range(1, 4):
        retrain(data.train_images, data.train_labels, data.test_images, seed=seed)
