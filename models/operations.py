"""What a Keras function is in a functional network: an operation, which is no layer."""

from collections.abc import Callable

import keras


def operation_of(function: Callable, *inputs) -> type[keras.Operation]:
    """The class of the operation that a functional network has where `function` was applied to its tensors.

    Args:
        function: such as `keras.ops.relu`, or an operator.
        *inputs: its arguments, of which at least one is a `keras.KerasTensor`.
    """
    return type(function(*inputs)._keras_history.operation)
