"""Tangent alignment: how much of a map lies along the image manifold (Bordt et al. 2022, arXiv 2206.07387).

There is no chance level in closed form for all data: a map of independent values of mean 0 scores about
sqrt(k / d), with k the dimensions of the manifold and d the values of an image, less where the manifold has collapsed.
"""

import numpy as np

from models.projection import tangent_alignments

TITLE = "Tangent alignment"
UNIT = "share of the map's l2 size"
MORE_IS_BETTER = True
NEEDS = ("manifold",)
PASSES = {"call": 40}
"""One of the decoder for each of ten latent dimensions, and what makes them orthogonal: an estimate for MNIST's."""


def tangent_alignment(given, batch_size=100):
    """(N,) in [0, 1]: the l2 size of the map's part inside the manifold's tangent space; NaN where a map is zero.

    The tangent space is that at the image's projection. Of gradients this is the number of Section 2.1.

    Args:
        given: images, maps, and the manifold: a `models.VAEGAN`, or what has its `posterior` and `decoder`.
        batch_size: images at a time; it does not change the result.

    Raises:
        ValueError: no manifold.
    """
    if given.manifold is None:
        raise ValueError("manifold must be given to tangent_alignment: a trained VAE-GAN. Received: None.")
    (values,) = tangent_alignments(given.manifold, given.images, [given.maps], batch_size)
    return np.where(np.abs(given.maps).max(axis=(1, 2, 3)) > 0, values, np.nan)
