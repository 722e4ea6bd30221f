"""What the distance of adversarial examples is compared with, and how distances are taken."""

import numpy as np

CONTROLS = ("pca_latent", "pca", "blur", "mean")
"""Distances that need no VAE-GAN: to as many principal components as the latent space has, to 50, to the image's own
blur, to the mean image."""


def l2_norm(differences: np.ndarray) -> np.ndarray:
    """(N, ...) -> (N,)."""
    return np.linalg.norm(differences.reshape(len(differences), -1), axis=1)


def add_noise(images: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Images plus Gaussian noise of a given l2 size each, inside [-1, 1].

    A pixel's noise points away from the nearer end of the range where it would leave it; after
    clipping the noise is scaled again until its size is right to about a thousandth.

    Args:
        images: (N, H, W, C) in [-1, 1].
        sizes: (N,) l2 norms.
        rng: where the noise comes from.
    """
    noise = rng.normal(size=images.shape).astype(np.float32)
    scale = (sizes / np.maximum(l2_norm(noise), 1e-12)).astype(np.float32)[:, None, None, None]
    noise = np.where(np.abs(images + scale * noise) > 1, -np.sign(images) * np.abs(noise), noise)
    for _ in range(20):
        noisy = np.clip(images + scale * noise, -1, 1)
        reached = np.maximum(l2_norm(noisy - images), 1e-12)
        scale = scale * (sizes / reached).astype(np.float32)[:, None, None, None]
    return noisy


def blur_distance(images: np.ndarray, sigma: float = 1.0) -> np.ndarray:
    """(N,) l2 distances of images to their own Gaussian blur of sigma pixels."""
    return l2_norm(images - blurred(images, sigma))


def blurred(images: np.ndarray, sigma: float) -> np.ndarray:
    """Images, or maps of them, (N, H, W, C) after a Gaussian blur of sigma pixels."""
    from scipy.ndimage import gaussian_filter  # takes longer to import than a plan to make

    return gaussian_filter(images, (0, sigma, sigma, 0))


class LinearManifolds:
    """What a manifold without a network gives: principal subspaces of the training images, and their mean.

    Args:
        train_images: (N, H, W, C).
        sizes: dimensions of the subspaces, by name.
    """

    def __init__(self, train_images: np.ndarray, sizes: dict[str, int]):
        flat = train_images.reshape(len(train_images), -1)
        self.mean = flat.mean(axis=0)
        _, vectors = np.linalg.eigh(np.cov(flat, rowvar=False))
        self.bases = {name: vectors[:, -size:].astype(np.float32) for name, size in sizes.items()}

    def distances(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """(N,) l2 distances to each subspace by name, to the image's own blur ("blur") and the mean image ("mean")."""
        centred = images.reshape(len(images), -1) - self.mean
        linear = {name: l2_norm(centred - centred @ basis @ basis.T) for name, basis in self.bases.items()}
        return {**linear, "blur": blur_distance(images), "mean": l2_norm(centred)}
