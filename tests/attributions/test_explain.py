"""Contracts of every method on the shelf, and of a user's own."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

import shelf
from attributions import METHODS, explain


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
