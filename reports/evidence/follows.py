"""Which of two quantities a third follows more closely over networks, and how often chance alone would say so."""

import numpy as np
from scipy import stats

from reports.evidence.statistics import rank_correlation


def partial_rank_correlation(x: np.ndarray, y: np.ndarray, control: np.ndarray) -> np.ndarray:
    """Spearman's of x and y, along the last axis, with that of each with the control taken out.

    0 where the control explains one of them wholly, NaN for a constant.
    """
    xy, xc, yc = rank_correlation(x, y), rank_correlation(x, control), rank_correlation(y, control)
    left = (1 - xc**2) * (1 - yc**2)
    explained = left < 1e-9
    return np.where(explained, 0.0, (xy - xc * yc) / np.sqrt(np.where(explained, 1.0, left)))


def closer_follower(y: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How much closer y follows the first than the second, each with the other one taken out: of sizes, not signs."""
    return np.abs(partial_rank_correlation(y, first, second)) - np.abs(partial_rank_correlation(y, second, first))


def exchange_p(y: np.ndarray, first: np.ndarray, second: np.ndarray, draws: int = 2000, seed: int = 0) -> float:
    """Two-sided p of `closer_follower`'s mean over rows, if it did not matter which of the two is which.

    For random networks, the same in every row, the ranks of the two are exchanged, the second's turned round where
    they run against the first's: exchanged as they are, two that say the same would become two that say nothing.

    Args:
        y, first, second: (T, K), for each of T trainings K networks.
    """
    turned = -second if rank_correlation(first, second).mean() < 0 else second
    one, other = (stats.rankdata(values, axis=-1) for values in (first, turned))
    observed = abs(float(np.mean(closer_follower(y, one, other))))
    swaps = np.random.default_rng(seed).random((draws, 1, y.shape[1])) < 0.5
    everywhere = np.broadcast_to(y, (draws, *y.shape))
    drawn = closer_follower(everywhere, np.where(swaps, other, one), np.where(swaps, one, other)).mean(axis=1)
    return float((1 + (np.abs(drawn) >= observed - 1e-12).sum()) / (1 + draws))
