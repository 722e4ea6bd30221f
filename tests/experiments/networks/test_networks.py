"""A training's result does not depend on how it was run, nor on whether it was interrupted."""

import dataclasses

import keras
import numpy as np
import pytest

from attacks import ProjectedGradientDescent
from experiments.compute.progress import Progress
from experiments.data import fingerprint, load_dataset
from experiments.networks import fitting
from experiments.networks.grid import STANDARD, networks
from experiments.networks.networks import Networks
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from tests.experiments.networks import own_networks
from training import Trainer

SIZES = {"train_size": 150, "test_size": 50, "epochs": 2, "width": 0.05, "attack_steps": 2, "losses": ("cw",)}
SETTINGS = make_settings("roar", "quick", SIZES)
(STUDY,) = SETTINGS.studies
METHODS = ("adversarial", "trades", "fast", "interpretability_regulariser")
TAUGHT_STUDY = make_settings("roar", "quick", {**SIZES, "training": METHODS}).studies[0]
TRADES = next(spec for spec in networks(TAUGHT_STUDY) if spec.method == "trades")
FAST = next(spec for spec in networks(TAUGHT_STUDY) if spec.method == "fast")
TAUGHT = next(spec for spec in networks(TAUGHT_STUDY) if spec.teacher)
L2_CW = next(spec for spec in networks(STUDY) if (spec.norm, spec.loss, spec.strength) == ("l2", "cw", 1.0))


@pytest.fixture(scope="module")
def data():
    return load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size)


def of(study, store, progress):
    known = fingerprint(study.dataset, study.train_size, study.test_size, study.seed, None, study.training_seeds)
    return Networks(study, known, store, progress, SETTINGS)


def test_a_standard_network_does_not_depend_on_the_steps_at_a_time(data, tmp_path, monkeypatch):
    study = dataclasses.replace(STUDY, batch_size=25)
    weights = {}
    for most in (1, 20):
        monkeypatch.setattr(fitting, "MOST_STEPS_PER_EXECUTION", most)
        progress = Progress(quiet=True)
        done = []
        monkeypatch.setattr(progress, "advance", done.append)
        weights[most] = of(study, Store(tmp_path / str(most)), progress).get(STANDARD, 0).get_weights()
        assert sum(done) == study.epochs * len(data.train_images) * STANDARD.passes
    for one, other in zip(weights[1], weights[20], strict=True):
        np.testing.assert_array_equal(one, other)


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C after some epochs."""

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self.epochs:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("spec", "network"),
    [
        *((spec, "mnist_cnn") for spec in (STANDARD, L2_CW, TRADES, FAST, TAUGHT)),
        *((STANDARD, f"{own_networks.__name__}:{name}") for name in own_networks.WITH_STATE),
    ],
    ids=["standard", "adversarial", "trades", "watched", "taught", *own_networks.WITH_STATE],
)
def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(tmp_path, monkeypatch, spec, network):
    study = dataclasses.replace(STUDY, epochs=3, network=network)
    uninterrupted = of(study, Store(tmp_path / "whole"), Progress(quiet=True))
    whole = uninterrupted.get(spec, 0).get_weights()

    store = Store(tmp_path / "cut")
    if spec.teacher:
        of(study, store, Progress(quiet=True)).get(spec.teacher, 0)
    fit = Trainer.fit
    monkeypatch.setattr(
        Trainer,
        "fit",
        lambda self, *a, callbacks, **k: fit(self, *a, callbacks=[*callbacks, Interrupt(2)], **k),
    )
    with pytest.raises(KeyboardInterrupt):
        of(study, store, Progress(quiet=True)).get(spec, 0)
    monkeypatch.setattr(Trainer, "fit", fit)
    lines = []
    progress = Progress(quiet=True)
    monkeypatch.setattr(progress, "stage", lines.append)
    again = of(study, store, progress)
    resumed = again.get(spec, 0).get_weights()
    assert "resumed after epoch 2" in lines[0]
    for one, other in zip(whole, resumed, strict=True):
        np.testing.assert_array_equal(one, other)
    history = again.history(spec, 0)
    assert history == uninterrupted.history(spec, 0)
    assert {len(values) for values in history.values()} == {3}
    assert ("accuracy_under_one_step" in history) == (spec == FAST)


def test_networks_of_a_kind_share_a_model_and_its_graphs(data, tmp_path):
    """Whatever was loaded before, a network predicts what it did when it was the first."""
    store, progress = Store(tmp_path), Progress(quiet=True)
    images, wanted = data.test_images, [(STANDARD, 0), (L2_CW, 0), (STANDARD, 1), (L2_CW, 1)]
    first = {one: of(STUDY, store, progress).get(*one)(images).numpy() for one in wanted}
    together = of(STUDY, store, progress)
    for one in [*wanted, *reversed(wanted)]:
        np.testing.assert_array_equal(together.get(*one)(images).numpy(), first[one])
    assert together.get(STANDARD, 0) is together.get(STANDARD, 1)
    assert together.get(STANDARD, 0) is not together.get(L2_CW, 0)  # they are compared with each other
    attack = ProjectedGradientDescent(norm="l2", eps=0.5, step_size=0.2, steps=2)
    before = attack(together.get(L2_CW, 0), images, data.test_labels)
    attack(together.get(L2_CW, 1), images, data.test_labels)
    np.testing.assert_array_equal(attack(together.get(L2_CW, 0), images, data.test_labels), before)
    alone = of(STUDY, store, progress).get(L2_CW, 0)
    np.testing.assert_array_equal(attack(alone, images, data.test_labels), before)


def test_a_teacher_is_trained_first_and_stays_as_it_is(tmp_path, monkeypatch):
    store, trained = Store(tmp_path), []
    progress = Progress(quiet=True)
    monkeypatch.setattr(progress, "stage", trained.append)
    student = of(STUDY, store, progress).get(TAUGHT, 0).get_weights()
    assert [line.split("training ")[1] for line in trained] == [f"{TAUGHT.teacher.name}, ", f"{TAUGHT.name}, "]
    taught = of(STUDY, store, progress).get(TAUGHT.teacher, 0).get_weights()
    alone = of(STUDY, Store(tmp_path / "alone"), progress).get(TAUGHT.teacher, 0).get_weights()
    for one, other, different in zip(taught, alone, student, strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.abs(one - different).max() > 0
