"""What a network holds besides its weights is put back with them."""

import numpy as np
import pytest

from experiments.data import load_dataset
from experiments.networks.building import build_network
from experiments.networks.state import load_state, save_state, set_state, state_of
from experiments.settings.presets import make_settings
from tests.experiments.networks import own_networks

OWN = own_networks.__name__


def new(name, seed=0):
    study = make_settings("roar", "quick", {"train_size": 40, "test_size": 20, "network": f"{OWN}:{name}"}).studies[0]
    data = load_dataset("mnist_5k", 40, 20)
    return build_network(study, data, seed), data.train_images


def in_training(network, images):
    """Two batches: the second one's answer depends on the state that the first one leaves."""
    return np.stack([np.asarray(network(images, training=True)) for _ in range(2)])


@pytest.mark.parametrize("name", own_networks.WITH_STATE)
def test_a_network_put_back_draws_what_it_drew(name):
    network, images = new(name)
    start = state_of(network)
    first = in_training(network, images)
    assert (first[0] != first[1]).any()
    assert (in_training(network, images) != first).any()
    set_state(network, start)
    np.testing.assert_array_equal(in_training(network, images), first)


@pytest.mark.parametrize("name", own_networks.WITH_STATE)
def test_a_saved_network_goes_on_as_the_one_that_was_saved(tmp_path, name):
    network, images = new(name)
    in_training(network, images)
    save_state(network, tmp_path / "a.weights.h5")
    loaded, _ = new(name, seed=1)
    load_state(loaded, tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(in_training(loaded, images), in_training(network, images))


def test_layers_without_a_seed_follow_the_network_s():
    (one, images), (equal, _), (other, _) = (new("fading", seed) for seed in (3, 3, 4))
    for network in (equal, other):
        for variable, value in zip(network.weights, one.get_weights(), strict=True):
            variable.assign(value)
    first = in_training(one, images)
    np.testing.assert_array_equal(in_training(equal, images), first)
    assert (in_training(other, images) != first).any()


def test_a_network_of_weights_alone_is_saved_in_one_file(tmp_path):
    save_state(new("network")[0], tmp_path / "a.weights.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["a.weights.h5"]
