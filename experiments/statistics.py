"""Intervals and correlations. Every interval covers 95 % and says what was resampled."""

import functools

import numpy as np
from scipy import stats

from experiments.claim import Estimate

BOOTSTRAP_SAMPLES = 2000
MIN_NETWORKS = 6
"""Below this many networks a bootstrap of a correlation is meaningless, and none is given."""


def mean_estimate(values: np.ndarray, seed: int = 0) -> Estimate:
    """The mean of a table of repetitions by images, with both resampled.

    Rows and columns are drawn with replacement independently of each other, as befits a crossed
    design (the pigeonhole bootstrap, Owen 2007, arXiv 0712.1111). With one repetition the
    interval covers the choice of test images alone.

    Args:
        values: (repetitions, images).
        seed: of the resampling.
    """
    low, high = np.quantile(resampled_means(values, seed), (0.025, 0.975))
    return Estimate(float(values.mean()), float(low), float(high))


def resampled_means(values: np.ndarray, seed: int = 0) -> np.ndarray:
    """(samples,) means of a table as in `mean_estimate`; tables of one shape are drawn from alike."""
    repeats, images = values.shape
    rows, columns = _draws(repeats, seed), _draws(images, seed + 1)
    return (rows * (columns @ values.T.astype(np.float32))).sum(axis=1) / (repeats * images)


def difference_estimate(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Estimate:
    """The mean of `first` minus that of `second`, over the images known in each, with images resampled.

    Both means are taken of the same drawn images, so that what is common to both cancels.

    Args:
        first, second: (N,) values of the same N images; NaN where an image does not count.
        seed: of the resampling.

    Returns:
        The difference; NaN without an interval where no image counts in one of them.
    """
    counts = [np.isfinite(values) for values in (first, second)]
    if not all(known.any() for known in counts):
        return Estimate(float("nan"), None, None)
    draws = _draws(len(first), seed + 1)
    sums = [draws @ np.nan_to_num(values).astype(np.float32) for values in (first, second)]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [total / (draws @ known.astype(np.float32)) for total, known in zip(sums, counts, strict=True)]
    low, high = np.nanquantile(means[0] - means[1], (0.025, 0.975))
    return Estimate(float(np.nanmean(first) - np.nanmean(second)), float(low), float(high))


@functools.lru_cache(maxsize=4)  # 95 MB each for a test set of 12,000
def _draws(count: int, seed: int) -> np.ndarray:
    """(samples, count): how often each unit was drawn; the same for every table of one shape."""
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), BOOTSTRAP_SAMPLES)
    return drawn.astype(np.float32)


def correlation_estimates(x: np.ndarray, y: np.ndarray, seed: int = 0) -> tuple[Estimate, Estimate]:
    """Pearson's and Spearman's correlation over networks, with the networks resampled.

    Returns:
        The linear and the rank correlation; NaN where x or y is constant or has one entry.
    """
    x, y = np.asarray(x), np.asarray(y)
    return _correlation(_pearson, x, y, seed), _correlation(_spearman, x, y, seed)


def _correlation(statistic, x: np.ndarray, y: np.ndarray, seed: int) -> Estimate:
    value = float(statistic(x, y))
    if len(x) < MIN_NETWORKS or np.isnan(value):
        return Estimate(value, None, None)
    resamples = np.random.default_rng(seed).integers(len(x), size=(BOOTSTRAP_SAMPLES, len(x)))
    low, high = np.nanquantile(statistic(x[resamples], y[resamples]), (0.025, 0.975))
    return Estimate(value, float(low), float(high))


def _pearson(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Along the last axis; NaN for a constant."""
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (x * y).sum(axis=-1) / np.sqrt((x**2).sum(axis=-1) * (y**2).sum(axis=-1))


def _spearman(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return _pearson(stats.rankdata(x, axis=-1), stats.rankdata(y, axis=-1))
