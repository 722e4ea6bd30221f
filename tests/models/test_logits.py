"""Networks that give probabilities are found by how they end; any other by its values."""

import keras
import numpy as np
import pytest
from keras import layers

from models.isolated import dtype_policy
from models.logits import check_logits

X = np.random.default_rng(0).uniform(-1, 1, (6, 4)).astype(np.float32)


def ends_in(*stack, precision="float32"):
    keras.utils.set_random_seed(0)
    with dtype_policy(precision):
        return keras.Sequential([keras.Input((4,)), *(make() for make in stack)])


def nested():
    inner = ends_in(lambda: layers.Dense(3, activation="softmax"))
    x = keras.Input((4,))
    return keras.Model(x, inner(x))


def by_operation():
    x = keras.Input((4,))
    return keras.Model(x, keras.ops.sigmoid(layers.Dense(3)(x)))


class Subclassed(keras.Model):
    def __init__(self, activation):
        super().__init__()
        self.dense = layers.Dense(10, activation=activation)

    def call(self, inputs, training=None):
        return self.dense(inputs)


def subclassed(activation, precision):
    with dtype_policy(precision):
        return Subclassed(activation)


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize(
    ("stack", "name"),
    [
        ([lambda: layers.Dense(3, activation="softmax")], "softmax"),
        ([lambda: layers.Dense(3, activation="sigmoid")], "sigmoid"),
        ([lambda: layers.Dense(3), layers.Softmax], "softmax"),
        ([lambda: layers.Dense(3), lambda: layers.Activation("sigmoid")], "sigmoid"),
        ([lambda: layers.Dense(3, activation="hard_sigmoid")], "hard sigmoid"),
    ],
)
def test_a_network_that_ends_in_probabilities_is_refused(stack, name, precision):
    with pytest.raises(ValueError, match=f"must return logits. Received: a network that ends in {name}"):
        check_logits(ends_in(*stack, precision=precision), X)


def test_so_is_one_inside_another_and_one_by_an_operator():
    with pytest.raises(ValueError, match="ends in softmax"):
        check_logits(nested(), X)
    with pytest.raises(ValueError, match="ends in sigmoid"):
        check_logits(by_operation(), X)


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16", "mixed_float16"])
def test_of_a_subclassed_network_softmax_is_seen_in_its_values(precision):
    with pytest.raises(ValueError, match="probabilities, rows within"):
        check_logits(subclassed("softmax", precision), X)
    assert check_logits(subclassed(None, precision), X) == 10


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_logits_pass_and_their_number_is_told(precision):
    hidden = ends_in(lambda: layers.Dense(5, activation="sigmoid"), lambda: layers.Dense(3), precision=precision)
    assert check_logits(hidden, X) == 3
    assert check_logits(hidden, X) == 3


@pytest.mark.parametrize("outputs", [lambda x: [x, x], lambda x: {"logits": x}])
def test_several_outputs_are_no_logits(outputs):
    inputs = keras.Input((3,))
    model = keras.Model(inputs, outputs(keras.layers.Dense(2)(inputs)))
    with pytest.raises(ValueError, match=r"model must return logits, one tensor\. Received: (list|dict)\."):
        check_logits(model, np.zeros((1, 3), "float32"))
