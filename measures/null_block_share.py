"""Null block share: how much of a map lies where the image says nothing (BlockMNIST, Shah et al. 2021).

Source: arXiv 2102.12781. The data set `block_mnist` puts a digit above or below a null block, which is the same in all
images. So an image alone shows where its null block is: the half that equals `NULL_BLOCK`.
"""

import numpy as np

TITLE = "Null block share"
UNIT = "share of the absolute attribution"
MORE_IS_BETTER = False
CHANCE = 0.5
NEEDS = ("null block",)
PASSES = {"call": 0}


def _square_outline() -> np.ndarray:
    block = np.full((28, 28, 1), -1, np.float32)
    block[6:22, 6:22] = 1
    block[8:20, 8:20] = -1
    return block


NULL_BLOCK = _square_outline()
"""(28, 28, 1) float32: a square of 16 pixels, white lines of 2 pixels on black."""


def null_block_share(given):
    """(N,) between 0 and 1; NaN where a map is zero everywhere, or not exactly one half is the null block.

    Raises:
        ValueError: no image has a null block.
    """
    halves = np.stack([_halves(given.images), _halves(np.abs(given.maps))])
    if halves.shape[3:] != NULL_BLOCK.shape or not (is_null := _is_null(halves[0])).any():
        raise ValueError(
            "null_block_share must be given images with a null block, such as those of block_mnist. "
            f"Received: images of shape {given.images.shape[1:]}, none of which has one."
        )
    by_half = halves[1].sum(axis=(2, 3, 4), dtype=np.float64)
    whole = by_half.sum(axis=1)
    known = (whole > 0) & (is_null.sum(axis=1) == 1)
    return np.where(known, (by_half * is_null).sum(axis=1) / np.where(known, whole, 1), np.nan)


def _halves(values: np.ndarray) -> np.ndarray:
    """(N, H, W, C) -> (N, 2, H // 2, W, C): above and below."""
    count, height, *rest = values.shape
    return values[:, : height // 2 * 2].reshape(count, 2, height // 2, *rest)


def _is_null(halves: np.ndarray) -> np.ndarray:
    """(N, 2) booleans."""
    return (halves == NULL_BLOCK).all(axis=(2, 3, 4))


def null_on_top(images: np.ndarray) -> np.ndarray | None:
    """(N,) whether each image's null block is its upper half; None where not every image has exactly one."""
    halves = _halves(images)
    if halves.shape[2:] != NULL_BLOCK.shape:
        return None
    is_null = _is_null(halves)
    return is_null[:, 0] if (is_null.sum(axis=1) == 1).all() else None
