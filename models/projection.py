"""Geometry of a generator's manifold: the nearest point on it, and its tangent space."""

import keras
import numpy as np
import tensorflow as tf

from models.compiled import compiled


def optimise_projection(vae_gan, images, steps: int = 100, learning_rate: float = 0.1, batch_size: int = 500):
    """Minimises ||x - G(z)||^2 over z with Adam, starting from the encoder's posterior mean.

    The encoder gives an upper bound of the distance to the manifold; this gives a lower one. The
    best point seen is kept, the start included, so that no image ends farther than it began.

    Args:
        vae_gan: a `VAEGAN`.
        images: (N, H, W, C) in [-1, 1].
        steps: Adam steps, the same for every image.
        learning_rate: of Adam, in units of z.
        batch_size: images at a time; it does not change the result.

    Returns:
        (N, H, W, C) float32 projections.
    """
    descend = compiled(vae_gan, "optimise_projection", _descend)
    batches = [
        descend(tf.constant(images[i : i + batch_size]), tf.constant(steps), tf.constant(learning_rate))
        for i in range(0, len(images), batch_size)
    ]
    return tf.concat(batches, axis=0).numpy()


def _descend(vae_gan: keras.Model, images, steps, learning_rate):
    z, _ = vae_gan.posterior(images, training=False)
    first, second = tf.zeros_like(z), tf.zeros_like(z)
    best, best_error = images, tf.fill(tf.shape(images)[:1], float("inf"))
    for step in tf.range(1, steps + 2):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(z)
            projected = vae_gan.decoder(z, training=False)
            error = tf.reduce_sum(tf.square(images - projected), axis=(1, 2, 3))
        better = error < best_error
        best = tf.where(better[:, None, None, None], projected, best)
        best_error = tf.minimum(error, best_error)
        # Adam (Kingma and Ba 2015) with its usual constants; each image's moments are its own.
        gradient, t = tape.gradient(error, z), tf.cast(step, tf.float32)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * tf.square(gradient)
        z -= learning_rate * first / (1 - 0.9**t) / (tf.sqrt(second / (1 - 0.999**t)) + 1e-8)
    return best


def tangent_alignment(vae_gan, images, directions, batch_size: int = 100) -> np.ndarray:
    """How much of a direction lies in the manifold's tangent space at each image's projection.

    The l2 norm of the direction's part inside the span of the decoder's Jacobian at the posterior
    mean, over that of the whole. A random direction has about sqrt(latent size / pixels).

    Args:
        vae_gan: a `VAEGAN`.
        images, directions: (N, H, W, C); a direction of zeros gives 0.
        batch_size: images at a time; it does not change the result.

    Returns:
        (N,) float32 in [0, 1].

    Source: Bordt et al., arXiv 2206.07387.
    """
    align = compiled(vae_gan, "tangent_alignment", _align)
    starts = range(0, len(images), batch_size)
    return np.concatenate(
        [align(tf.constant(images[i : i + batch_size]), tf.constant(directions[i : i + batch_size])) for i in starts]
    )


def _align(vae_gan: keras.Model, images, directions):
    z, _ = vae_gan.posterior(images, training=False)
    count, size = tf.shape(z)[0], z.shape[1]
    columns = []
    for i in range(size):
        with tf.autodiff.ForwardAccumulator(z, tf.one_hot(tf.fill([count], i), size)) as accumulator:
            projected = vae_gan.decoder(z, training=False)
        columns.append(tf.reshape(accumulator.jvp(projected), (count, -1)))
    basis, _ = tf.linalg.qr(tf.stack(columns, axis=-1))
    # Scaled first: the square of a confident network's gradient underflows.
    flat = tf.reshape(directions, (count, -1))
    flat = tf.math.divide_no_nan(flat, tf.reduce_max(tf.abs(flat), axis=1, keepdims=True))
    inside = tf.norm(tf.einsum("ndk,nd->nk", basis, flat), axis=1)
    return tf.math.divide_no_nan(inside, tf.norm(flat, axis=1))
