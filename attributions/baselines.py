"""Images that stand for "nothing there": where Integrated Gradients' path begins, what DeepLIFT compares with."""

import numpy as np
import tensorflow as tf

from attributions.noise import image_seeds, noise_per_image

BLUR = 0.1
"""Standard deviation of the blur, as a share of each side."""


def baseline_images(baseline, images: tf.Tensor, rng: np.random.Generator | None) -> tf.Tensor:
    """The baseline of each image.

    Args:
        baseline: a name in `BASELINES`, or an array that broadcasts to one image, such as a colour: (H, W, C) or (C,).
        images: (N, H, W, C) float32 in [-1, 1].
        rng: generator of "noise"; None stands for seed 0.

    Returns:
        (N, H, W, C) float32, or (1, H, W, C) where it is the same for all images.

    Raises:
        ValueError: a name that is none, or an array that does not broadcast to an image.
    """
    if isinstance(baseline, str) and baseline in BASELINES:
        return BASELINES[baseline](images, rng)
    shape = tuple(images.shape[1:])
    received = repr(baseline)
    if not isinstance(baseline, str):
        array = np.asarray(baseline, np.float32)
        if _broadcasts(array.shape, shape):
            return tf.constant(np.broadcast_to(array, shape)[None])
        received = f"an array of shape {array.shape}"
    names = ", ".join(BASELINES)
    raise ValueError(
        f"baseline must be one of {names}, or an array that broadcasts to an image of shape {shape}. "
        f"Received: {received}."
    )


def _broadcasts(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, target) == target
    except ValueError:
        return False


def _black(images, rng):
    return -tf.ones_like(images[:1])


def _mean(images, rng):
    """The image's own mean colour: a method sees no training data."""
    return tf.zeros_like(images) + tf.reduce_mean(images, axis=(1, 2), keepdims=True)


def _blurred(images, rng):
    """Gaussian, with weights that are renormalised at the edges, so that an even image stays what it is."""
    down, across = (_blur_matrix(side) for side in images.shape[1:3])
    return tf.einsum("ih,jw,nhwc->nijc", down, across, images)


def _blur_matrix(side: int) -> tf.Tensor:
    """(side, side): from pixels to blurred pixels along one axis; its rows sum to 1."""
    places = np.arange(side)
    weights = np.exp(-0.5 * ((places[:, None] - places) / (BLUR * side)) ** 2)
    return tf.constant(weights / weights.sum(axis=1, keepdims=True), tf.float32)


def _noise(images, rng):
    """Uniform in [-1, 1)."""

    def draw(shape, seed):
        return tf.random.stateless_uniform(shape, seed, -1.0, 1.0)

    return noise_per_image(draw, tf.shape(images)[1:], image_seeds(images, rng))


BASELINES = {"black": _black, "mean": _mean, "blurred": _blurred, "noise": _noise}
"""By name. Which one is right is a choice that changes the maps: Sturmfels et al. 2020, doi 10.23915/distill.00022."""
