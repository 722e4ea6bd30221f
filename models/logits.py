"""Guards against the commonest silent mistake: probabilities passed where logits are meant."""

import weakref

import keras
import ml_dtypes
import tensorflow as tf
from keras import activations, layers

from models.operations import operation_of

_CLASSES: weakref.WeakKeyDictionary[keras.Model, int] = weakref.WeakKeyDictionary()

_VECTOR = keras.KerasTensor((None, 2))
PROBABILITIES = {
    **dict.fromkeys((activations.softmax, layers.Softmax, operation_of(keras.ops.softmax, _VECTOR)), "softmax"),
    **dict.fromkeys((activations.sigmoid, operation_of(keras.ops.sigmoid, _VECTOR)), "sigmoid"),
    **dict.fromkeys((activations.hard_sigmoid, operation_of(keras.ops.hard_sigmoid, _VECTOR)), "hard sigmoid"),
}
"""What makes probabilities at a network's end: activation functions, a layer, operations."""


def check_logits(model: keras.Model, images) -> int:
    """Raises if the network gives probabilities; looks once per network.

    A sequential or functional network tells what it ends in; of any other, softmax shows in its values on a batch.

    Args:
        model: the network.
        images: a batch it accepts.

    Returns:
        The number of classes.

    Raises:
        ValueError: the network ends in softmax or sigmoid, or every row of its output lies in [0, 1] and sums to 1.
            Attacks and attributions on such a network look as if it were robust (Carlini et al., arXiv 1902.06705).
    """
    if model not in _CLASSES:
        end = _end(model)
        for kind in (getattr(end, "activation", None), type(end)):
            if kind in PROBABILITIES:
                raise ValueError(f"model must return logits. Received: a network that ends in {PROBABILITIES[kind]}.")
        outputs = model(images, training=False)
        if not tf.is_tensor(outputs):
            raise ValueError(f"model must return logits, one tensor. Received: {type(outputs).__name__}.")
        if _are_probabilities(outputs):
            raise ValueError("model must return logits. Received: probabilities, rows within [0, 1] that sum to 1.")
        _CLASSES[model] = int(outputs.shape[-1])
    return _CLASSES[model]


def _end(model: keras.Model) -> keras.Operation:
    """What computes the output, in a network within the network too; the network itself if its graph is not known."""
    end = model
    while isinstance(end, keras.Model) and getattr(end, "outputs", None):
        end = end.outputs[0]._keras_history.operation
    return end


def _are_probabilities(outputs: tf.Tensor) -> bool:
    # A softmax in bfloat16 sums to 1 within its own precision.
    tolerance = max(1e-3, 2 * float(ml_dtypes.finfo(outputs.dtype.as_numpy_dtype).eps))
    outputs = tf.cast(outputs, tf.float32)
    sums_to_1 = tf.abs(tf.reduce_sum(outputs, axis=-1) - 1) < tolerance
    return bool(tf.reduce_all((outputs >= 0) & (outputs <= 1)) & tf.reduce_all(sums_to_1))
