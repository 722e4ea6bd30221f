"""Estimates over independent trainings, with test images crossed. Every interval covers 95 %.

The unit of inference is a training. Each of them gives a statistic; all are measured on the same test images, which
were drawn too. So an estimate has two errors that do not average out together: how much trainings differ, known from
as many numbers as there are trainings, and how much images differ, known from thousands.
"""

import bisect
import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from scipy import optimize, special, stats

from reports.evidence.claim import LEVEL, UNKNOWN, Estimate

POWER = 0.8
"""With which the smallest detectable effect would be found."""
_STEP = 1e-4


def estimate(values: np.ndarray) -> Estimate:
    """The mean of a table of trainings by images, both of them drawn from many.

    The variance of the mean is that of a crossed design: MS(trainings) / (T N), which holds the residual, and what
    images add to it, (MS(images) - MS(residual)) / (T N), if that is above 0. Its error is distributed as the sum of
    Student's t of T - 1 degrees of freedom and of a normal variable (Behrens and Fisher). A percentile bootstrap over
    few trainings covers 74 to 87 % instead (`tests/reports/evidence/test_statistics.py` has the coverage of both).

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
    half, found = spread.quantile(0.975), spread.detectable(LEVEL)
    return Estimate(value, value - half, value + half, spread.p(abs(value)), found, by_training, image_error)


def detectable(by_training: tuple[float, ...], image_error: float, level: float = LEVEL) -> float:
    """The smallest effect that 80 % of such runs would find, its two-sided p below the level.

    level: of one test; where it is one of many that are corrected for, that which is left for it.
    """
    return _Spread(by_training, image_error).detectable(level)


def trainings_needed(by_training: tuple[float, ...], image_error: float, level: float, most: int) -> int | None:
    """With how many trainings 80 % of such runs would find an effect of the measured size; None if `most` are too few.

    Trainings vary as those that were measured do, and the test images are the same number.
    """
    effect = abs(float(np.mean(by_training)))

    def finds(trainings: int) -> bool:
        return _Spread(by_training, image_error, trainings).detectable(level) <= effect

    return bisect.bisect_left(range(most + 1), True, lo=2, key=finds) if finds(most) else None


class _Spread:
    """How the error of a mean over trainings and images is distributed: as Behrens and Fisher have it.

    It is the sum of what trainings add, Student's t times its standard error, and of what images add, normal. Given the
    variance of trainings it is normal, and that variance has the distribution that Student's t gives it. So chances are
    means over `_variances` of normal ones. Where only trainings differ this is Student's t; where only images do, or of
    one training, it is the normal distribution.

    Args:
        by_training: the number in each training.
        image_error: what the choice of images adds to the error.
        trainings: for how many trainings, which vary as those do; None for those themselves.
    """

    def __init__(self, by_training: tuple[float, ...], image_error: float, trainings: int | None = None):
        variance = float(np.var(by_training, ddof=1)) if len(by_training) > 1 else 0.0
        rows = trainings or len(by_training)
        self.error = math.hypot(math.sqrt(variance / rows), image_error)
        ratios, self._weights = _variances(max(rows - 1, 1))
        self._sizes = np.sqrt(ratios * variance / rows + image_error**2)

    def p(self, distance: float) -> float:
        """Two-sided: how probable an error of this size or a larger one is."""
        return min(1.0, 2 * float(self._weights @ special.ndtr(-distance / self._sizes)))

    def quantile(self, probability: float) -> float:
        """Of the error, at or above its median."""
        if not self.error:
            return 0.0
        chance, most = 2 * (1 - probability), 2 * self.error
        while self.p(most) > chance:
            most *= 2
        return float(optimize.brentq(lambda distance: self.p(distance) - chance, 0.0, most, xtol=1e-9 * most))

    def detectable(self, level: float) -> float:
        """As the function of that name."""
        return self.quantile(1 - level / 2) + self.quantile(POWER)


@cache
def _variances(freedom: int) -> tuple[np.ndarray, np.ndarray]:
    """True variances over the estimated one, and how probable each is: `freedom` over a chi-squared variable.

    The trapezoid rule over its logarithm, from where one part in 10^12 lies below.
    """
    logarithms = np.linspace(-55 / freedom, math.log(freedom + 10 * math.sqrt(2 * freedom) + 40), 240)
    weights = np.exp(stats.chi2.logpdf(np.exp(logarithms), freedom) + logarithms)
    return freedom / np.exp(logarithms), weights / weights.sum()


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
        gradient = np.array([_derivative(function, at, place) for place in range(len(at))])
        shares.append(function(at) + gradient @ (stack[:, row] - at[:, None]))
    return estimate(np.array(shares))


def _derivative(function: Callable[[np.ndarray], float], at: np.ndarray, place: int) -> float:
    step = np.zeros_like(at)
    step[place] = _STEP
    return (function(at + step) - function(at - step)) / (2 * _STEP)


def trend(x: Sequence[np.ndarray], y: Sequence[np.ndarray]) -> Estimate:
    """The least-squares slope of y over x, across K networks, in each training: a training is one number of a trend.

    Slopes that rise in one training and fall in the next are no trend, however well networks line up in each.

    Args:
        x, y: K tables (T, N) each, rows of the same trainings.
    """
    return function_estimate(lambda means: least_squares_slope(*np.split(means, 2)), [*x, *y])


def least_squares_slope(x: np.ndarray, y: np.ndarray) -> float:
    """Of y over x, (K,) each; NaN where x is constant."""
    x = x - x.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        return float((x * y).sum() / (x**2).sum())


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
    quantile = _Spread(found.by_training, found.image_error).quantile(max(probability, 1 - probability))
    return found.value + math.copysign(quantile, probability - 0.5)


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
    distance = abs(math.atanh(found.value)) * (1 - found.value**2)
    p = _Spread(found.by_training, found.image_error).p(distance) if distance else 1.0
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
