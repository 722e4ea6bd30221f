"""Networks and attributions with known answers, for the tests of the measures."""

import keras
import numpy as np

RNG = np.random.default_rng(7)


def sees(weights: np.ndarray, bias: float = 0.0) -> keras.Model:
    """Two logits, 0 and the sum of an image's pixels times (H, W, C) weights plus a bias: right for label 1 above 0."""
    dense = keras.layers.Dense(2)
    model = keras.Sequential([keras.Input(weights.shape), keras.layers.Flatten(), dense])
    dense.set_weights([np.stack([np.zeros(weights.size), weights.ravel()], axis=1), np.array([0, bias])])
    return model


def random_maps(images: np.ndarray, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).random(images.shape, dtype=np.float32)


def anew():
    """An attribution that draws its maps anew at every call, whatever network and images."""
    rng = np.random.default_rng(4)
    return lambda model, images: rng.random(images.shape, dtype=np.float32)
