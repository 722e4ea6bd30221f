"""The convolution with a spectral norm of at most 1: its norm beside the exact one, its state, its gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from models.isolated import initialisers_from
from models.spectral_norm import SpectralConvolution
from models.vae_gan_networks import ARCHITECTURES


def exact_norm(layer, kernel):
    """Of the convolution as a matrix: its outputs of every unit image, without the bias."""
    shape = layer.direction.shape[1:]
    units = tf.reshape(tf.eye(int(np.prod(shape))), (-1, *shape))
    outputs = layer.layer.convolution_op(units, tf.constant(kernel)).numpy()
    return np.linalg.norm(outputs.reshape(len(units), -1), 2)


def convolution(strides, shape=(6, 6, 2), scale=1.0):
    keras.utils.set_random_seed(1)
    layer = SpectralConvolution(layers.Conv2D(5, 3 if strides == 1 else 4, strides=strides, padding="same"))
    layer.build((None, *shape))
    layer.layer.kernel.assign(scale * layer.layer.kernel)
    return layer


IMAGES = np.random.default_rng(0).normal(size=(3, 6, 6, 2)).astype(np.float32)


@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_it_divides_by_the_convolution_s_norm_if_that_is_above_1(strides, scale):
    layer = convolution(strides, scale=scale)
    stored = layer.layer.kernel.numpy()
    for _ in range(60):
        outputs = layer(IMAGES, training=True)
    norm = exact_norm(layer, stored)
    assert (norm > 1) == (scale > 1)
    np.testing.assert_array_equal(layer.layer.kernel, stored)
    expected = layer.layer.convolution_op(IMAGES, tf.constant(stored / max(norm, 1)))
    np.testing.assert_allclose(outputs, expected, rtol=1e-3, atol=1e-4)
    # Keras takes the norm of the kernel as a matrix, which is another one.
    assert abs(np.linalg.norm(stored.reshape(-1, 5), 2) / norm - 1) > 0.1


def test_one_step_by_the_definition():
    """v = conv(u) / |conv(u)|, u' = conv^T(v) / |conv^T(v)|, s = <conv(u'), v>: conv as a matrix, in NumPy."""
    layer = convolution(2, scale=3.0)
    units = tf.reshape(tf.eye(72), (-1, 6, 6, 2))
    matrix = layer.layer.convolution_op(units, layer.layer.kernel).numpy().reshape(72, -1).T
    u = layer.direction.numpy().ravel()
    v = matrix @ u / np.linalg.norm(matrix @ u)
    u = matrix.T @ v / np.linalg.norm(matrix.T @ v)
    norm = (matrix @ u) @ v
    assert norm > 1
    outputs = layer(IMAGES, training=True).numpy().reshape(3, -1)
    np.testing.assert_allclose(outputs, IMAGES.reshape(3, -1) @ matrix.T / norm, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(layer.direction.numpy().ravel(), u, rtol=1e-4, atol=1e-5)


def test_only_training_moves_its_state():
    layer = convolution(1)
    before = layer.direction.numpy()
    first, again = layer(IMAGES), layer(IMAGES, training=False)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(layer.direction, before)
    layer(IMAGES, training=True)
    assert np.abs(layer.direction - before).max() > 1e-3


def test_its_state_is_saved(tmp_path):
    model = keras.Sequential([keras.Input((6, 6, 2)), SpectralConvolution(layers.Conv2D(4, 3, padding="same"))])
    model(IMAGES, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(IMAGES, training=True), model(IMAGES, training=True))


def test_the_gradient_goes_through_the_norm():
    """A kernel that is stretched stays what it is, once divided: the derivative along itself is zero."""
    layer = convolution(1, scale=3.0)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(IMAGES, training=True) ** 2)
    gradient = tape.gradient(total, layer.layer.kernel)
    along = tf.reduce_sum(gradient * layer.layer.kernel) / tf.norm(gradient) / tf.norm(layer.layer.kernel)
    assert abs(float(along)) < 1e-4


def test_the_discriminator_of_cifar_keeps_norms_near_1():
    """After steps at a rate that makes kernels grow the estimates are behind; where kernels rest they catch up."""
    _, _, build = ARCHITECTURES[32, 32, 3]
    with initialisers_from(0):
        model = build(0.06)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 32, 32, 3)).astype(np.float32)
    model.compile(keras.optimizers.Adam(5e-3), "mse", run_eagerly=True)
    model.fit(images, np.arange(8) % 2, batch_size=8, epochs=25, verbose=0)
    spectral = [layer for layer in model.layers if isinstance(layer, SpectralConvolution)]
    assert len(spectral) == 7
    behind = divisors(spectral)
    for _ in range(30):
        model(images[:1], training=True)
    caught_up = divisors(spectral)
    for _ in range(100):
        model(images[:1], training=True)
    norms = divisors(spectral)
    assert min(norms) > 1.2  # undivided
    assert (norms / behind).max() < 1.6
    assert (norms / caught_up).max() < 1.05


def divisors(spectral) -> np.ndarray:
    """What each layer divides its kernel by."""
    return np.array([max(float(layer.power_iteration(layer.layer.kernel)[1]), 1) for layer in spectral])


def test_a_resumed_training_goes_on_with_its_state(tmp_path):
    def new():
        keras.utils.set_random_seed(1)
        conv = SpectralConvolution(layers.Conv2D(4, 3, padding="same"))
        model = keras.Sequential([keras.Input((6, 6, 2)), conv, layers.Flatten(), layers.Dense(1)])
        model.compile("adam", "mse", run_eagerly=True)
        return model

    whole, first, resumed = new(), new(), new()
    for step in range(6):
        whole.train_on_batch(IMAGES, np.ones(3))
        if step < 3:
            first.train_on_batch(IMAGES, np.ones(3))
    first.save_weights(tmp_path / "half.weights.h5")  # with the optimiser's
    resumed.optimizer.build(resumed.trainable_variables)
    resumed.load_weights(tmp_path / "half.weights.h5")
    for _ in range(3):
        resumed.train_on_batch(IMAGES, np.ones(3))
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
