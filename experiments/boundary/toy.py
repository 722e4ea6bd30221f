"""The toy's points, and the geometry of a boundary between its classes."""

from typing import NamedTuple

import numpy as np

# Source: protocol, Section 2.2.
MEAN = np.array([1.2, 0.1])
"""Of class one; class zero's is its negative."""
COVARIANCE = np.array([[0.1, -0.01], [-0.01, 0.002]])


class Draw(NamedTuple):
    """Points of both classes, for every seed.

    Attributes:
        points: (R, 2 N, 2), scaled so that the training points of each seed span [-1, 1].
        labels: (2 N,) first N zeros, then N ones.
    """

    points: np.ndarray
    labels: np.ndarray

    def of(self, label: int) -> np.ndarray:
        """(R, N, 2) points of one class."""
        return self.points[:, self.labels == label]


def draw(count: int, seeds: list[int]) -> tuple[Draw, Draw]:
    """Training and test points of every seed, `count` of each class in each."""
    labels = np.repeat([0, 1], count)
    splits: tuple[list[np.ndarray], list[np.ndarray]] = [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        pair = [
            np.concatenate([rng.multivariate_normal(sign * MEAN, COVARIANCE, count) for sign in (-1, 1)])
            for _ in splits
        ]
        # Both coordinates and both classes by one scale: angles stay what they were.
        lowest, highest = pair[0].min(), pair[0].max()
        for points, split in zip(pair, splits, strict=True):
            split.append(2 * (points - lowest) / (highest - lowest) - 1)
    training, test = (Draw(np.stack(split).astype(np.float32), labels) for split in splits)
    return training, test


def low_variance_direction(points: np.ndarray) -> np.ndarray:
    """(2,) unit vector along which points (N, 2) vary least."""
    return np.linalg.eigh(np.cov(points.T))[1][:, 0]


def mahalanobis(points: np.ndarray, distribution: np.ndarray) -> np.ndarray:
    """(R, N) distances of points (R, N, 2) from samples of a distribution (R, M, 2), in standard deviations."""
    offsets = points - distribution.mean(axis=1, keepdims=True)
    precisions = np.stack([np.linalg.inv(np.cov(samples.T)) for samples in distribution])
    return np.sqrt(np.einsum("rni,rij,rnj->rn", offsets, precisions, offsets))


def tilt(normals: np.ndarray, data: Draw) -> np.ndarray:
    """(R,) angles in degrees between boundary normals (R, 2) and the line joining the class means.

    NaN for a network whose boundary no segment crosses. Above 0 when the normal turns towards the
    side on which linear discriminant analysis, which trusts the low-variance direction, would put it.
    """
    line = unit(data.of(1).mean(axis=1) - data.of(0).mean(axis=1))
    covariances = np.stack([np.cov(points.T) for points in centred(data)])
    towards = np.sign(_cross(line, np.linalg.solve(covariances, line[..., None])[..., 0]))
    angles = np.degrees(np.arctan2(_cross(line, normals), (line * normals).sum(axis=-1))) * towards
    return np.where((normals == 0).all(axis=-1), np.nan, angles)


def centred(data: Draw) -> np.ndarray:
    """(R, 2 N, 2) points minus the mean of their class."""
    return np.concatenate([data.of(k) - data.of(k).mean(axis=1, keepdims=True) for k in (0, 1)], axis=1)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-30)


def rows(points: np.ndarray) -> np.ndarray:
    """(R, N, 2) to (R N, 2), as `side_by_side` takes them; its callers give every network as many."""
    return points.reshape(-1, 2).astype(np.float32)
