"""LRP with the alpha-beta rule, and the box rule at the pixels."""

import keras
import numpy as np
import pytest
from keras import layers

from attributions import explain
from tests.attributions.networks import (
    g,
    pictures,
    predicted_logits,
    rectified,
    relative_error,
    residual,
    sequential,
    sums,
)


def test_of_one_layer_it_is_the_box_rule_by_hand():
    """(a w + w+ - w-) by their sum, for pixels in [-1, 1]; the bias has no part in it."""
    weights, bias = np.array([[1.0, 0], [-2.0, 0], [0.5, 0]]), [3, -100]
    x = np.array([[0.5, -1.0, 0.0], [-1.0, 1.0, 1.0]])
    w = weights[:, 0]
    share = x * w + np.maximum(w, 0) - np.minimum(w, 0)
    logit = x @ w + 3
    expected = share / share.sum(axis=1, keepdims=True) * logit[:, None]
    model = sequential((3,), layers.Dense(2), weights=[weights, bias])
    np.testing.assert_allclose(explain("lrp_alpha_beta", model, x), expected, rtol=1e-5)


@pytest.mark.parametrize("alpha", [1.0, 2.0, 1.5])
def test_of_later_layers_it_is_the_alpha_beta_rule_by_hand(alpha):
    """Inputs of both signs, whose positive contributions come of positive and of negative weights."""
    weights, bias = np.array([[1.0, 0], [-2.0, 0], [-0.5, 0], [3.0, 0]]), [0.7, -100]
    a = np.array([[0.5, -0.9, 0.8, -0.2]])
    z = a * weights[:, 0]
    up, down = np.maximum(z, 0), np.minimum(z, 0)
    logit = z.sum() + 0.7
    relevance = (alpha * up / (up.sum() + 0.7) - (alpha - 1) * down / down.sum()) * logit
    model = sequential((4,), layers.Dense(4), layers.Dense(2), weights=[np.eye(4), np.zeros(4), weights, bias])
    # The first layer's weights are the identity, so that each of its outputs hands all on to one pixel.
    np.testing.assert_allclose(explain("lrp_alpha_beta", model, a, alpha=alpha), relevance, rtol=1e-4)


def test_z_plus_conserves_without_biases():
    model = rectified(bias=False)
    x = pictures(model, 20)
    assert relative_error(sums(explain("lrp_alpha_beta", model, x)), predicted_logits(model, x)) < 1e-4


def test_alpha_1_gives_relevance_of_the_logit_s_sign_alone():
    model = rectified()
    x = pictures(model, 20)
    signs = np.sign(predicted_logits(model, x))[:, None, None, None]
    assert (explain("lrp_alpha_beta", model, x) * signs >= 0).all()
    assert (explain("lrp_alpha_beta", model, x, alpha=2) * signs < 0).any()


def test_the_box_is_what_the_first_weights_see():
    """Behind a rescaling to [0, 1] with padding, the box is [0, 1] and has no room in the padding."""
    stack = layers.Rescaling(0.5, 0.5), layers.ZeroPadding2D(1), layers.Conv2D(2, 3), layers.GlobalAveragePooling2D()
    model = sequential((4, 4, 1), *stack)
    kernel, _ = model.get_weights()
    model.set_weights([np.abs(kernel), np.zeros(2)])
    x = pictures(model, 3)
    maps = explain("lrp_alpha_beta", model, x)
    # From 0 and with positive weights, z-box is z-plus: by contribution, which sums to the logit.
    assert relative_error(sums(maps), predicted_logits(model, x)) < 1e-4
    x[:, 1, 1] = -1.0
    assert not explain("lrp_alpha_beta", model, x)[:, 1, 1].any()


def test_residual_networks_are_split_too():
    """A shortcut and its branch are given what they contribute; what goes in comes out, but for biases."""
    x = keras.Input((2,))
    first = layers.Dense(2, use_bias=False)
    h = first(x)
    tripled = layers.Dense(2, use_bias=False)
    model = keras.Model(x, layers.Dense(2, use_bias=False)(layers.Add()([h, tripled(h)])))
    model.set_weights([np.eye(2), 3 * np.eye(2), np.array([[1, 0], [1, 0]])])
    np.testing.assert_allclose(explain("lrp_alpha_beta", model, np.array([[0.25, 0.75]])), [[1, 3]], rtol=1e-5)
    assert np.isfinite(explain("lrp_alpha_beta", residual(foldable=True), pictures(residual()), alpha=2)).all()


def test_a_normalisation_with_a_negative_factor_by_hand():
    """z = -2 (a w + 0.5) + 1: what the weights lower is what raises the logit."""
    weights, a = np.array([[1.0, 0], [-2.0, 0], [0.5, 0]]), np.array([[0.5, 0.75, -0.25]])
    normal = layers.BatchNormalization(epsilon=0)
    model = sequential((3,), layers.Dense(3, use_bias=False), layers.Dense(2), normal)
    of_normal = ([-2, 1], [1, 0], [0, 0], [1, 1])  # factor, shift, mean, variance
    model.set_weights([np.eye(3), weights, *map(np.array, ([0.5, -100], *of_normal))])
    z = -2 * a * weights[:, 0]  # -1, 3, 0.25
    up, down, logit = np.maximum(z, 0), np.minimum(z, 0), z.sum() - 2 * 0.5 + 1
    for alpha in (1.0, 2.0):
        expected = (alpha * up / up.sum() - (alpha - 1) * down / down.sum()) * logit
        np.testing.assert_allclose(explain("lrp_alpha_beta", model, a, alpha=alpha), expected, rtol=1e-4)


def test_a_normalisation_that_cannot_be_folded_is_refused():
    rectified = layers.Dense(3, activation="relu"), layers.BatchNormalization(name="late"), layers.Dense(2)
    x = keras.Input((4,))
    read_twice = layers.Dense(3)(x)
    normal = layers.BatchNormalization(name="late")(read_twice)
    branched = keras.Model(x, layers.Dense(2)(layers.Add()([read_twice, normal])))
    for model in (sequential((4,), *rectified), branched):
        with pytest.raises(
            ValueError, match="folds BatchNormalization .* layer 'late' has none before it; lrp_epsilon"
        ):
            explain("lrp_alpha_beta", model, pictures(model))
    before = sequential((4,), layers.BatchNormalization(), layers.Dense(2))  # which is a pixel on another scale
    assert np.isfinite(explain("lrp_alpha_beta", before, pictures(before))).all()


def test_separable_convolutions_have_no_rule():
    model = sequential((4, 4, 1), layers.SeparableConv2D(2, 3, name="split"), layers.Flatten(), layers.Dense(2))
    with pytest.raises(ValueError, match="lrp_alpha_beta has no rule for SeparableConv2D in layer 'split'"):
        explain("lrp_alpha_beta", model, pictures(model))


@pytest.mark.parametrize("alpha", [0.5, 0, float("nan")])
def test_alpha_is_at_least_1(alpha):
    with pytest.raises(ValueError, match=r"alpha must be a finite number of at least 1\. Received: "):
        explain("lrp_alpha_beta", g(), np.zeros((1, 2)), alpha=alpha)
