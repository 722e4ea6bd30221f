"""A reused network learns exactly what a new one would."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf
from experiments.settings.settings import make_settings
from experiments.work import work_per_image

from experiments import retraining, training
from experiments.compute.executor import Task, gather
from experiments.compute.progress import Progress
from experiments.data import load_dataset
from experiments.networks.batches import training_batches
from experiments.networks.fitting import build_network, compile_for_training, steps_per_epoch, steps_per_execution
from experiments.networks.grid import STANDARD, NetworkSpec, cells
from experiments.networks.networks import Networks
from experiments.networks.retraining import Retrainer
from experiments.roar.runner import RoarBench
from experiments.store.artefacts import Store
from models import AdversarialTrainer

SIZES = {"train_size": 150, "test_size": 50, "epochs": 2, "width": 0.05, "attack_steps": 2}
SETTINGS = make_settings("roar", "quick", SIZES)
(STUDY,) = SETTINGS.studies


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


def test_long_epochs_are_trained_in_parts_and_give_the_same(data, monkeypatch):
    whole = Retrainer(STUDY, data, Progress(quiet=True))
    whole(data.train_images, data.test_images, seed=3)
    monkeypatch.setattr(retraining, "STEPS_PER_CALL", 1)
    parts = Retrainer(STUDY, data, Progress(quiet=True))
    parts(data.train_images, data.test_images, seed=3)
    for one, other in zip(whole.network.get_weights(), parts.network.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_xla_trains_the_same(data):
    """Up to float32 rounding, which XLA does in another order, after one epoch of two steps."""
    study = dataclasses.replace(STUDY, epochs=1)
    weights = []
    for jit_compile in ("false", "true"):
        retrain = Retrainer(study, data, Progress(quiet=True), jit_compile)
        retrain(data.train_images, data.test_images, seed=0)
        weights.append(retrain.network.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_jobs_do_not_change_what_is_measured(data, tmp_path):
    settings = make_settings("roar", "quick", {**SIZES, "l2_eps": (), "linf_eps": ()})
    (study,) = settings.studies

    def correct(jobs):
        bench = RoarBench(study, settings, Store(tmp_path / str(jobs)), Progress(quiet=True))
        some = cells(study)[:12]
        return gather(bench, {cell: Task("retrain", (cell,)) for cell in some}, jobs)[0]

    one, three = correct(1), correct(3)
    assert len(one) == 12
    assert list(one) == list(three)
    for cell in one:
        np.testing.assert_array_equal(one[cell], three[cell], err_msg=str(cell))


def test_steps_at_a_time_divide_the_epoch():
    assert [steps_per_execution(steps) for steps in (1, 7, 20, 30, 47, 550)] == [1, 7, 20, 15, 1, 11]


def test_a_standard_network_does_not_depend_on_the_steps_at_a_time(data, tmp_path, monkeypatch):
    study = dataclasses.replace(STUDY, batch_size=25)
    weights = {}
    for most in (1, 20):
        monkeypatch.setattr(training, "MOST_STEPS_PER_EXECUTION", most)
        progress = Progress(quiet=True)
        done = []
        monkeypatch.setattr(progress, "advance", done.append)
        networks = Networks(study, data, Store(tmp_path / str(most)), progress, SETTINGS)
        weights[most] = networks.get(STANDARD).get_weights()
        assert sum(done) == study.epochs * len(data.train_images) * work_per_image(study, STANDARD)
    for one, other in zip(weights[1], weights[20], strict=True):
        np.testing.assert_array_equal(one, other)


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
    whole = Networks(study, data, Store(tmp_path / "whole"), Progress(quiet=True), SETTINGS).get(spec).get_weights()

    store = Store(tmp_path / "cut")
    fit = AdversarialTrainer.fit
    monkeypatch.setattr(
        AdversarialTrainer,
        "fit",
        lambda self, *a, callbacks, **k: fit(self, *a, callbacks=[*callbacks, Interrupt(2)], **k),
    )
    with pytest.raises(KeyboardInterrupt):
        Networks(study, data, store, Progress(quiet=True), SETTINGS).get(spec)
    monkeypatch.setattr(AdversarialTrainer, "fit", fit)
    lines = []
    progress = Progress(quiet=True)
    monkeypatch.setattr(progress, "stage", lines.append)
    resumed = Networks(study, data, store, progress, SETTINGS).get(spec).get_weights()
    assert "resumed after epoch 2" in lines[0]
    for one, other in zip(whole, resumed, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_coarser_precision_is_checked_in_float32(data, tmp_path):
    study = dataclasses.replace(STUDY, precision="mixed_bfloat16")
    found = Networks(study, data, Store(tmp_path / "coarse"), Progress(quiet=True), SETTINGS).evaluate(STANDARD)
    assert found["pgd_float32"].shape == found["pgd"].shape == data.test_labels.shape
    exact = Networks(STUDY, data, Store(tmp_path / "exact"), Progress(quiet=True), SETTINGS).evaluate(STANDARD)
    assert "pgd_float32" not in exact


def test_a_network_that_does_not_fit_is_refused(data):
    study = dataclasses.replace(STUDY, network="tests.experiments.networks.test_retraining:probabilities")
    with pytest.raises(ValueError, match="--network: .*must return logits"):
        build_network(study, data, 0)


def probabilities(width, seed, input_shape, classes):
    layers = [keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(classes, "softmax")]
    return keras.Sequential(layers)
