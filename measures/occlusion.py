"""Which pixels to remove or keep, and what to put in their place (ROAR: Hooker et al. 2019)."""

from collections.abc import Sequence

import numpy as np


def pixel_scores(maps: np.ndarray, blur_sigma: float = 0.0, order: str = "absolute") -> np.ndarray:
    """One score per pixel: its attributions, or their absolute values, summed over the channels.

    Args:
        maps: (N, H, W, C) attributions, above 0 where a pixel speaks for the explained class.
        blur_sigma: standard deviation in pixels of a Gaussian blur of the scores; 0 is the paper.
        order: "absolute", ROAR's: the pixel that matters most, for the class or against it, comes first. "signed",
            ROAD's, insertion's and deletion's: the one that speaks most for the class first, most against it last.

    Returns:
        (N, H, W) float32; of absolute values at least 0.

    Raises:
        ValueError: another order.
    """
    if order not in ("signed", "absolute"):
        raise ValueError(f"order must be signed or absolute. Received: {order!r}.")
    scores = (maps if order == "signed" else np.abs(maps)).sum(axis=-1, dtype=np.float32)
    if not blur_sigma > 0:
        return scores
    from scipy.ndimage import gaussian_filter  # takes longer to import than a plan to make

    return gaussian_filter(scores, sigma=(0, blur_sigma, blur_sigma))


def rank_pixels(scores: np.ndarray, seed: int | Sequence[int] = 0) -> np.ndarray:
    """The rank of every pixel within its image, 0 for the highest score; ties in random order.

    Ranks, not percentile thresholds: a map with many equal scores would lose too many or too few.

    Args:
        scores: (N, H, W).
        seed: of the order among equal scores.

    Returns:
        (N, H, W) integers, each image a permutation of 0..H*W-1.
    """
    flat = scores.reshape(len(scores), -1)
    tie_breaker = np.random.default_rng(seed).random(flat.shape, dtype=np.float32)
    order = np.lexsort((tie_breaker, -flat), axis=-1)
    ranks = np.empty(flat.shape, np.int32)
    np.put_along_axis(ranks, order, np.arange(flat.shape[1], dtype=np.int32)[None], axis=-1)
    return ranks.reshape(scores.shape)


def removed_pixels(ranks: np.ndarray, percent: float, keep: bool) -> np.ndarray:
    """Boolean mask of the pixels that an occlusion removes.

    Exactly `round(percent / 100 * H * W)` pixels (half to even) count as the top ones; ROAR
    removes them, KAR (`keep`) removes all the others.
    """
    count = round(percent / 100 * ranks[0].size)
    return ranks >= count if keep else ranks < count


def occlude(images: np.ndarray, scores: np.ndarray, percent: float, keep: bool, fill, seed: int = 0) -> np.ndarray:
    """Images with their top-scored pixels removed, or with only those kept.

    Args:
        images: (N, H, W, C); not modified.
        scores: (N, H, W), larger is more important.
        percent: share of pixels that count as top, 0 to 100.
        keep: False removes the top pixels (ROAR), True removes all others (KAR).
        fill: (C,) colour of a removed pixel.
        seed: of the order among equal scores.

    Returns:
        (N, H, W, C), the images' dtype.
    """
    return fill_pixels(images, removed_pixels(rank_pixels(scores, seed), percent, keep), fill)


def fill_pixels(images: np.ndarray, removed: np.ndarray, fill) -> np.ndarray:
    """Images with the pixels of a mask (N, H, W) replaced by the colour `fill` (C,)."""
    return np.where(removed[..., None], np.asarray(fill, images.dtype), images)


def mean_colour(images: np.ndarray) -> np.ndarray:
    """(C,) float32 mean over images and pixels: what stands in for a removed pixel."""
    return images.mean(axis=(0, 1, 2), dtype=np.float64).astype(np.float32)


def rank_likeness(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(N,) rank correlation of two score maps (N, H, W) of each image; NaN where one is constant."""
    from scipy.stats import rankdata  # takes longer to import than a plan to make

    ranks = [rankdata(scores.reshape(len(scores), -1), axis=1) for scores in (first, second)]
    a, b = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))


def roughness(scores: np.ndarray) -> float:
    """Total variation per mean score: how far a map is from smooth, 0 for a constant one.

    The mean absolute difference between neighbours, down and across, over the mean score.
    """
    down = np.abs(np.diff(scores, axis=1)).mean(dtype=np.float64)
    across = np.abs(np.diff(scores, axis=2)).mean(dtype=np.float64)
    mean = scores.mean(dtype=np.float64)
    return float((down + across) / 2 / mean) if mean > 0 else 0.0
