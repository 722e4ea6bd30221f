"""The paper's network for CIFAR-10: twice two convolutions and a pooling, then 512 units."""

import keras
from keras import layers

from models.classifiers._layers import convolution, glorot_initialisers, units
from models.isolated import channels_last

TITLE = "cifar_cnn"


@channels_last()
def cifar_cnn(
    width: float = 1.0, seed: int | None = None, input_shape: tuple[int, int, int] = (32, 32, 3), classes: int = 10
) -> keras.Model:
    """The paper's network for CIFAR-10: twice two convolutions and a pooling, then 512 units.

    Args:
        width: multiplies the number of filters and units; 1.0 is the paper.
        seed: of the initial weights; None draws new ones.
        input_shape: (height, width, channels).
        classes: number of logits.

    Returns:
        A network from images (N, *input_shape) to logits (N, classes).
    """
    kernels = glorot_initialisers(seed)
    return keras.Sequential(
        [
            keras.Input(input_shape),
            convolution(32 * width, 3, kernels),
            convolution(32 * width, 3, kernels),
            layers.MaxPooling2D(),
            convolution(64 * width, 3, kernels),
            convolution(64 * width, 3, kernels),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(units(512 * width), activation="relu", kernel_initializer=next(kernels)),
            layers.Dense(classes, kernel_initializer=next(kernels)),
        ],
        name="cifar_cnn",
    )
