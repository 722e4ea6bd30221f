"""The protocol's encoders, decoders and discriminators, for 28x28x1 and for 32x32x3 images."""

import keras
from keras import layers

from models.classifiers._layers import units
from models.spectral_norm import SpectralConvolution


def _relu_norm(layer: layers.Layer) -> list[layers.Layer]:
    """A layer, relu, then batch-norm: the protocol's order."""
    return [layer, layers.ReLU(), layers.BatchNormalization()]


def _mnist_encoder(latent_size: int, width: float) -> keras.Model:
    stack = [keras.Input((28, 28, 1))]
    for filters in (64, 128, 256):
        stack += _relu_norm(layers.Conv2D(units(filters * width), 4, strides=2, padding="same"))
    stack += [layers.Flatten(), layers.Dense(2 * latent_size), layers.BatchNormalization()]
    return keras.Sequential(stack, name="encoder")


def _mnist_decoder(latent_size: int, width: float) -> keras.Model:
    deep = units(256 * width)
    stack = [keras.Input((latent_size,)), *_relu_norm(layers.Dense(2 * 2 * deep)), layers.Reshape((2, 2, deep))]
    for filters, strides, padding in ((256, 2, "same"), (128, 1, "valid"), (32, 2, "same")):
        stack += _relu_norm(layers.Conv2DTranspose(units(filters * width), 4, strides=strides, padding=padding))
    stack.append(layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"))
    return keras.Sequential(stack, name="decoder")


def _mnist_discriminator(width: float) -> keras.Model:
    stack = [keras.Input((28, 28, 1)), layers.Conv2D(units(32 * width), 4, strides=2, padding="same"), layers.ReLU()]
    for filters in (128, 256, 256):
        stack += _relu_norm(layers.Conv2D(units(filters * width), 4, strides=2, padding="same"))
    stack += [layers.Flatten(), *_relu_norm(layers.Dense(units(512 * width))), layers.Dense(1)]
    return keras.Sequential(stack, name="discriminator")


def _cifar_encoder(latent_size: int, width: float) -> keras.Model:
    stack = [keras.Input((32, 32, 3))]
    for filters in (64, 128, 256):
        stack += _relu_norm(layers.Conv2D(units(filters * width), 5, strides=2, padding="same"))
    stack += [layers.Flatten(), layers.Dense(2 * latent_size), layers.BatchNormalization()]
    return keras.Sequential(stack, name="encoder")


def _cifar_decoder(latent_size: int, width: float) -> keras.Model:
    deep = units(512 * width)
    # Linear, as in the authors' code.
    stack = [keras.Input((latent_size,)), layers.Dense(4 * 4 * deep), layers.Reshape((4, 4, deep))]
    for filters in (256, 128, 64):
        stack += _relu_norm(layers.Conv2DTranspose(units(filters * width), 4, strides=2, padding="same"))
    stack.append(layers.Conv2D(3, 3, padding="same", activation="tanh"))
    return keras.Sequential(stack, name="decoder")


def _cifar_discriminator(width: float) -> keras.Model:
    stack = [keras.Input((32, 32, 3))]
    for filters, kernel, strides in (
        (64, 3, 1), (64, 4, 2), (128, 3, 1), (128, 4, 2), (256, 3, 1), (256, 4, 2), (512, 3, 1),
    ):  # fmt: skip
        conv = layers.Conv2D(units(filters * width), kernel, strides=strides, padding="same")
        stack += [SpectralConvolution(conv), layers.LeakyReLU(0.1)]
    stack += [layers.Flatten(), layers.Dense(1)]  # without spectral normalisation, as in the authors' code
    return keras.Sequential(stack, name="discriminator")


ARCHITECTURES = {
    (28, 28, 1): (_mnist_encoder, _mnist_decoder, _mnist_discriminator),
    (32, 32, 3): (_cifar_encoder, _cifar_decoder, _cifar_discriminator),
}
