"""The paper's layers, counted by hand."""

import numpy as np
import pytest

from models import NETWORKS, cifar_cnn, mnist_cnn


@pytest.mark.parametrize(
    ("build", "parameters"),
    [
        # 5x5: 1->32, 32->64; 14*14*64 -> 1024 -> 10
        (mnist_cnn, (25 * 32 + 32) + (25 * 32 * 64 + 64) + (14 * 14 * 64 * 1024 + 1024) + (1024 * 10 + 10)),
        # 3x3: 3->32->32->64->64; 8*8*64 -> 512 -> 10
        (
            cifar_cnn,
            (27 * 32 + 32)
            + (9 * 32 * 32 + 32)
            + (9 * 32 * 64 + 64)
            + (9 * 64 * 64 + 64)
            + (8 * 8 * 64 * 512 + 512)
            + (512 * 10 + 10),
        ),
    ],
)
def test_parameters_of_the_paper(build, parameters):
    assert build().count_params() == parameters


@pytest.mark.parametrize("build", NETWORKS.values(), ids=NETWORKS)
def test_width_and_seed(build):
    small, same, other = build(width=0.25, seed=1), build(width=0.25, seed=1), build(width=0.25, seed=2)
    assert small.layers[0].filters == 8
    for a, b, c in zip(small.get_weights(), same.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.ndim == 1 or not np.array_equal(a, c)
    kernels = [layer.get_weights()[0] for layer in small.layers if layer.weights]
    limit = np.sqrt(6 / (np.prod(kernels[1].shape[:3]) + np.prod(kernels[1].shape[:2]) * kernels[1].shape[3]))
    assert np.abs(kernels[1]).max() == pytest.approx(limit, rel=0.02)  # Glorot-uniform
    assert not any(layer.get_weights()[1].any() for layer in small.layers if layer.weights)


def test_outputs_are_logits():
    outputs = mnist_cnn(width=0.1, seed=0)(np.random.default_rng(0).normal(size=(4, 28, 28, 1)).astype(np.float32))
    assert not np.allclose(np.sum(outputs, axis=1), 1)
