"""The controls' images."""

import numpy as np
from scipy.ndimage import gaussian_filter

from experiments.manifold.controls import LinearManifolds, add_noise, blur_distance


def test_noise_has_each_image_s_size_and_stays_in_the_range():
    rng = np.random.default_rng(0)
    images = np.clip(rng.normal(-0.7, 0.6, (5, 28, 28, 1)), -1, 1).astype(np.float32)
    sizes = np.array([0.5, 2, 4, 8, 12.0])
    noisy = add_noise(images, sizes, np.random.default_rng(1))
    assert np.abs(noisy).max() <= 1
    reached = np.linalg.norm((noisy - images).reshape(5, -1), axis=1)
    np.testing.assert_allclose(reached, sizes, rtol=2e-3)
    np.testing.assert_array_equal(noisy, add_noise(images, sizes, np.random.default_rng(1)))


def test_distance_to_a_subspace_is_zero_in_it_and_known_outside():
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(16, 3)))[0].T
    train = (rng.normal(size=(200, 3)) @ basis).reshape(200, 4, 4, 1).astype(np.float32)
    outside = np.linalg.qr(np.vstack([basis, rng.normal(size=16)]).T)[0][:, 3].reshape(1, 4, 4, 1)
    linear = LinearManifolds(train, {"three": 3})
    np.testing.assert_allclose(linear.distances(train[:4])["three"], 0, atol=1e-4)
    np.testing.assert_allclose(linear.distances(train[:1] + 2 * outside)["three"], 2, rtol=1e-4)


def test_linear_distances_equal_a_direct_computation():
    rng = np.random.default_rng(1)
    train = (rng.normal(size=(60, 36)) @ rng.normal(size=(36, 36))).reshape(60, 6, 6, 1).astype(np.float32)
    images = rng.normal(size=(7, 6, 6, 1)).astype(np.float32)
    found = LinearManifolds(train, {"few": 2, "more": 9}).distances(images)
    assert set(found) == {"few", "more", "blur", "mean"}

    flat, mean = images.reshape(7, 36), train.reshape(60, 36).mean(axis=0)
    components = np.linalg.svd(train.reshape(60, 36) - mean, full_matrices=False)[2]
    for name, size in (("few", 2), ("more", 9)):
        for image, distance in zip(flat, found[name], strict=True):
            coefficients = np.linalg.lstsq(components[:size].T, image - mean, rcond=None)[0]
            nearest = mean + components[:size].T @ coefficients
            np.testing.assert_allclose(distance, np.linalg.norm(image - nearest), rtol=1e-4)
    np.testing.assert_allclose(found["mean"], np.linalg.norm(flat - mean, axis=1), rtol=1e-5)
    assert (found["more"] <= found["few"]).all()
    assert (found["few"] <= found["mean"] * (1 + 1e-6)).all()
    for image, distance in zip(images, found["blur"], strict=True):
        blurred = gaussian_filter(image[..., 0], 1.0)
        np.testing.assert_allclose(np.linalg.norm(image[..., 0] - blurred), distance, rtol=1e-5)


def test_blur_distance_is_zero_for_a_flat_image_and_grows_with_its_contrast():
    rng = np.random.default_rng(0)
    image = rng.normal(size=(1, 8, 8, 3))
    assert blur_distance(np.full((1, 8, 8, 3), 0.3)) < 1e-6
    np.testing.assert_allclose(blur_distance(3 * image), 3 * blur_distance(image))
