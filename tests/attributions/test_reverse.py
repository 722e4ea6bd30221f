"""The walk back through a network: with ordinary rules it is ordinary backpropagation; and what it refuses."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from attributions import deeplift, explain, guided_backprop, lrp_alpha_beta, lrp_epsilon
from attributions.layer_groups import ACTIVATIONS, MAXIMA, MOVING, SCALING, SUMS, WEIGHTED
from attributions.logit import predicted_class
from attributions.reverse import differentiate, pass_on, record, walk_back
from tests.attributions.networks import logit_gradients, pictures, rectified, relative_error, residual, sequential

METHODS = ("deeplift", "guided_backprop", "lrp_epsilon", "lrp_alpha_beta")
ALL = dict.fromkeys((*WEIGHTED, *SCALING, *SUMS, *MAXIMA, *MOVING, *ACTIVATIONS), differentiate)


def separable():
    keras.utils.set_random_seed(2)
    stack = layers.SeparableConv2D(4, 3, activation="tanh"), layers.Permute((3, 1, 2)), layers.Flatten()
    return sequential((6, 6, 2), *stack, layers.Dense(3, activation=layers.LeakyReLU()))


@pytest.mark.parametrize("network", [rectified, residual, separable])
def test_with_the_derivative_as_every_rule_it_gives_the_gradient(network):
    model = network()
    x = pictures(model)

    @tf.function
    def maps(images):
        forward = record(model, images)
        tf.debugging.assert_near(forward.logits, model(images, training=False), 1e-5, 1e-5)
        return walk_back("ours", ALL, predicted_class(forward.logits), forward)

    assert relative_error(maps(tf.constant(x)).numpy(), logit_gradients(model, x)) < 1e-5


def test_the_network_is_left_as_it_was():
    model = residual(foldable=True)
    before = [array.copy() for array in model.get_weights()]
    activations = [getattr(layer, "activation", None) for layer in model.layers]
    for method in METHODS:
        explain(method, model, pictures(model))
    assert all(map(np.array_equal, before, model.get_weights()))
    assert activations == [getattr(layer, "activation", None) for layer in model.layers]


@pytest.mark.parametrize("method", METHODS)
def test_new_weights_are_seen_without_a_new_trace(method):
    model = rectified()
    x = pictures(model)
    before = explain(method, model, x)
    other = rectified()
    other.set_weights([1.5 * array[..., ::-1] for array in model.get_weights()])
    model.set_weights(other.get_weights())
    np.testing.assert_allclose(explain(method, model, x), explain(method, other, x), rtol=1e-4, atol=1e-6)
    assert np.abs(explain(method, model, x) - before).max() > 1e-3


@pytest.mark.parametrize("method", METHODS)
def test_an_image_s_map_does_not_depend_on_the_others(method):
    model = residual(foldable=True)
    x = pictures(model, 6)
    together = explain(method, model, x)
    assert relative_error(explain(method, model, x, batch_size=1), together) < 1e-4
    assert relative_error(explain(method, model, x, batch_size=4), together) < 1e-4


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("method", METHODS)
def test_in_half_precision_maps_are_nearly_the_same(method, precision):
    exact = rectified()
    keras.config.set_dtype_policy(precision)
    try:
        coarse = rectified()
    finally:
        keras.config.set_dtype_policy("float32")
    coarse.set_weights(exact.get_weights())
    x = pictures(exact, 8)
    maps = explain(method, exact, x), explain(method, coarse, x)
    assert np.corrcoef(*(each.ravel() for each in maps))[0, 1] > 0.98


class Halved(layers.Layer):
    """A user's own."""

    def call(self, inputs):
        return inputs / 2


class Named(layers.Dense):
    """One that computes what its parent does."""


class Changed(layers.Dense):
    """One that does not."""

    def call(self, inputs):
        return super().call(inputs) ** 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("layer", "what"),
    [
        (Halved(name="mine"), "Halved"),
        (Changed(3, name="mine"), "Changed"),
        (layers.Dense(3, activation="softmax", name="mine"), "softmax"),
        (layers.LayerNormalization(name="mine"), "LayerNormalization"),
    ],
)
def test_a_layer_without_a_rule_is_named_with_the_methods_that_work(method, layer, what):
    model = sequential((4,), layer, layers.Dense(2))
    sentence = (
        f"^{method} has no rule for {what} in layer 'mine'; gradient, gradient_x_input, integrated_gradients, "
        f"smoothgrad, smoothgrad_squared and vargrad explain any network, and {method}.RULES\\[{what}\\] adds a rule.$"
    )
    with pytest.raises(ValueError, match=sentence):
        explain(method, model, pictures(model))


