"""Distance of each pixel from mid-grey: a control that knows nothing of the network."""

import tensorflow as tf

TITLE = "Input magnitude"
KNOWS_NETWORK = False


def input_magnitude(model, images, rng=None):
    """Absolute pixel values, zero where the pixel is: what Gradient x Input would be without its gradient."""
    return tf.abs(images)
