"""Keras layers and activation functions in groups that rules treat alike: the keys of every method's `RULES`."""

import keras
import tensorflow as tf
from keras import activations, layers, ops

from models.operations import operation_of

WEIGHTED = (layers.Dense, layers.Conv2D, layers.Conv2DTranspose, layers.DepthwiseConv2D, layers.SeparableConv2D)
"""Weighted sums and a bias. Their activation is a step of its own."""

SCALING = (layers.BatchNormalization, layers.Normalization, layers.Rescaling)
"""A factor and an offset for each value, which in inference do not depend on the batch."""

SUMS = (layers.AveragePooling2D, layers.GlobalAveragePooling2D, layers.Add, layers.Average)
"""Sums of their inputs with positive weights, and no bias."""

MAXIMA = (layers.MaxPooling2D, layers.GlobalMaxPooling2D)

MOVING = (
    *(layers.Concatenate, layers.Cropping2D, layers.Flatten, layers.Identity, layers.Permute, layers.Reshape),
    *(layers.UpSampling2D, layers.ZeroPadding2D),
    *(layers.Dropout, layers.SpatialDropout2D, layers.AlphaDropout, layers.GaussianDropout, layers.GaussianNoise),
    *(layers.ActivityRegularization, activations.linear),
)
"""Values are moved, copied or left alone; what drops or disturbs them in training does nothing in inference."""

RECTIFIERS = (layers.ReLU, activations.relu, activations.relu6, keras.ops.relu, tf.nn.relu)

ACTIVATIONS = (
    *RECTIFIERS,
    *(layers.LeakyReLU, layers.ELU, layers.PReLU),
    *(activations.leaky_relu, activations.elu, activations.selu, activations.gelu, activations.silu),
    *(activations.tanh, activations.sigmoid, activations.softplus, activations.softsign),
)
"""Value by value."""

_VALUES = keras.KerasTensor((None, 2, 2, 1))


def _operations(*functions):
    return {operation_of(function, _VALUES): function for function in functions}


OPERATORS = {
    **_operations(ops.relu, activations.relu, activations.relu6, activations.leaky_relu, activations.elu),
    **_operations(activations.selu, activations.gelu, activations.silu, activations.tanh, activations.sigmoid),
    **_operations(activations.softplus, activations.softsign),
    operation_of(ops.add, _VALUES, _VALUES): layers.Add,
    operation_of(ops.mean, _VALUES): layers.GlobalAveragePooling2D,
    operation_of(ops.max, _VALUES): layers.GlobalMaxPooling2D,
    operation_of(ops.average_pool, _VALUES, 2): layers.AveragePooling2D,
    operation_of(ops.max_pool, _VALUES, 2): layers.MaxPooling2D,
    operation_of(ops.concatenate, [_VALUES, _VALUES]): layers.Concatenate,
    operation_of(ops.reshape, _VALUES, (-1, 4)): layers.Reshape,
    operation_of(ops.transpose, _VALUES): layers.Permute,
    operation_of(lambda values: values[:, 1:], _VALUES): layers.Cropping2D,
}
"""Operators of a functional network, and the layers or functions that do the same."""

DIVISIONS = {operation_of(each, _VALUES, 2) for each in (ops.divide, ops.true_divide)}
WITH_A_CONSTANT = {
    *DIVISIONS,
    *(operation_of(each, _VALUES, 2) for each in (ops.add, ops.subtract, ops.multiply)),
    operation_of(ops.negative, _VALUES),
}
"""Operators that with constants do what `Rescaling` does, a division if the constant divides."""
