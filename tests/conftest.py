"""Small networks and data that every test can share."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from tests.command_line import TINY, run


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory):
    """Every experiment at the smallest scale: the output folder, and how the command ended."""
    folder = tmp_path_factory.mktemp("run") / "out"
    result = run(f"--output_dir={folder}", *TINY)
    assert result.returncode == 0, result.stderr
    return folder, result


@pytest.fixture
def images():
    """(12, 8, 8, 1) in [-1, 1]; the first lies in a corner of the pixel box."""
    pixels = np.random.default_rng(1).uniform(-1, 1, (12, 8, 8, 1)).astype(np.float32)
    pixels[0] = 1.0
    return pixels


@pytest.fixture
def labels():
    return np.arange(12, dtype=np.int32) % 3


@pytest.fixture
def network():
    """Smooth (tanh), so that finite differences are accurate; 8x8 images to 3 logits."""
    keras.utils.set_random_seed(0)
    layers = [keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, activation="tanh"), keras.layers.Flatten()]
    return keras.Sequential([*layers, keras.layers.Dense(3, kernel_initializer="he_normal")])


@pytest.fixture
def linear_network():
    """Two logits, z = x . w; its gradient is known in closed form."""
    dense = keras.layers.Dense(2, use_bias=False)
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten(), dense])
    dense.set_weights([np.random.default_rng(2).normal(size=(16, 2)).astype(np.float32)])
    return model