def test_a_class_that_computes_as_its_parent_needs_no_rule():
    model = sequential((4,), Named(3), layers.Dense(2))
    twin = sequential((4,), layers.Dense(3), layers.Dense(2), weights=model.get_weights())
    x = pictures(model)
    np.testing.assert_allclose(explain("deeplift", model, x), explain("deeplift", twin, x), rtol=1e-5)


@pytest.mark.parametrize(
    ("module", "rule"),
    [
        (deeplift, differentiate),
        (guided_backprop, differentiate),
        (lrp_epsilon, lrp_epsilon.epsilon_rule),
        (lrp_alpha_beta, pass_on),
    ],
)
def test_a_user_s_rule_is_used_and_its_change_too(monkeypatch, module, rule):
    model = sequential((4,), Halved(), layers.Dense(2, use_bias=False))
    plain = sequential((4,), layers.Rescaling(0.5), layers.Dense(2, use_bias=False), weights=model.get_weights())
    x, name = pictures(model), module.__name__.rpartition(".")[2]
    monkeypatch.setitem(module.RULES, Halved, rule)
    np.testing.assert_allclose(explain(name, model, x), explain(name, plain, x), rtol=1e-4, atol=1e-6)
    monkeypatch.setitem(module.RULES, Halved, lambda signal, step, *same, **options: [0 * signal])
    assert not explain(name, model, x).any()


def by_operators():
    x = keras.Input((6, 6, 2))
    y = (2 * x - 0.5) / 4 + np.float32(0.25)
    y = first = layers.Conv2D(4, 3, padding="same", activation="relu")(y)
    y = keras.ops.relu(first + layers.Conv2D(4, 3, padding="same")(y))
    y = keras.ops.concatenate([y, keras.ops.average_pool(first, 3, 1, "same")], axis=-1)
    y = keras.ops.tanh(layers.Dense(5)(keras.ops.mean(y[:, 1:], axis=(1, 2))))
    return keras.Model(x, -layers.Dense(3)(y))


def by_layers():
    x = keras.Input((6, 6, 2))
    y = layers.Rescaling(0.5, 0.125)(x)
    y = first = layers.Conv2D(4, 3, padding="same", activation="relu")(y)
    y = layers.ReLU()(layers.Add()([first, layers.Conv2D(4, 3, padding="same")(y)]))
    y = layers.Concatenate()([y, layers.AveragePooling2D(3, 1, "same")(first)])
    y = layers.GlobalAveragePooling2D()(layers.Cropping2D(((1, 0), (0, 0)))(y))
    y = layers.Dense(5, activation="tanh")(y)
    return keras.Model(x, layers.Rescaling(-1.0)(layers.Dense(3)(y)))


@pytest.mark.parametrize("method", METHODS)
def test_operators_are_the_layers_that_they_stand_for(method):
    keras.utils.set_random_seed(6)
    model, twin = by_operators(), by_layers()
    twin.set_weights(model.get_weights())
    x = pictures(model)
    np.testing.assert_allclose(model(x), twin(x), atol=1e-5)
    assert relative_error(explain(method, model, x), explain(method, twin, x)) < 1e-3


def test_all_that_has_no_rule_is_named_at_once():
    x = keras.Input((4,))
    y = layers.Dense(3, name="first")(x)
    y = layers.LayerNormalization(name="normal")(y * layers.Dense(3, activation="sigmoid")(y))
    model = keras.Model(x, layers.Dense(2)(layers.LayerNormalization(name="again")(1 / y)))
    sentence = (
        r"no rule for Multiply in layer 'multiply\w*'; LayerNormalization in layer 'normal', 'again'; TrueDivide in "
        r"layer 'true_divide\w*'; gradient, .* explain any network, and "
        r"deeplift.RULES\[Multiply\], deeplift.RULES\[LayerNormalization\], deeplift.RULES\[TrueDivide\] add rules"
    )
    with pytest.raises(ValueError, match=sentence):
        explain("deeplift", model, pictures(model))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)


@pytest.mark.parametrize("method", METHODS)
def test_a_network_whose_layers_cannot_be_followed_is_refused(method):
    with pytest.raises(ValueError, match="must be a sequential or functional network.*Received: Subclassed"):
        explain(method, Subclassed(), np.zeros((1, 4)))
