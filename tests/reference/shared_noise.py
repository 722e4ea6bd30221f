"""Our noise, to be given to others, so that what is averaged over it can be compared number by number."""

import numpy as np
import tensorflow as tf

from attributions.noise import image_seeds, noise_per_image


def noise_for(images: np.ndarray, samples: int, seed: int) -> np.ndarray:
    """(N, samples, H, W, C) standard normal: what `explain(..., seed=seed)` adds to the images, but for its size."""
    seeds = image_seeds(images, np.random.default_rng(seed))
    drawn = [
        noise_per_image(tf.random.stateless_normal, images.shape[1:], tf.add(seeds, [0, i])) for i in range(samples)
    ]
    return np.stack(drawn, axis=1)
