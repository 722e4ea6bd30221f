"""Estimates over independent trainings, with test images crossed. Every interval covers 95 %.

The unit of inference is a training. Each of them gives a statistic; all are measured on the same test images, which
were drawn too. So an estimate has two errors that do not average out together: how much trainings differ, known from
as many numbers as there are trainings, and how much images differ, known from thousands.
"""

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy import optimize, special, stats

from reports.evidence.claim import LEVEL, UNKNOWN, Estimate

POWER = 0.8
"""With which the smallest detectable effect would be found."""
PERMUTATIONS = 10_000
_STEP = 1e-4


def estimate(values: np.ndarray) -> Estimate:
    """The mean of a table of trainings by images, both of them drawn from many.

    The variance of the mean is that of a crossed design: MS(trainings) / (T N), which holds the residual, and what
    images add to it, (MS(images) - MS(residual)) / (T N), if that is above 0. The quantile is Cochran's (1964): the
    t-quantile of T - 1 degrees of freedom and the normal one, weighted by the two variances. A percentile bootstrap
    over few trainings covers 74 to 87 % instead (`tests/reports/evidence/test_statistics.py` has the coverage of both).

    Args:
        values: (T, N). One training alone says nothing of how trainings differ: the interval then covers the choice
            of images, and there is no p.

    Returns:
        Unknown where the table is empty or holds a NaN.
    """
    if not values.size or not np.isfinite(values).all():
        return UNKNOWN
    rows, images = values.shape
    by_row, by_image = values.mean(axis=1), values.mean(axis=0)
    mean = float(by_row.mean())
    of_images = by_image.var(ddof=1) / images if images > 1 else 0.0
    if rows == 1:
        half = float(special.ndtri(0.975)) * math.sqrt(of_images)
        return Estimate(mean, mean - half, mean + half, None, None, (mean,), math.sqrt(of_images))
    residual = values - by_row[:, None] - by_image + mean
    of_residual = (residual**2).sum() / ((rows - 1) * max(images - 1, 1)) / (rows * images)
    return combined(tuple(by_row.tolist()), math.sqrt(max(of_images - of_residual, 0.0)))


def covered(trainings: int, images: int, of: str = "") -> str:
    """What an interval is about, in words. of: what is trained, if not networks alone."""
    if trainings > 1:
        return f"{trainings} trainings{of and f' of {of}'}, {images:,} test images crossed"
    return f"these networks alone, {images:,} test images resampled"


def combined(by_training: tuple[float, ...], image_error: float) -> Estimate:
    """An estimate from the number in each of at least two trainings, and from what images add to the mean's error.

    Trainings that all give one number say nothing of how others would differ: no interval and no p, but for 0.
    """
    value, spread = float(np.mean(by_training)), _Spread(by_training, image_error)
    if spread.error == 0 and value == 0:
        return Estimate(value, value, value, 1.0, 0.0, by_training, image_error)
    if spread.error == 0 or not math.isfinite(spread.error):
        return Estimate(value, None, None, None, None, by_training, image_error)
    half, p = spread.quantile(0.975) * spread.error, _p(abs(value) / spread.error, spread.quantile)
    found = detectable(by_training, image_error)
    return Estimate(value, value - half, value + half, p, found, by_training, image_error)


def detectable(by_training: tuple[float, ...], image_error: float, level: float = LEVEL) -> float:
    """The smallest effect that 80 % of such runs would find, its two-sided p below the level.

    level: of one test; where it is one of many that are corrected for, that which is left for it.
    """
    spread = _Spread(by_training, image_error)
    return (spread.quantile(1 - level / 2) + spread.quantile(POWER)) * spread.error


class _Spread:
    """The error of a mean over trainings and images, and its quantiles after Cochran (1964).

    Of one training it is the error over images alone.
    """

    def __init__(self, by_training: tuple[float, ...], image_error: float):
        rows = len(by_training)
        of_rows, of_images = float(np.var(by_training, ddof=1)) / rows if rows > 1 else 0.0, image_error**2
        self.error = math.sqrt(of_rows + of_images)
        self._freedom, self._share = max(rows - 1, 1), of_rows / (of_rows + of_images) if self.error else 1.0

    def quantile(self, probability: float) -> float:
        few, many = special.stdtrit(self._freedom, probability), special.ndtri(probability)  # of Student and Gauss
        return float(self._share * few + (1 - self._share) * many)


