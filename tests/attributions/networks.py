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


def residual(foldable=False):
    """A small residual network of most kinds of layers, with moving statistics as after training.

    Args:
        foldable: no normalisation stands where there is no weighted sum to fold it into.

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
    x = x if foldable else layers.BatchNormalization()(x)
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


def normalised():
    """8x8 images through each kind of weighted layer and a normalisation behind it, with factors of both signs."""
    keras.utils.set_random_seed(8)
    model = sequential(
        (8, 8, 2),
        *(layers.Conv2D(4, 3, use_bias=False), layers.BatchNormalization(), layers.ReLU()),
        *(layers.DepthwiseConv2D(3, depth_multiplier=2), layers.BatchNormalization(), layers.ReLU()),
        *(layers.Conv2DTranspose(5, 3, strides=2, padding="same"), layers.BatchNormalization(), layers.ReLU()),
        *(layers.Flatten(), layers.Dense(6), layers.BatchNormalization(), layers.Activation("tanh")),
        *(layers.Dense(3), layers.Rescaling(0.5, 0.1)),
    )
    rng = np.random.default_rng(9)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            size = layer.gamma.shape
            factors = rng.choice([-1, 1], size) * rng.uniform(0.5, 1.5, size)
            layer.set_weights([factors, *rng.normal(0, 0.3, (2, *size)), rng.uniform(0.1, 1, size)])
    return model


def merged(model):
    """The same function of `normalised()`, its scalings multiplied into the weights before them."""
    stack, rest = [], iter(model.layers)
    for layer in rest:
        if not isinstance(layer, layers.Dense | layers.Conv2D | layers.Conv2DTranspose | layers.DepthwiseConv2D):
            stack.append(type(layer).from_config(layer.get_config()))
            continue
        scaling = next(rest)
        shape = (*[1] * (len(scaling.input.shape) - 1), scaling.input.shape[-1])
        offset, one = (np.ravel(scaling(np.full(shape, value))) for value in (0.0, 1.0))
        kernel, bias = layer.get_weights() if layer.use_bias else (*layer.get_weights(), 0.0)
        factor = one - offset
        if isinstance(layer, layers.Conv2DTranspose):
            kernel = kernel * factor[:, None]
        else:
            kernel = kernel * factor.reshape(kernel.shape[2:] if isinstance(layer, layers.DepthwiseConv2D) else -1)
        twin = type(layer).from_config({**layer.get_config(), "use_bias": True})
        twin.build(layer.input.shape)
        twin.set_weights([kernel, factor * bias + offset])
        stack.append(twin)
    return sequential(model.input_shape[1:], *stack)


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
