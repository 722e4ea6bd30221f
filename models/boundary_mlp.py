"""The paper's network for points in the plane (Section 2.2), alone or several side by side."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops

from models.isolated import dtype_policy

HIDDEN_UNITS = 128


def boundary_mlp(seed: int | None = None) -> keras.Model:
    """Points (N, 2) to logits (N, 2) through 128 rectified units. Glorot-uniform kernels, zero biases.

    Args:
        seed: of the initial weights; None draws new ones.
    """
    seeds = np.random.default_rng(seed).integers(2**31, size=2)
    hidden, logits = (keras.initializers.GlorotUniform(seed=int(seed)) for seed in seeds)
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(HIDDEN_UNITS, activation="relu", kernel_initializer=hidden),
            layers.Dense(2, kernel_initializer=logits),
        ],
        name="boundary_mlp",
    )


def side_by_side(seeds: Sequence[int]) -> keras.Model:
    """One `boundary_mlp` per seed as a single model: on small networks most of a step is overhead.

    The first N rows of its input go to the first network, the next N to the second. The networks
    share nothing, and each gets the gradient it would get alone if the loss sums over networks.

    Args:
        seeds: of the R networks' initial weights.

    Returns:
        A model from points (R * N, 2) to logits (R * N, 2).
    """
    with dtype_policy("float32"):
        return _side_by_side(seeds)


def _side_by_side(seeds: Sequence[int]) -> keras.Model:
    count = len(seeds)
    points = keras.Input((2,))
    by_network = ops.reshape(points, (count, -1, 2))
    hidden = layers.EinsumDense("rni,rio->rno", (None, HIDDEN_UNITS), activation="relu", bias_axes="ro")(by_network)
    logits = layers.EinsumDense("rni,rio->rno", (None, 2), bias_axes="ro")(hidden)
    model = keras.Model(points, ops.reshape(logits, (-1, 2)), name="boundary_mlps")
    alone = [boundary_mlp(seed).get_weights() for seed in seeds]
    stacked = [np.stack(weights) for weights in zip(*alone, strict=True)]
    model.set_weights([np.reshape(array, weight.shape) for array, weight in zip(stacked, model.weights, strict=True)])
    return model