def majority(happened: np.ndarray) -> Estimate:
    """In how large a share of trainings something happened, above one half: the binomial test, exactly.

    For what single trainings have or have not, or have with a tail so heavy that a mean hangs on a few of them.

    Args:
        happened: (T,) booleans. Fewer than two say nothing of how trainings differ.
    """
    count = len(happened)
    if count < 2:
        return UNKNOWN
    test = stats.binomtest(int(happened.sum()), count)
    known = test.proportion_ci(0.95)
    by_training = tuple((np.asarray(happened, float) - 0.5).tolist())
    found = float(np.mean(by_training))
    least = _majority_found(count)
    return Estimate(found, known.low - 0.5, known.high - 0.5, test.pvalue, least, by_training, own_test=True)


def _majority_found(count: int) -> float | None:
    """The smallest share above one half that so many trainings would have found; None where not even all would do."""
    enough = [most for most in range(count + 1) if 2 * most > count and stats.binomtest(most, count).pvalue < 0.05]
    if not enough:
        return None
    share = optimize.brentq(lambda share: stats.binom.sf(enough[0] - 1, count, share) - POWER, 0.5, 1 - 1e-12)
    return float(share) - 0.5


def _p(distance: float, quantile: Callable[[float], float]) -> float:
    """Two-sided: how probable a value this far from 0 or farther is, by the same quantiles as the interval."""
    if distance == 0:
        return 1.0
    least = 1e-9
    if quantile(1 - least) <= distance:
        return 2 * least
    upper = optimize.brentq(lambda probability: quantile(probability) - distance, 0.5, 1 - least)
    return 2 * (1 - upper)


def function_estimate(function: Callable[[np.ndarray], float], tables: Sequence[np.ndarray]) -> Estimate:
    """A smooth function of the means of several tables, for each training, such as a slope or a correlation.

    What images add is linearised: each image's share of the function's value is its gradient times the image's
    distances from the means (the delta method).

    Args:
        function: (K,) means -> number.
        tables: K tables (T, N), rows of the same trainings.
    """
    stack = np.stack(tables)
    means = stack.mean(axis=2)
    shares = []
    for row in range(stack.shape[1]):
        at = means[:, row]
        gradient = np.array([_slope(function, at, place) for place in range(len(at))])
        shares.append(function(at) + gradient @ (stack[:, row] - at[:, None]))
    return estimate(np.array(shares))


def _slope(function: Callable[[np.ndarray], float], at: np.ndarray, place: int) -> float:
    step = np.zeros_like(at)
    step[place] = _STEP
    return (function(at + step) - function(at - step)) / (2 * _STEP)


def beyond(first: np.ndarray, *others: np.ndarray) -> Estimate:
    """The mean of the first table minus the largest mean of the others, corrected for choosing the largest.

    It is the least of several differences. Above 0 lies the least if each difference does, so that the low end is the
    lowest of theirs and p the largest (an intersection-union test). Below 0 it lies if any does: the high end is the
    lowest of theirs, and p the smallest, by Bonferroni over the differences.

    Args:
        first, others: (T, N), rows of the same trainings.
    """
    differences = [estimate(first - other) for other in others]
    if len(others) == 1 or UNKNOWN in differences:
        return differences[0] if len(others) == 1 else UNKNOWN
    least = min(differences, key=lambda found: found.value)._replace(own_test=True)
    if any(found.low is None for found in differences):
        return least._replace(low=None, high=None, p=None, detectable=None)
    low, high = (min(_end(found, u) for found in differences) for u in (0.025, 1 - 0.025 / len(others)))
    above, below = ([found.p or 0.0 for found in differences if (found.value < 0) == lies] for lies in (False, True))
    p = min(1.0, len(others) * min(below)) if below else max(above)
    return least._replace(low=low, high=high, p=p if len(first) > 1 else None)


def _end(found: Estimate, probability: float) -> float:
    """A quantile of what an estimate is of."""
    spread = _Spread(found.by_training, found.image_error)
    return found.value + spread.quantile(probability) * spread.error


def share(values: np.ndarray) -> Estimate:
    """A share, such as an accuracy, with its interval on the logit scale, inside [0, 1].

    It has no p, as nobody asks whether a share is 0.

    Args:
        values: (T, N) of 0 and 1, or of shares.
    """
    return _inside(estimate(values), 0.0, 1.0)._replace(p=None, detectable=None)


