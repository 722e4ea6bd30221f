"""What the paper's networks are made of: Glorot-uniform kernels, each with a seed of its own, and zero biases."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import layers


def units(count: float) -> int:
    """A number of filters or units after scaling: at least one."""
    return max(1, round(count))


def convolution(filters: float, kernel_size: int, kernels: Iterator[keras.Initializer]) -> layers.Layer:
    """Rectified, of the input's height and width."""
    return layers.Conv2D(
        units(filters), kernel_size, padding="same", activation="relu", kernel_initializer=next(kernels)
    )


def glorot_initialisers(seed: int | None) -> Iterator[keras.Initializer]:
    """An endless supply of initialisers, each with a seed of its own derived from `seed`."""
    generator = np.random.default_rng(seed)
    while True:
        yield keras.initializers.GlorotUniform(seed=int(generator.integers(2**31)))
