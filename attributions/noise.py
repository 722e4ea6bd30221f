"""Noise that belongs to an image: it depends on the generator and the image's place, not on the batches around it."""

import numpy as np
import tensorflow as tf

from attributions.logit import logit_gradient, predicted_class
from models.compiled import LOOP_BODY, compiled
from models.parameters import verify_above, verify_count

VALUE_RANGE = 2.0
"""Of pixels in [-1, 1]."""


def image_seeds(images: tf.Tensor, rng: np.random.Generator | None) -> tf.Tensor:
    """A seed of two integers for each image, drawn in the images' order: (N, 2) int32. None stands for seed 0."""
    rng = np.random.default_rng(0) if rng is None else rng
    return tf.constant(rng.integers(2**31, size=(len(images), 2)), tf.int32)


def noise_per_image(draw, shape: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
    """`draw(shape, seed)` for each of the seeds: (N, *shape) float32."""
    return tf.map_fn(lambda seed: draw(shape, seed), seeds, fn_output_signature=tf.float32)


def gradient_moments(model, images, rng, samples, sigma) -> tuple[tf.Tensor, tf.Tensor]:
    """Mean and variance of the predicted logit's gradient over Gaussian noise on the image.

    Noisy pixels may leave [-1, 1], as in the paper. The class is that of the image without noise.

    Args:
        model: images -> logits.
        images: (N, H, W, C) float32 in [-1, 1].
        rng: generator of the noise; None stands for seed 0.
        samples: noisy copies of each image, at least 1. One batch of them is in memory at a time.
        sigma: standard deviation of the noise, as a share of the pixels' range, which is 2.

    Returns:
        Mean, and population variance (the squares' mean minus the mean's square), each of the images' shape.

    Raises:
        ValueError: samples below 1, or sigma not above 0.
    """
    verify_count("samples", samples)
    verify_above("sigma", sigma, 0)
    deviation = tf.constant(sigma * VALUE_RANGE, tf.float32)
    moments = compiled(model, "gradient_moments", _moments)
    return moments(images, image_seeds(images, rng), deviation, tf.constant(int(samples)))


def _moments(model, images, seeds, deviation, samples):
    chosen = predicted_class(model(images, training=False))

    @tf.function(experimental_attributes=LOOP_BODY)
    def gradient(noisy):
        return logit_gradient(model, noisy, chosen)

    mean, squares = tf.zeros_like(images), tf.zeros_like(images)
    for number in tf.range(samples):
        tf.autograph.experimental.set_loop_options(parallel_iterations=1)  # else ten batches are in memory at a time
        noise = noise_per_image(tf.random.stateless_normal, tf.shape(images)[1:], seeds + [[0, 1]] * number)
        found = gradient(images + deviation * noise)
        # Welford's recurrence: where all gradients are equal, the variance is exactly zero.
        change = found - mean
        mean += change / tf.cast(number + 1, tf.float32)
        squares += change * (found - mean)
    return mean, squares / tf.cast(samples, tf.float32)