def correlated(function: Callable[[np.ndarray], float], tables: Sequence[np.ndarray]) -> Estimate:
    """As `function_estimate` for a correlation, with its interval and p on Fisher's z scale, inside [-1, 1].

    Args:
        function: (K,) means -> a correlation, or the mean of several.
        tables: K tables (T, N), rows of the same trainings.
    """
    found = _inside(function_estimate(function, tables), -1.0, 1.0)
    if found.p is None:
        return found
    spread = _Spread(found.by_training, found.image_error)
    error = spread.error / (1 - found.value**2)
    p = _p(abs(math.atanh(found.value)) / error, spread.quantile) if error else 1.0
    return found._replace(p=p, detectable=None, own_test=True)


def _inside(found: Estimate, least: float, most: float) -> Estimate:
    """An estimate of what lies between two bounds, its interval made on the scale of log((x - least) / (most - x)).

    That is the logit of a share, and twice Fisher's z of a correlation. An error there is the error here times the
    scale's slope at the estimate (the delta method). At a bound itself there is no interval: all that was seen is
    alike, and nothing says how others would differ.
    """
    if found.low is None or found.high is None:
        return found
    below, above = found.value - least, most - found.value
    if min(below, above) < 1e-9:
        return found._replace(low=None, high=None, p=None, detectable=None)
    at, half = math.log(below / above), (found.high - found.value) * (most - least) / (below * above)
    low, high = (least + (most - least) * float(special.expit(end)) for end in (at - half, at + half))
    return found._replace(low=low, high=high)


def clipped(found: Estimate, low: float, high: float) -> Estimate:
    """An estimate whose interval ends where its values do."""
    if found.low is None or found.high is None:
        return found
    return found._replace(low=max(low, found.low), high=min(high, found.high))


def known_difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """(T, N) shares of the mean of `first` minus that of `second`, each over the images that count in it.

    Args:
        first, second: (T, N); NaN where an image does not count. Rows in which nothing counts are left out.
    """
    return known_sum([first, -second])


def known_sum(tables: Sequence[np.ndarray]) -> np.ndarray:
    """(T, N) shares of the sum of the means of several tables, each over the images that count in it.

    Args:
        tables: (T, N) each; NaN where an image does not count. Rows in which nothing counts in one are left out.
    """
    there = np.all([np.isfinite(table).any(axis=1) for table in tables], axis=0)
    return np.sum([_known_shares(table[there]) for table in tables], axis=0)


def known_mean(values: np.ndarray) -> np.ndarray:
    """(T, N) shares of the mean over the images that count; NaN where one does not."""
    return known_sum([values])


def _known_shares(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    means = np.nanmean(values, axis=1, keepdims=True) if len(values) else np.empty((0, 1))
    weight = known / np.maximum(known.mean(axis=1, keepdims=True), 1e-12)
    return means + weight * (np.nan_to_num(values) - means)


def permutation_p(x: np.ndarray, y: np.ndarray, seed: int = 0) -> float:
    """Two-sided p of a correlation that x and y have in every row, if y had nothing to do with x.

    Within each row the values of y are exchanged with each other; all ways where they are few.

    Args:
        x: (K,) or (T, K).
        y: (T, K), for each of T trainings K networks.
    """
    y = np.atleast_2d(y)
    x = np.broadcast_to(x, y.shape)
    observed = abs(correlation(x, y).mean())
    rows, networks = y.shape
    if rows == 1 and networks <= 7:
        orders = np.array(list(itertools.permutations(range(networks))))
        drawn = correlation(x, y[0][orders])
        return float((np.abs(drawn) >= observed - 1e-12).mean())
    rng = np.random.default_rng(seed)
    keys = rng.random((PERMUTATIONS, rows, networks)).argsort(axis=-1)
    drawn = correlation(x, np.take_along_axis(np.broadcast_to(y, keys.shape), keys, axis=-1)).mean(axis=1)
    return float((1 + (np.abs(drawn) >= observed - 1e-12).sum()) / (1 + PERMUTATIONS))


def correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's, along the last axis; NaN for a constant."""
    x = x - x.mean(axis=-1, keepdims=True)
    y = y - y.mean(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (x * y).sum(axis=-1) / np.sqrt((x**2).sum(axis=-1) * (y**2).sum(axis=-1))


def rank_agreement(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(T,) Kendall's tau-b of the rows of x and y, (T, K) each; NaN for a constant."""
    return np.array([stats.kendalltau(*rows).statistic for rows in zip(x, y, strict=True)])


def rank_correlation(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Spearman's, along the last axis; NaN for a constant."""
    return correlation(stats.rankdata(x, axis=-1), stats.rankdata(y, axis=-1))
