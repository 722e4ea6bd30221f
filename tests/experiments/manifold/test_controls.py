"""The controls' images."""

import numpy as np

from experiments.manifold.controls import add_noise, another_of_the_same_class, pca_distance


def test_noise_has_each_image_s_size_and_stays_in_the_range():
    rng = np.random.default_rng(0)
    images = np.clip(rng.normal(-0.7, 0.6, (5, 28, 28, 1)), -1, 1).astype(np.float32)
    sizes = np.array([0.5, 2, 4, 8, 12.0])
    noisy = add_noise(images, sizes, np.random.default_rng(1))
    assert np.abs(noisy).max() <= 1
    reached = np.linalg.norm((noisy - images).reshape(5, -1), axis=1)
    np.testing.assert_allclose(reached, sizes, rtol=2e-3)
    np.testing.assert_array_equal(noisy, add_noise(images, sizes, np.random.default_rng(1)))


def test_another_of_the_same_class():
    labels = np.array([0, 1, 0, 1, 2, 0])
    other = another_of_the_same_class(labels, np.random.default_rng(0))
    np.testing.assert_array_equal(labels[other], labels)
    assert (other[:4] != np.arange(4)).all()
    assert other[4] == 4
    assert sorted(other) == list(range(6))


def test_pca_distance_is_zero_in_the_subspace_and_known_outside():
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(16, 3)))[0].T
    train = (rng.normal(size=(200, 3)) @ basis).reshape(200, 4, 4, 1).astype(np.float32)
    outside = np.linalg.qr(np.vstack([basis, rng.normal(size=16)]).T)[0][:, 3].reshape(1, 4, 4, 1)
    np.testing.assert_allclose(pca_distance(train, train[:4], 3), 0, atol=1e-4)
    np.testing.assert_allclose(pca_distance(train, train[:1] + 2 * outside, 3), 2, rtol=1e-4)
