"""A network that does not fit is refused."""

import dataclasses

import keras
import numpy as np
import pytest

from experiments.data import load_dataset
from experiments.errors import UsageError
from experiments.networks.building import build_network
from experiments.networks.state import set_state, state_of
from experiments.settings.presets import make_settings
from tests.experiments.networks import own_networks

SIZES = {"train_size": 150, "test_size": 50, "width": 0.05}
(STUDY,) = make_settings("roar", "quick", SIZES).studies


def test_a_network_that_does_not_fit_is_refused():
    study = dataclasses.replace(STUDY, network=f"{__name__}:probabilities")
    data = load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size)
    with pytest.raises(UsageError, match="--network: .*must return logits"):
        build_network(study, data, 0)


def test_what_is_no_keras_model_is_refused_with_what_would_be_one():
    study = dataclasses.replace(STUDY, network=f"{own_networks.__name__}:no_keras")
    with pytest.raises(UsageError, match="no_keras gives a function; needed is a keras.Model: sequential, functional"):
        build_network(study, load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size), 0)


def test_a_subclassed_network_answers_as_it_does_and_knows_its_shapes():
    data = load_dataset("mnist_5k", STUDY.train_size, STUDY.test_size)
    network = build_network(dataclasses.replace(STUDY, network=f"{own_networks.__name__}:subclassed"), data, 0)
    inner = network.layers[-1]
    assert isinstance(inner, own_networks.Subclassed)
    assert network.output_shape == (None, 10)
    start, answers = state_of(network), []
    for model in (network, inner):
        set_state(network, start)
        answers.append([np.asarray(model(data.test_images, training=mode)) for mode in (False, True)])
    np.testing.assert_array_equal(*answers)


def probabilities(width, seed, input_shape, classes):
    layers = [keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(classes, "softmax")]
    return keras.Sequential(layers)
