"""Networks whose maps are known, or hard to walk through, for the tests of several methods."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

AT, FROM = np.array([[3.0, 1.0]], np.float32), np.zeros(2, np.float32)
"""Where g is explained, and the baseline."""


def sequential(input_shape, *stack, weights=None):
    model = keras.Sequential([keras.Input(input_shape), *stack])
    if weights is not None:
        model.set_weights([np.asarray(array, np.float32) for array in weights])
    return model


def g():
    """relu(relu(x1 - 1) - relu(x2)); the other logit is -1."""
    weights = [np.eye(2), [-1, 0], [[1], [-1]], [0], [[1, 0]], [0, -1]]
    return sequential((2,), layers.Dense(2, "relu"), layers.Dense(1, "relu"), layers.Dense(2), weights=weights)


def equivalent():
    """The same function of x1 >= 0, as relu(relu(x1) - 1 - relu(x2))."""
    weights = [np.eye(2), [0, 0], [[1], [-1]], [-1], [[1, 0]], [0, -1]]
    return sequential((2,), layers.Dense(2, "relu"), layers.Dense(1, "relu"), layers.Dense(2), weights=weights)


def negative_rectifier():
    """-relu(x); the other logit is far below."""
    return sequential((1,), layers.Dense(1, "relu"), layers.Dense(2), weights=[[[1]], [0], [[-1, 0]], [0, -100]])


def linear(bias=False):
    """4x4 images to two logits, through nothing but weights."""
    keras.utils.set_random_seed(3)
    return sequential((4, 4, 1), layers.Flatten(), layers.Dense(2, use_bias=bias))


def opposite():
    """4x4 images to two logits, the sum of pixels times weights of both signs and minus it, and those weights."""
    weights = np.random.default_rng(9).choice([-1, 1], 16) * np.linspace(0.2, 1, 16)
    weights -= weights.mean()  # an image of one colour is on neither side
    model = sequential(
        (4, 4, 1), layers.Flatten(), layers.Dense(2, use_bias=False), weights=[np.stack([weights, -weights], axis=1)]
    )
    return model, weights.reshape(4, 4, 1)


def maximum():
    """The larger of two values, as a maximum pooling; the other logit is far below."""
    return sequential(
        (1, 2, 1),
        layers.MaxPooling2D((1, 2)),
        layers.Flatten(),
        layers.Dense(2),
        weights=[[[1, 0]], [0, -100]],
    )


def rectified(bias=True, input_shape=(8, 8, 3)):
    """Convolutions, rectifiers as functions and as a layer, maximum pooling, dense layers; biases that are not zero."""
    keras.utils.set_random_seed(4)
    given = {"use_bias": bias, "bias_initializer": keras.initializers.RandomNormal(stddev=0.3, seed=1)}
    return sequential(
        input_shape,
        layers.Conv2D(6, 3, padding="same", activation="relu", **given),
        layers.Conv2D(5, 3, strides=2, padding="same", **given),
        layers.ReLU(),
        layers.MaxPooling2D(),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Dense(7, activation="relu", **given),
        layers.Dense(3, **given),
    )


def residual():
    """A small residual network of most kinds of layers, with moving statistics as after training.

    One activation and one pooling layer are used twice, a network lies within the network, a shortcut reads what its
    branch reads, and values are added to themselves.
    """
    keras.utils.set_random_seed(5)
    activation, pooling = layers.Activation("relu"), layers.MaxPooling2D()
    images = keras.Input((12, 12, 3))
    x = layers.ZeroPadding2D()(images)
    x = layers.Conv2D(6, 3, use_bias=False)(x)
    x = activation(layers.BatchNormalization()(x))
    branch = layers.DepthwiseConv2D(3, padding="same", activation="relu")(x)
    branch = layers.Conv2D(6, 1, activation="leaky_relu")(branch)
    x = layers.Add()([x, layers.Dropout(0.3)(branch)])
    x = pooling(activation(x))
    inner = keras.Sequential(
        [keras.Input((6, 6, 6)), layers.Conv2D(8, 3, strides=2, padding="same"), layers.LeakyReLU()]
    )
    strided = inner(x)
    x = layers.Concatenate()([strided, layers.AveragePooling2D(2)(x), pooling(x)])
    x = layers.BatchNormalization()(x)
    x = activation(layers.Add()([x, x]))
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    x = layers.Reshape((-1,))(layers.Dense(9, activation="relu")(x))
    model = keras.Model(images, layers.Dense(4)(x))
    rng = np.random.default_rng(6)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            size = layer.gamma.shape
            signs = rng.choice([-1, 1], size)
            layer.set_weights(
                [signs * rng.uniform(0.5, 1.5, size), *rng.normal(0, 0.3, (2, *size)), rng.uniform(0.1, 1, size)]
            )
    return model


def pictures(model, count=5, seed=7):
    """(count, H, W, C) uniform in [-1, 1]."""
    return np.random.default_rng(seed).uniform(-1, 1, (count, *model.input_shape[1:])).astype(np.float32)


def predicted_logits(model, images, at=None):
    """(N,) logits of the classes predicted for the images, at other images if told so."""
    chosen = model(images).numpy().argmax(axis=-1)
    return model(images if at is None else at).numpy()[np.arange(len(images)), chosen]


def logit_gradients(model, images):
    """Gradients of the predicted logits, the plain way."""
    x = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(tf.reduce_max(model(x, training=False), axis=-1))
    return tape.gradient(total, x).numpy()


def sums(maps):
    return maps.reshape(len(maps), -1).sum(axis=-1)


def relative_error(found, expected):
    """Largest difference, as a share of the largest expected value."""
    return np.abs(found - expected).max() / np.abs(expected).max()
