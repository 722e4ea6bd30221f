"""Likeness of maps before and after layers have lost what they learnt."""

import keras
import numpy as np
import pytest

from attributions import explain
from measures import measure
from measures.occlusion import pixel_scores, rank_likeness
from measures.randomisation import CHANCE, cascade
from tests.measures.known import anew


def likeness(network, images, by="gradient", seed=0):
    def made(model, images):
        return explain(by, model, images) if isinstance(by, str) else by(model, images)

    maps = made(network, images)
    return measure("randomisation", network, images, np.zeros(len(images), int), maps, explain=made, seed=seed)


def with_constant_weights():
    """Shuffling changes nothing of it: all values of a weight array are the same."""
    constant = {"kernel_initializer": keras.initializers.Constant(0.3), "bias_initializer": "ones"}
    hidden = keras.layers.Conv2D(2, 3, activation="tanh", **constant)
    return keras.Sequential([keras.Input((8, 8, 1)), hidden, keras.layers.Flatten(), keras.layers.Dense(3, **constant)])


def test_an_untouched_network_scores_one(images):
    by_value = lambda model, x: x * model.layers[0].get_weights()[0].mean()  # noqa: E731  a map of the weights
    np.testing.assert_allclose(likeness(with_constant_weights(), images[1:], by_value), 1)


@pytest.mark.parametrize("by", ["sobel", "input_magnitude", "random"])
def test_what_does_not_know_the_network_scores_one(by, network, images):
    np.testing.assert_allclose(likeness(network, images[1:], by), 1)


def test_maps_that_have_nothing_to_do_with_each_other_score_chance(network):
    images = np.zeros((60, 8, 8, 1), np.float32)
    values = likeness(network, images, anew())
    assert values.mean() == pytest.approx(CHANCE, abs=3 * values.std() / 60**0.5)
    assert values.std() > 0.02


def test_a_gradient_changes_and_the_network_does_not(network, images):
    before = [weights.copy() for weights in network.get_weights()]
    values = likeness(network, images)
    assert values.mean() < 0.7
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_layers_are_shuffled_from_the_top_one_after_the_other(network, images):
    changed = []
    for copy in cascade(network, seed=0):
        pairs = [(a.get_weights(), b.get_weights()) for a, b in zip(network.layers, copy.layers, strict=True)]
        changed.append([any((old != new).any() for old, new in zip(*pair, strict=True)) for pair in pairs])
        for old, new in zip(network.get_weights(), copy.get_weights(), strict=True):
            np.testing.assert_array_equal(np.sort(old, axis=None), np.sort(new, axis=None))
    assert changed == [[False, False, True], [True, False, True]]


def test_it_is_the_mean_over_layers(network, images):
    maps = explain("gradient", network, images)
    single = [
        rank_likeness(pixel_scores(maps), pixel_scores(explain("gradient", copy, images)))
        for copy in cascade(network, 0)
    ]
    np.testing.assert_allclose(likeness(network, images), np.mean(single, axis=0), rtol=1e-4)


def test_it_follows_the_seed_and_not_the_batch(network, images):
    values = likeness(network, images, seed=1)
    np.testing.assert_allclose(likeness(network, images, seed=1), values)
    assert (np.abs(likeness(network, images, seed=2) - values) > 1e-3).any()
    in_parts = likeness(network, images, lambda model, x: explain("gradient", model, x, batch_size=5), seed=1)
    np.testing.assert_allclose(in_parts, values, atol=0.01)


def test_constant_maps(network, images):
    def flat_for_copies(model, x):
        return x if model is network else 0 * x

    np.testing.assert_array_equal(likeness(network, images[1:], flat_for_copies), 0)
    assert np.isnan(likeness(network, images, lambda model, x: np.ones_like(x))).all()


def test_networks_that_cannot_be_randomised(images):
    class Subclassed(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, inputs):
            return self.dense(keras.ops.reshape(inputs, (-1, 64)))

    empty = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    for model, told in ((Subclassed(), "sequential or functional.* Received: Subclassed."), (empty, "Received: none.")):
        with pytest.raises(ValueError, match=told):
            likeness(model, images, lambda model, x: x)
