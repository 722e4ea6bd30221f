"""What is built depends on nothing that was built before, and leaves no setting behind."""

import random

import keras
import numpy as np
import pytest

from experiments.data import load_dataset
from experiments.networks.building import build_network
from experiments.settings.presets import make_settings
from models import VAEGAN, cifar_cnn, mnist_cnn
from models.boundary_mlp import side_by_side
from models.isolated import dtype_policy, initialisers_from
from models.vae_gan import RECIPES
from training import AdversarialTrainer


@pytest.fixture
def bfloat16_everywhere():
    """As a user's own module might leave Keras."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    yield
    keras.config.set_dtype_policy(before)


def unseeded_network(width, seed, input_shape, classes):
    dense = keras.layers.Dense(classes)
    return keras.Sequential([keras.Input(input_shape), keras.layers.Flatten(), dense])


def study(**options):
    return make_settings("roar", "quick", {"width": 0.06, **options}).studies[0]


def test_a_precision_does_not_outlive_the_network():
    data, before = load_dataset("mnist_5k", 20, 20), keras.config.dtype_policy().name
    network = build_network(study(precision="mixed_bfloat16"), data, 0)
    assert network.layers[0].compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == before
    assert build_network(study(), data, 0).layers[0].compute_dtype == "float32"


def test_a_policy_is_put_back_after_an_error():
    before = keras.config.dtype_policy().name
    with pytest.raises(KeyError), dtype_policy("mixed_float16"):
        raise KeyError
    assert keras.config.dtype_policy().name == before


def test_float16_scales_its_loss():
    network = build_network(study(precision="mixed_float16"), load_dataset("mnist_5k", 20, 20), 0)
    trainer = AdversarialTrainer(network)
    trainer.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert isinstance(trainer.optimizer, keras.optimizers.LossScaleOptimizer)


def test_what_is_float32_by_contract_is_built_so(bfloat16_everywhere):
    toy = side_by_side([0, 1])
    vae_gan = VAEGAN((28, 28, 1), RECIPES["mnist"], width=0.06)
    for model in (toy, vae_gan.encoder, vae_gan.decoder, vae_gan.discriminator):
        assert {layer.compute_dtype for layer in model.layers} == {"float32"}
    assert build_network(study(), load_dataset("mnist_5k", 20, 20), 0).layers[0].compute_dtype == "float32"


@pytest.fixture
def channels_first_everywhere():
    """As a configuration file of Keras's may ask."""
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


def test_images_have_their_channels_last_whatever_keras_is_told(channels_first_everywhere):
    vae_gan = VAEGAN((28, 28, 1), RECIPES["mnist"], width=0.06)
    for model in (mnist_cnn(0.06), cifar_cnn(0.06), vae_gan.encoder, vae_gan.decoder, vae_gan.discriminator):
        formats = {layer.data_format for layer in model.layers if hasattr(layer, "data_format")}
        assert formats == {"channels_last"}
    assert keras.config.image_data_format() == "channels_first"


def test_a_network_without_seeds_of_its_own_depends_on_the_given_one_alone():
    data = load_dataset("mnist_5k", 20, 20)
    own = study(network=f"{__name__}:unseeded_network")
    first = build_network(own, data, 3).get_weights()[0]
    random.random()
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    again, other = (build_network(own, data, seed).get_weights()[0] for seed in (3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_global_random_state_is_left_as_it_was():
    before = random.getstate()
    with initialisers_from(7):
        random.random()
    assert random.getstate() == before
    VAEGAN((28, 28, 1), RECIPES["mnist"], width=0.06)
    assert random.getstate() == before
