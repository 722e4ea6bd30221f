"""ROAD's imputation in one graph against assembling and solving the equations image by image with SciPy.

The official code (tleemann/road_evaluation) assembles them in a list of lists, one neighbour after the other, and the
diagonal last; from whole arrays is faster.
"""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.measure import Comparison, compare

IMAGES, SHARES = 1000, (0.1, 0.5, 0.9)


def run() -> Iterator[Comparison]:
    from measures.imputation import impute

    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (IMAGES, 32, 32, 3)).astype(np.float32)
    for share in SHARES:
        removed = rng.random((IMAGES, 32, 32)) < share
        candidates = {
            "ours": lambda removed=removed: impute(images, removed),
            "SciPy, image by image": lambda removed=removed: [
                solve(*one, from_arrays) for one in zip(images, removed, strict=True)
            ],
            "SciPy, image by image, assembled as in the official code": lambda removed=removed: [
                solve(*one, from_lists) for one in zip(images, removed, strict=True)
            ],
        }
        yield from compare(f"imputation, 32x32x3, {share:.0%} of the pixels removed", candidates, IMAGES, "images")


Entries = list[tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Rows, columns and values of a part of a matrix's entries each."""


def from_arrays(entries: Entries, size: int):
    from scipy.sparse import csc_matrix

    rows, columns, values = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    return csc_matrix((values, (rows, columns)), shape=(size, size))


def from_lists(entries: Entries, size: int):
    from scipy.sparse import lil_matrix

    matrix = lil_matrix((size, size))
    for rows, columns, values in entries:
        matrix[rows, columns] = values
    return matrix.tocsc()


def solve(image: np.ndarray, removed: np.ndarray, assemble: Callable) -> np.ndarray:
    """One image's equations, assembled and solved."""
    from scipy.sparse.linalg import spsolve

    height, width, _ = image.shape
    count = int(removed.sum())
    place = np.full((height + 2, width + 2), -1)
    place[1:-1, 1:-1][removed] = np.arange(count)
    inside = np.zeros((height + 2, width + 2))
    inside[1:-1, 1:-1] = 1
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    y, x = np.nonzero(removed)
    weights, right, entries = np.zeros(count), np.zeros((count, image.shape[2])), []
    steps = [(a, b, 1 / 12 if a and b else 1 / 6) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
    for a, b, weight in steps:
        weights += weight * inside[y + 1 + a, x + 1 + b]
    for a, b, weight in steps:
        share = weight * inside[y + 1 + a, x + 1 + b] / weights
        neighbour = place[y + 1 + a, x + 1 + b]
        unknown = neighbour >= 0
        entries.append((np.flatnonzero(unknown), neighbour[unknown], -share[unknown]))
        right += np.where(unknown, 0, share)[:, None] * padded[y + 1 + a, x + 1 + b]
    entries.append((np.arange(count), np.arange(count), np.ones(count)))
    filled = image.copy()
    filled[removed] = spsolve(assemble(entries, count), right).reshape(count, -1)
    return filled
