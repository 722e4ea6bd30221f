"""Keras layers and activation functions in groups that rules treat alike: the keys of every method's `RULES`."""

import keras
import tensorflow as tf
from keras import activations, layers

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
