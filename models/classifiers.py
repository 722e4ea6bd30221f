"""The paper's convolutional networks: Glorot-uniform kernels, zero biases, logits out."""

import keras
import numpy as np
from keras import layers


def mnist_cnn(
    width: float = 1.0, seed: int | None = None, input_shape: tuple[int, int, int] = (28, 28, 1), classes: int = 10
) -> keras.Model:
    """The paper's network for MNIST and Fashion-MNIST: two convolutions, one pooling, 1024 units.

    Args:
        width: multiplies the number of filters and units; 1.0 is the paper.
        seed: of the initial weights; None draws new ones.
        input_shape: (height, width, channels).
        classes: number of logits.

    Returns:
        A network from images (N, *input_shape) to logits (N, classes).
    """
    glorot = _glorot_initialisers(seed)
    return keras.Sequential(
        [
            keras.Input(input_shape),
            _conv(32 * width, 5, glorot),
            _conv(64 * width, 5, glorot),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(_units(1024 * width), activation="relu", kernel_initializer=next(glorot)),
            layers.Dense(classes, kernel_initializer=next(glorot)),
        ],
        name="mnist_cnn",
    )


def cifar_cnn(
    width: float = 1.0, seed: int | None = None, input_shape: tuple[int, int, int] = (32, 32, 3), classes: int = 10
) -> keras.Model:
    """The paper's network for CIFAR-10: twice two convolutions and a pooling, then 512 units.

    Args and Returns: as `mnist_cnn`.
    """
    glorot = _glorot_initialisers(seed)
    return keras.Sequential(
        [
            keras.Input(input_shape),
            _conv(32 * width, 3, glorot),
            _conv(32 * width, 3, glorot),
            layers.MaxPooling2D(),
            _conv(64 * width, 3, glorot),
            _conv(64 * width, 3, glorot),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(_units(512 * width), activation="relu", kernel_initializer=next(glorot)),
            layers.Dense(classes, kernel_initializer=next(glorot)),
        ],
        name="cifar_cnn",
    )


def _units(count: float) -> int:
    return max(1, round(count))


def _conv(filters: float, kernel_size: int, glorot) -> layers.Layer:
    return layers.Conv2D(
        _units(filters), kernel_size, padding="same", activation="relu", kernel_initializer=next(glorot)
    )


def _glorot_initialisers(seed: int | None):
    """An endless supply of initialisers, each with a seed of its own derived from `seed`."""
    generator = np.random.default_rng(seed)
    while True:
        yield keras.initializers.GlorotUniform(seed=int(generator.integers(2**31)))


NETWORKS = {"mnist_cnn": mnist_cnn, "cifar_cnn": cifar_cnn}
