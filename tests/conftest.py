"""Small networks and data that every test can share."""

import json
import os
import subprocess

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from filelock import FileLock

from models import cifar_cnn
from tests.command_line import TINY, run


def pytest_collection_modifyitems(items):
    """Begins with the slow tests: one of them left to the end would keep one core waiting for the other."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory, worker_id):
    """Every experiment at the smallest scale, run once for all workers: its folder, and how the command ended."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    folder, ended = shared / "tiny_run", shared / "tiny_run.json"
    with FileLock(shared / "tiny_run.lock"):
        if not ended.exists():
            result = run(f"--output_dir={folder}", *TINY)
            ended.write_text(json.dumps([result.args, result.returncode, result.stdout, result.stderr]))
    result = subprocess.CompletedProcess(*json.loads(ended.read_text()))
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


@pytest.fixture(scope="session")
def trained_cnn():
    """The paper's network for CIFAR-10 at a tenth of its width, trained to tell brighter halves apart."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=200)
    images = rng.uniform(-1, 0.6, (200, 16, 16, 3)).astype(np.float32)
    images[labels == 0, :8] += 0.4
    images[labels == 1, 8:] += 0.4
    network = cifar_cnn(width=0.1, seed=0, input_shape=(16, 16, 3), classes=3)
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    network.fit(images, labels, batch_size=20, epochs=6, verbose=0)
    return network
