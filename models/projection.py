"""Geometry of a generator's manifold: the nearest point on it, and its tangent space."""

from collections.abc import Sequence

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


COLLAPSED = 1e-3
"""Share of the largest singular value below which a direction of the decoder's Jacobian counts as collapsed."""


def tangent_alignments(vae_gan, images, directions: Sequence, batch_size: int = 100) -> list[np.ndarray]:
    """How much of each direction lies in the manifold's tangent space at each image's projection.

    The l2 norm of the direction's part inside the span of the decoder's Jacobian at the posterior
    mean, over that of the whole. A random direction has about sqrt(latent size / pixels). Latent
    directions that the decoder has collapsed, which do not move the image, span nothing.

    Args:
        vae_gan: a `VAEGAN`.
        images: (N, H, W, C).
        directions: several arrays of that shape; the Jacobian serves them all. A direction of zeros gives 0.
        batch_size: images at a time; it does not change the result.

    Returns:
        For each array (N,) float32 in [0, 1].

    Source: Bordt et al., arXiv 2206.07387.
    """
    align = compiled(vae_gan, ("tangent_alignments", len(directions)), _align)
    stacked = np.stack(directions, axis=1)  # (N, directions, H, W, C)
    found = [
        align(tf.constant(images[i : i + batch_size]), tf.constant(stacked[i : i + batch_size])).numpy()
        for i in range(0, len(images), batch_size)
    ]
    return list(np.concatenate(found).T)


def _align(vae_gan: keras.Model, images, directions):
    z, _ = vae_gan.posterior(images, training=False)
    count, size = tf.shape(z)[0], z.shape[1]
    columns = []
    for i in range(size):
        with tf.autodiff.ForwardAccumulator(z, tf.one_hot(tf.fill([count], i), size)) as accumulator:
            projected = vae_gan.decoder(z, training=False)
        columns.append(tf.reshape(accumulator.jvp(projected), (count, -1)))
    basis = _orthonormal(tf.stack(columns, axis=-1))
    # Scaled first: the square of a confident network's gradient underflows.
    flat = tf.reshape(directions, (count, directions.shape[1], -1))
    flat = tf.math.divide_no_nan(flat, tf.reduce_max(tf.abs(flat), axis=2, keepdims=True))
    inside = tf.norm(tf.einsum("npk,ndp->ndk", basis, flat), axis=2)
    return tf.math.divide_no_nan(inside, tf.norm(flat, axis=2))


def _orthonormal(jacobian: tf.Tensor) -> tf.Tensor:
    """(N, P, K): orthonormal columns that span each Jacobian's, zeros in place of those that have collapsed.

    By the eigenvectors of its K x K products, in float64: the SVD of the tall matrices, but cheaper.
    """
    jacobian = tf.cast(jacobian, tf.float64)
    squares, vectors = tf.linalg.eigh(tf.einsum("npk,npl->nkl", jacobian, jacobian))
    largest = tf.reduce_max(squares, axis=1, keepdims=True)
    kept = squares > COLLAPSED**2 * largest
    scale = tf.where(kept, tf.math.rsqrt(tf.where(kept, squares, 1.0)), 0.0)
    return tf.cast(tf.einsum("npk,nkl->npl", jacobian, vectors) * scale[:, None], tf.float32)
