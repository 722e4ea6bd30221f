"""Contracts of every method on the shelf, and of a user's own."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

import shelf
from attributions import METHODS, explain
from tests.attributions.networks import opposite, predicted_logits

WITHOUT_SIGN = {"random", "smoothgrad_squared", "vargrad"} | {
    name for name, entry in shelf.entries("attributions").items() if not entry.declared.get("KNOWS_NETWORK", True)
}
"""Methods whose maps are not negative by definition: squares, a variance, and what does not know the network."""
SIGNED = [name for name in METHODS if name not in WITHOUT_SIGN]


@pytest.mark.parametrize("method", METHODS)
def test_shape_determinism_and_independence_of_batch_size(network, images, method):
    maps = explain(method, network, images, seed=3)
    assert maps.shape == images.shape
    assert maps.dtype == np.float32
    np.testing.assert_allclose(explain(method, network, images, seed=3, batch_size=1), maps, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("method", METHODS)
def test_what_python_takes_as_default_is_what_the_flags_do(method):
    arguments = inspect.signature(METHODS[method]).parameters
    declared = shelf.entries("attributions")[method].declared.get("PARAMETERS", {})
    defaults = {name: about["default"] for name, about in declared.items()}
    assert {name: arguments[name].default for name in list(arguments)[3:]} == defaults


@pytest.fixture
def bright():
    """Images of pixels above 0, and of each pixel the weight of its image's predicted class: a linear network's."""
    model, weights = opposite()
    x = np.random.default_rng(0).uniform(0.1, 1, (20, 4, 4, 1)).astype(np.float32)
    classes = model(x).numpy().argmax(axis=-1)
    assert set(classes) == {0, 1}
    assert (predicted_logits(model, x) > 0).all()
    return model, x, np.where(classes[:, None, None, None] == 0, weights, -weights)


@pytest.mark.parametrize("method", SIGNED)
def test_maps_are_above_0_where_a_bright_pixel_speaks_for_the_predicted_class(bright, method):
    model, x, weights = bright
    assert ((explain(method, model, x) * weights).sum(axis=(1, 2, 3)) > 0).all()


@pytest.mark.parametrize("method", [name for name in SIGNED if name != "lrp_alpha_beta"])
def test_of_a_linear_network_every_pixel_has_its_weight_s_sign(bright, method):
    """But in LRP-alpha-beta, which for alpha 1 takes nothing from pixels that speak against the class."""
    model, x, weights = bright
    np.testing.assert_array_equal(np.sign(explain(method, model, x)), np.sign(weights))


@pytest.mark.parametrize("method", sorted(WITHOUT_SIGN))
def test_a_map_that_is_not_negative_by_definition_is_not(network, images, method):
    assert (explain(method, network, images) >= 0).all()


def test_a_user_s_function_is_a_method(network, images):
    def logit(model, batch, rng):
        with tf.GradientTape() as tape:
            tape.watch(batch)
            largest = tf.reduce_max(model(batch), axis=-1)
        return tape.gradient(largest, batch)

    maps = explain(logit, network, images)
    assert maps.shape == images.shape
    np.testing.assert_allclose(maps, logit(network, tf.constant(images), None), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("maps", "sentence"),
    [
        (lambda images: images[..., 0], r"mine must return maps of the images' shape \(12, 8, 8, 1\).*\(12, 8, 8\)"),
        (lambda images: images / 0, "mine must return finite numbers. Received: 768 of 768 that are not"),
        (lambda images: None, r"mine must return .*shape \(12, 8, 8, 1\)"),
    ],
)
def test_what_a_method_gives_is_checked(network, images, maps, sentence):
    def mine(model, batch, rng):
        return maps(batch)

    with pytest.raises(ValueError, match=sentence):
        explain(mine, network, images)


def test_an_unknown_method_names_the_allowed_ones(network, images):
    with pytest.raises(ValueError, match=rf"method must be one of {', '.join(METHODS)}.*'saliency'"):
        explain("saliency", network, images)
    assert {"gradient", "integrated_gradients", "lrp_epsilon", "random", "sobel"} <= set(METHODS)
