"""A sharper projection onto a generator's manifold than the encoder's answer."""

import keras
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
