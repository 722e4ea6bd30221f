"""Sobel edges of the image: a control that knows nothing of the network (Adebayo et al. 2018, arXiv 1810.03292)."""

import tensorflow as tf

TITLE = "Sobel edges"
KNOWS_NETWORK = False


def sobel(model, images, rng=None):
    """Length of each channel's brightness gradient by Sobel's filter, the image reflected at its edges; not negative.

    It shares an image's outlines with maps that look like the object, so what it scores needs no network.
    """
    return tf.norm(tf.image.sobel_edges(images), axis=-1)
