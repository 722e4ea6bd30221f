"""The paper's network for MNIST and Fashion-MNIST: two convolutions, one pooling, 1024 units."""

import keras
from keras import layers

from models.classifiers._layers import convolution, glorot_initialisers, units
from models.isolated import channels_last

TITLE = "mnist_cnn"


@channels_last()
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
    kernels = glorot_initialisers(seed)
    return keras.Sequential(
        [
            keras.Input(input_shape),
            convolution(32 * width, 5, kernels),
            convolution(64 * width, 5, kernels),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(units(1024 * width), activation="relu", kernel_initializer=next(kernels)),
            layers.Dense(classes, kernel_initializer=next(kernels)),
        ],
        name="mnist_cnn",
    )
