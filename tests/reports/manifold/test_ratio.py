"""Fieller's interval: its closed forms, its coverage, and when there is none."""

import numpy as np
import pytest

from reports.evidence.statistics import estimate
from reports.manifold.ratio import ratio


def table(mean: float, by_training: float, by_image: float, rng: np.random.Generator, shape=(5, 200)) -> np.ndarray:
    """A crossed table: what trainings have in common, what images have in common, and a residual."""
    trainings, images = shape
    rows, columns = rng.normal(0, by_training, (trainings, 1)), rng.normal(0, by_image, (1, images))
    return mean + rows + columns + rng.normal(0, 0.5, shape)


def test_of_a_constant_denominator_it_is_the_numerator_s_own_interval_divided():
    rng = np.random.default_rng(0)
    numerator = table(2.0, 0.3, 1.0, rng)
    constant = np.full_like(numerator, 4.0) + 1e-9 * rng.normal(size=numerator.shape)
    plain, found = estimate(numerator), ratio(numerator, constant)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value / 4, plain.low / 4, plain.high / 4))
    assert found.by_training == pytest.approx(np.array(plain.by_training) / 4)
    assert found.p is None


def test_it_is_fieller_s_quadratic_where_images_add_nothing():
    """All images of a training alike: the textbook's set, with Student's quantile of T - 1 degrees of freedom."""
    a, b = np.array([1.0, 2.0, 4.0, 3.0]), np.array([5.0, 7.0, 8.0, 5.5])
    found = ratio(np.repeat(a[:, None], 6, axis=1), np.repeat(b[:, None], 6, axis=1))
    (vaa, vab), (_, vbb) = np.cov(a, b) / 4
    t = 3.1824463  # of 3 degrees of freedom, 97.5 %
    roots = np.roots([b.mean() ** 2 - t**2 * vbb, -2 * (a.mean() * b.mean() - t**2 * vab), a.mean() ** 2 - t**2 * vaa])
    assert (found.low, found.high) == pytest.approx(sorted(roots.real), abs=1e-6)
    assert found.value == pytest.approx(a.mean() / b.mean())


def test_what_both_have_in_common_narrows_it():
    rng = np.random.default_rng(1)
    denominator = table(4.0, 0.5, 1.0, rng)
    proportional = ratio(denominator / 2, denominator)
    assert (proportional.low, proportional.value, proportional.high) == pytest.approx((0.5, 0.5, 0.5), abs=1e-5)
    apart = ratio(table(2.0, 0.25, 0.5, rng), denominator)
    assert apart.high - apart.low > 0.1


@pytest.mark.parametrize("mean", [0.2, -4.0])
def test_there_is_none_unless_the_denominator_lies_above_0(mean):
    rng = np.random.default_rng(2)
    found = ratio(table(2.0, 0.3, 1.0, rng), table(mean, 0.5, 1.0, rng))
    assert np.isnan(found.value)
    assert (found.low, found.high) == (None, None)


def test_there_is_none_of_a_table_with_a_gap_or_of_no_training():
    rng = np.random.default_rng(3)
    numerator, denominator = table(2.0, 0.3, 1.0, rng), table(4.0, 0.5, 1.0, rng)
    numerator[1, 1] = np.nan
    assert np.isnan(ratio(numerator, denominator).value)
    assert np.isnan(ratio(numerator[:0], denominator[:0]).value)


def test_one_training_has_the_interval_of_its_images():
    rng = np.random.default_rng(4)
    found = ratio(table(2.0, 0.0, 1.0, rng, (1, 400)), table(4.0, 0.0, 1.0, rng, (1, 400)))
    assert found.low < 0.5 < found.high
    assert found.high - found.low < 0.2


@pytest.mark.parametrize(("by_training", "by_image"), [(0.4, 0.5), (0.1, 2.0)])
def test_it_covers_the_truth_in_95_of_100_runs(by_training, by_image):
    """Trainings dominate the error in the first case, images in the second."""
    rng, runs = np.random.default_rng(5), 300
    covered = 0
    for _ in range(runs):
        shared = table(0.0, by_training, by_image, rng, (5, 50))  # half of the error is in both
        found = ratio(
            shared + table(1.5, by_training, by_image, rng, (5, 50)),
            shared + table(5.0, by_training, by_image, rng, (5, 50)),
        )
        covered += found.low < 0.3 < found.high
    assert 0.92 < covered / runs < 0.985
