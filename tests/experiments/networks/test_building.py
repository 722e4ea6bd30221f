"""A network that does not fit is refused."""

import dataclasses

import keras
import pytest

from experiments.data import load_dataset
from experiments.errors import UsageError
from experiments.networks.building import build_network
from experiments.settings.presets import make_settings

SIZES = {"train_size": 150, "test_size": 50, "width": 0.05}
(STUDY,) = make_settings("roar", "quick", SIZES).studies


def test_a_network_that_does_not_fit_is_refused():
    study = dataclasses.replace(STUDY, network=f"{__name__}:probabilities")
    data = load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size)
    with pytest.raises(UsageError, match="--network: .*must return logits"):
        build_network(study, data, 0)


def probabilities(width, seed, input_shape, classes):
    layers = [keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(classes, "softmax")]
    return keras.Sequential(layers)
