"""All that a model holds: its weights, and the seed generators of its layers, which Keras's weights leave out.

Dropout and augmentation draw from such a generator, and each draw moves it on. A training that starts from equal
weights but finds the generators where another training left them is another training.
"""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from experiments.store.sealed import read_arrays, save_weights, write_arrays

SEEDS = "seed_generators.npz"
"""Beside a file of weights; only where a model has seed generators."""


def state_of(model: keras.Model) -> list[np.ndarray]:
    """The values of a model's variables: weights, moving statistics and seed generators."""
    return [variable.numpy() for variable in model.variables]


def set_state(model: keras.Model, state: Sequence[np.ndarray]) -> None:
    """Puts a model where `state_of` found it, or another one of the same architecture."""
    for variable, value in zip(model.variables, state, strict=True):
        variable.assign(value)


def save_state(model: keras.Model, weights: Path) -> None:
    """Saves all that a model holds, its optimisers included.

    Args:
        model: with built optimisers, if it has any.
        weights: the file to write; the seed generators go beside it.
    """
    save_weights(model, weights)
    if seeds := _seed_generators(model):
        write_arrays(weights.with_name(SEEDS), {str(i): seed.numpy() for i, seed in enumerate(seeds)})


def load_state(model: keras.Model, weights: Path) -> None:
    """Puts a built model of the same architecture where `save_state` found the one that it saved."""
    model.load_weights(weights)
    if seeds := _seed_generators(model):
        stored = read_arrays(weights.with_name(SEEDS))
        for i, seed in enumerate(seeds):
            seed.assign(stored[str(i)])


def _seed_generators(model: keras.Model) -> list[keras.Variable]:
    """Their states, in the order of the layers."""
    weights = {id(variable) for variable in model.weights}
    return [variable for variable in model.variables if id(variable) not in weights]
