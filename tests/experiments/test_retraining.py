"""A reused network learns exactly what a new one would."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from experiments.artefacts import Store
from experiments.batches import training_batches
from experiments.data import load_dataset
from experiments.grid import STANDARD, NetworkSpec
from experiments.networks import Networks
from experiments.progress import Progress
from experiments.retraining import Retrainer
from experiments.settings import make_settings
from experiments.training import build_network, compile_for_training, steps_per_epoch
from models import AdversarialTrainer

(STUDY,) = make_settings(
    "roar", "quick", {"train_size": 150, "test_size": 50, "epochs": 2, "width": 0.05, "attack_steps": 2}
).studies


@pytest.fixture(scope="module")
def data():
    return load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size)


def test_a_second_retraining_equals_one_with_a_new_network(data):
    retrain = Retrainer(STUDY, data, Progress(quiet=True))
    retrain(-data.train_images, data.test_images, seed=1)
    reused = retrain(data.train_images, data.test_images, seed=2)

    network = build_network(STUDY, data, seed=2)
    trainer = AdversarialTrainer(network)
    compile_for_training(trainer, STUDY, "false")
    trainer.fit(
        training_batches(data.train_images, data.train_labels, STUDY.batch_size, 2, STUDY.epochs),
        epochs=STUDY.epochs,
        steps_per_epoch=steps_per_epoch(150, STUDY),
        verbose=0,
    )
    for old, new in zip(retrain.network.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(reused, network.predict(data.test_images, verbose=0).argmax(-1) == data.test_labels)


def test_retrainings_after_the_first_trace_nothing(data, monkeypatch):
    retrain = Retrainer(STUDY, data, Progress(quiet=True))
    retrain(data.train_images, data.test_images, seed=0)

    call = type(retrain.network).call

    def eager_only(self, *arguments, **options):
        assert self is not retrain.network or tf.executing_eagerly(), "the network was traced again"
        return call(self, *arguments, **options)

    monkeypatch.setattr(type(retrain.network), "call", eager_only)
    for seed in range(1, 4):
        retrain(data.train_images, data.test_images, seed=seed)


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C after some epochs."""

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self.epochs:
            raise KeyboardInterrupt


@pytest.mark.parametrize("spec", [STANDARD, NetworkSpec("l2", "cw", 1.0)], ids=["standard", "adversarial"])
def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(data, tmp_path, monkeypatch, spec):
    study = dataclasses.replace(STUDY, epochs=3)
    whole = Networks(study, data, Store(tmp_path / "whole"), Progress(quiet=True)).get(spec).get_weights()

    store = Store(tmp_path / "cut")
    fit = AdversarialTrainer.fit
    monkeypatch.setattr(
        AdversarialTrainer,
        "fit",
        lambda self, *a, callbacks, **k: fit(self, *a, callbacks=[*callbacks, Interrupt(2)], **k),
    )
    with pytest.raises(KeyboardInterrupt):
        Networks(study, data, store, Progress(quiet=True)).get(spec)
    monkeypatch.setattr(AdversarialTrainer, "fit", fit)
    lines = []
    progress = Progress(quiet=True)
    monkeypatch.setattr(progress, "stage", lines.append)
    resumed = Networks(study, data, store, progress).get(spec).get_weights()
    assert "resumed after epoch 2" in lines[0]
    for one, other in zip(whole, resumed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_network_that_does_not_fit_is_refused(data):
    study = dataclasses.replace(STUDY, network="tests.experiments.test_retraining:probabilities")
    with pytest.raises(ValueError, match="--network: .*must return logits"):
        build_network(study, data, 0)


def probabilities(width, seed, input_shape, classes):
    layers = [keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(classes, "softmax")]
    return keras.Sequential(layers)
