"""Intervals in closed form and with known coverage, p that agree with them, and correlations with known values."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.statistics import (
    beyond,
    clipped,
    combined,
    correlated,
    correlation,
    covered,
    detectable,
    estimate,
    function_estimate,
    known_difference,
    known_mean,
    known_sum,
    majority,
    rank_correlation,
    share,
    trainings_needed,
    trend,
)
from tests.reports.evidence.simulated import crossed_p

RNG = np.random.default_rng(0)


def table(rows, images, of_rows=1.0, of_images=1.0, of_residual=1.0, mean=0.0, rng=RNG):
    """Rows and images, each with effects of its own."""
    return (
        mean
        + rng.normal(0, of_rows, (rows, 1))
        + rng.normal(0, of_images, images)
        + rng.normal(0, of_residual, (rows, images))
    )


# Closed forms


def test_one_row_has_the_textbook_interval_of_a_mean_and_no_p():
    values = np.random.default_rng(0).normal(0.3, 1.0, (1, 4000))
    found = estimate(values)
    half = 1.96 * values.std(ddof=1) / np.sqrt(4000)
    assert found.value == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=1e-5)
    assert (found.p, found.detectable) == (None, None)
    assert found.by_training == pytest.approx((values.mean(),))
    assert found.image_error == pytest.approx(values.std(ddof=1) / np.sqrt(4000))


def test_two_rows_by_hand():
    found = estimate(np.array([[1.0, 2.0, 6.0], [2.0, 4.0, 9.0]]))
    # means of rows 3 and 5, of images 1.5, 3 and 7.5; residuals 0.5, 0, -0.5 and their opposites
    of_rows = 2 / 2
    of_images = (2.5**2 + 1 + 3.5**2) / 2 / 3
    of_residual = 4 * 0.5**2 / 2 / 6
    image_error = math.sqrt(of_images - of_residual)
    # Student's t of one degree of freedom is Cauchy's: the chance of an error below 0.975's quantile, image by image
    half = found.high - 4
    density = stats.norm(0, image_error).pdf
    chance = integrate.quad(lambda of_image: density(of_image) * stats.cauchy.cdf((half - of_image) / of_rows), -15, 15)
    assert chance[0] == pytest.approx(0.975, abs=1e-6)
    assert found.value == 4
    assert found.low == pytest.approx(4 - half)
    assert found.by_training == (3, 5)
    assert found.image_error == pytest.approx(math.sqrt(of_images - of_residual))


def test_where_images_do_not_differ_it_is_the_t_interval():
    for rows, images in ((2, 50), (3, 50), (5, 50), (5, 1)):
        means = RNG.normal(0.2, 1, rows)
        found = estimate(np.repeat(means[:, None], images, axis=1))
        expected = stats.t.interval(0.95, rows - 1, means.mean(), stats.sem(means))
        assert (found.low, found.high) == pytest.approx(expected)
        assert found.p == pytest.approx(stats.ttest_1samp(means, 0).pvalue, rel=1e-6)
        assert found.image_error == pytest.approx(0, abs=1e-9)


def test_where_rows_do_not_differ_it_is_the_normal_interval():
    images = RNG.normal(0.03, 1, 2000)
    found = estimate(np.tile(images, (4, 1)))
    error = images.std(ddof=1) / np.sqrt(2000)
    assert (found.low, found.high) == pytest.approx(stats.norm.interval(0.95, images.mean(), error))
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(images.mean()) / error), rel=1e-5)
    assert found.detectable == pytest.approx((1.959964 + 0.841621) * error, rel=1e-5)


def test_residual_noise_is_counted_once():
    """Noise of single images in single rows makes row means differ; it must not also count as images' own."""
    found = [estimate(table(4, 500, of_rows=0, of_images=0, rng=np.random.default_rng(seed))) for seed in range(200)]
    image_errors = np.array([one.image_error for one in found])
    assert np.mean(image_errors == 0) > 0.35
    assert image_errors.max() < 0.6 / np.sqrt(4 * 500)


def test_nothing_and_nan_are_unknown_and_trainings_that_all_give_one_number_say_nothing_of_others():
    for values in (np.empty((0, 5)), np.empty((3, 0)), np.array([[1.0, np.nan], [1.0, 2.0]])):
        found = estimate(values)
        assert math.isnan(found.value)
        assert found[1:] == UNKNOWN[1:]
    assert estimate(np.zeros((3, 4))).p == 1
    same = estimate(np.full((3, 4), 2.0))
    assert (same.value, same.low, same.high, same.p, same.detectable) == (2, None, None, None, None)


def test_an_interval_widens_with_variation_between_rows():
    noise = np.random.default_rng(0).normal(0, 1, (1, 500))
    agreeing = estimate(np.repeat(noise, 4, axis=0))
    differing = estimate(noise + np.array([-1, -0.4, 0.5, 0.9])[:, None])
    assert differing.high - differing.low > 3 * (agreeing.high - agreeing.low)


# p and the detectable effect


@pytest.mark.parametrize("rows", [2, 3, 5])
def test_p_is_below_5_percent_exactly_when_the_interval_excludes_0(rows):
    decided = []
    for ratio, seed in itertools.product((0.1, 1.0, 5.0), range(15)):
        values = np.random.default_rng([rows, seed]).normal(2.5 * ratio, ratio, rows)
        found = combined(tuple(values), 1.0)
        decided.append(found.p < 0.05)
        assert decided[-1] == (not found.low <= 0 <= found.high)
    assert 0 < np.mean(decided) < 1


@pytest.mark.parametrize("rows", [2, 3, 5])
def test_where_the_interval_ends_at_0_p_is_5_percent(rows):
    values = np.arange(rows) + 1.0
    found = combined(tuple(values), 0.4)
    at_edge = combined(tuple(values - found.low), 0.4)
    assert at_edge.low == pytest.approx(0, abs=1e-9)
    assert at_edge.p == pytest.approx(0.05, rel=1e-4)
    assert combined(tuple(-(values - found.low)), 0.4).p == pytest.approx(0.05, rel=1e-4)


def test_p_falls_with_the_distance_from_0_to_almost_nothing():
    found = [combined((value, value + 1, value + 2), 0.1).p for value in (-1.0, -0.5, 0.0, 5.0, 50.0, 1e9)]
    assert found[0] == 1
    assert found == sorted(found, reverse=True)
    assert found[-1] < 1e-8


def test_a_detectable_effect_is_found_four_times_in_five():
    """With a normal error exactly; here rows differ not at all."""
    error, rng = 0.1, np.random.default_rng(0)
    detectable = combined((0.0, 0.0, 0.0), error).detectable
    found = [combined((value,) * 3, error).p < 0.05 for value in rng.normal(detectable, error, 300)]
    assert np.mean(found) == pytest.approx(0.8, abs=0.06)


# Coverage

RUNS = 8_000
DESIGNS = list(itertools.product((3, 5), (1, 3), (1_000, 10_000), (0.5, 1, 2, 4, 8)))


def draws(trainings, repetitions, images, ratio, runs, rng):
    """By run the mean of every training, and what `estimate` takes images to add to the error. The truth is 0.

    Images give the mean an SD of 1 and a training's statistic has one of `ratio`, a fifth of whose square a single
    retraining's images have to themselves. Row means, the mean square of images and that of the residual are
    independent, so that they can be drawn without drawing tables.
    """
    residual = 0.2 * ratio**2 / repetitions  # of a row's mean
    own = rng.normal(0, np.sqrt(ratio**2 - residual), (runs, trainings))
    row_means = own + rng.normal(0, 1, (runs, 1)) + rng.normal(0, np.sqrt(residual), (runs, trainings))
    few, many = images - 1, (images - 1) * (trainings - 1)
    of_images = (1 + residual / trainings) * rng.chisquare(few, runs) / few
    of_residual = residual / trainings * rng.chisquare(many, runs) / many
    return row_means, np.sqrt(np.maximum(of_images - of_residual, 0))


def crossed(row_means, image_error):
    """Whether the interval of `combined` holds 0, for many runs at once."""
    return crossed_p(row_means, image_error) >= 0.05


def percentile_bootstrap(row_means, image_error, samples=400):
    """What was done before: rows drawn with replacement, images too, and percentiles of the means."""
    rng = np.random.default_rng(1)
    runs, rows = row_means.shape
    counts = rng.multinomial(rows, np.full(rows, 1 / rows), samples)
    means = row_means @ counts.T / rows + image_error[:, None] * rng.normal(size=(runs, samples))
    return (np.percentile(means, 2.5, axis=1) <= 0) & (np.percentile(means, 97.5, axis=1) >= 0)


def coverage(method, design, runs=RUNS, seed=0):
    return np.mean(method(*draws(*design, runs, np.random.default_rng(seed))))


def check_coverage(method, runs=RUNS):
    """Between 93 and 98 %, and a verdict where there is no effect in at most 5.75 % of the runs."""
    for design in DESIGNS:
        covered = coverage(method, design, runs)
        assert 0.93 <= covered <= 0.98, design
        assert 1 - covered <= 0.0575, design


def test_intervals_cover_and_verdicts_are_false_as_often_as_they_say():
    check_coverage(crossed)


def test_the_percentile_bootstrap_would_not():
    for ratio in (2, 4, 8):
        assert coverage(percentile_bootstrap, (3, 1, 1_000, ratio), 2_000) < 0.9
    assert coverage(percentile_bootstrap, (3, 1, 1_000, 8), 2_000) < 0.8
    with pytest.raises(AssertionError):
        check_coverage(percentile_bootstrap, 2_000)


def test_what_is_simulated_is_what_is_used():
    for design in DESIGNS:
        row_means, image_error = draws(*design, 3, np.random.default_rng(5))
        p = crossed_p(row_means, image_error)
        for run in range(3):
            found = combined(tuple(row_means[run]), image_error[run])
            assert found.p == pytest.approx(p[run], rel=1e-3, abs=1e-6)
            assert (found.low <= 0 <= found.high) == (p[run] >= 0.05)


def test_whole_tables_cover_too():
    """From single images on: what `draws` takes for granted of `estimate`."""
    rng, covered, image_errors = np.random.default_rng(2), [], []
    for _ in range(600):
        found = estimate(table(3, 200, of_rows=0.1, of_images=1.0, of_residual=0.7, rng=rng))
        covered.append(found.low <= 0 <= found.high)
        image_errors.append(found.image_error**2)
    assert np.mean(image_errors) == pytest.approx(1 / 200, rel=0.05)
    assert 0.935 <= np.mean(covered) <= 0.985


# Functions of several means


def test_a_linear_function_s_estimate_is_that_of_the_combination():
    tables = [table(4, 300, mean=mean, rng=np.random.default_rng(seed)) for seed, mean in enumerate((0.3, 1.0, -2.0))]
    found = function_estimate(lambda means: float(2 * means[0] - means[1] + 0.5 * means[2] + 1), tables)
    direct = estimate(2 * tables[0] - tables[1] + 0.5 * tables[2] + 1)
    for name in ("value", "low", "high", "p", "detectable", "by_training", "image_error"):
        assert getattr(found, name) == pytest.approx(getattr(direct, name), rel=1e-6), name


def test_a_function_s_value_is_that_of_each_training_s_means():
    tables = [table(3, 200, mean=mean, rng=np.random.default_rng(seed)) for seed, mean in enumerate((2.0, 5.0))]
    found = function_estimate(lambda means: float(means[0] / means[1]), tables)
    first, second = (values.mean(axis=1) for values in tables)
    assert found.by_training == pytest.approx(first / second, rel=1e-8)


def test_what_images_add_to_a_function_is_the_delta_method_s():
    """A ratio of means of the same images: its textbook variance."""
    rng = np.random.default_rng(0)
    x = rng.normal(2, 0.5, 4000)
    y = 3 * x + rng.normal(0, 1, 4000)
    found = function_estimate(lambda means: float(means[0] / means[1]), [np.tile(y, (2, 1)), np.tile(x, (2, 1))])
    ratio = y.mean() / x.mean()
    expected = (y - ratio * x).std(ddof=1) / x.mean() / np.sqrt(4000)
    assert found.image_error == pytest.approx(expected, rel=1e-5)


def test_a_function_without_a_value_is_unknown():
    constant = [np.ones((3, 5)), np.ones((3, 5))]
    found = function_estimate(lambda means: float(correlation(means, np.arange(2.0))), constant)
    assert math.isnan(found.value)
    assert math.isnan(function_estimate(lambda means: float("nan"), constant).value)


# Images that do not count


def with_gaps(rows, images, share, rng):
    values = rng.normal(size=(rows, images))
    values[rng.random((rows, images)) < share] = np.nan
    return values


def test_a_known_difference_is_that_of_the_means_over_what_is_known():
    rng = np.random.default_rng(0)
    first, second = with_gaps(4, 300, 0.3, rng), with_gaps(4, 300, 0.6, rng)
    expected = np.nanmean(first, axis=1) - np.nanmean(second, axis=1)
    np.testing.assert_allclose(known_difference(first, second).mean(axis=1), expected)
    np.testing.assert_allclose(known_mean(first).mean(axis=1), np.nanmean(first, axis=1))
    whole = rng.normal(size=(2, 5, 50))
    np.testing.assert_allclose(known_difference(*whole), whole[0] - whole[1])
    np.testing.assert_allclose(known_mean(whole[0]), whole[0])


def test_rows_in_which_nothing_is_known_are_left_out():
    rng = np.random.default_rng(0)
    first, second = with_gaps(3, 50, 0.2, rng), with_gaps(3, 50, 0.2, rng)
    second[1] = np.nan
    expected = np.nanmean(first[[0, 2]], axis=1) - np.nanmean(second[[0, 2]], axis=1)
    np.testing.assert_allclose(known_difference(first, second).mean(axis=1), expected)
    assert known_mean(second).shape == (2, 50)
    nothing = known_difference(first, np.full((3, 50), np.nan))
    assert nothing.shape == (0, 50)
    assert math.isnan(estimate(nothing).value)


def test_the_interval_of_a_known_difference_is_paired_and_grows_with_what_is_missing():
    rng = np.random.default_rng(0)
    common = rng.normal(0, 5, 2000)
    first, second = (np.tile(common + shift + rng.normal(0, 0.1, 2000), (2, 1)) for shift in (1, 0))
    paired = estimate(known_difference(first, second))
    assert paired.value == pytest.approx(1, abs=0.02)
    assert paired.high - paired.low < 0.03  # what is common cancels
    second[:, :1000] = np.nan
    partial = estimate(known_difference(first, second))
    assert partial.low < 1 < partial.high
    assert partial.high - partial.low > 0.2


def test_the_interval_of_a_known_mean_is_the_textbook_s_over_what_is_known():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, 4000)
    values[rng.random(4000) < 0.75] = np.nan
    found = estimate(known_mean(np.tile(values, (2, 1))))
    known = values[np.isfinite(values)]
    assert found.image_error == pytest.approx(known.std(ddof=1) / np.sqrt(len(known)), rel=0.01)


# Correlations


def test_correlations_of_known_series():
    x = np.arange(8.0)
    assert correlation(x, x**3) == pytest.approx(np.corrcoef(x, x**3)[0, 1])
    assert rank_correlation(x, x**3) == pytest.approx(1)
    assert correlation(x, -2 * x + 1) == pytest.approx(-1)
    assert np.isnan(correlation(x, np.ones(8)))
    y = RNG.normal(size=(3, 8))
    y[0, :3] = y[0, 0]  # ties
    assert correlation(x, y) == pytest.approx([stats.pearsonr(x, row)[0] for row in y])
    assert rank_correlation(np.tile(x, (3, 1)), y) == pytest.approx([stats.spearmanr(x, row)[0] for row in y])


def test_trainings_needed_are_the_fewest_with_which_the_measured_effect_would_be_detectable():
    drawn = tuple(np.random.default_rng(0).normal(0, 1, 4))
    of_mean_0 = tuple(np.array(drawn) - np.mean(drawn))
    by_training = tuple(np.array(of_mean_0) + 0.8)
    needed = trainings_needed(by_training, 0.05, 0.05 / 23, most=1000)
    spread = np.std(drawn, ddof=1)

    def least(trainings):  # as of so many trainings that vary as much
        half = np.sqrt((trainings - 1) / trainings)
        made = np.tile([1.0, -1.0], trainings // 2) * spread * half if trainings % 2 == 0 else None
        return detectable(tuple(made), 0.05, 0.05 / 23)

    even = needed + needed % 2
    assert least(even) <= 0.8 < least(even - 2)
    assert trainings_needed(by_training, 0.05, 0.05, most=1000) < needed
    assert trainings_needed(by_training, 0.4, 0.05 / 23, most=1000) is None  # images alone hide it
    assert trainings_needed(by_training, 0.05, 0.05 / 23, most=needed - 1) is None


# Trends


def slopes_that_cancel(trainings, networks, rng):
    """Scores that go with strength in every training, up in some and down in others, and on average do not."""
    strength = np.arange(networks) - (networks - 1) / 2
    scores = rng.normal(size=(trainings, 1)) * strength + 0.5 * rng.normal(size=(trainings, networks))
    return strength, scores


@pytest.mark.parametrize("trainings", [3, 5, 8])
def test_a_trend_is_found_by_chance_in_a_twentieth_of_runs_and_by_exchanging_networks_in_many_more(trainings):
    rng, runs, networks, found, exchanged = np.random.default_rng(0), 300, 5, 0, 0
    for _ in range(runs):
        strength, scores = slopes_that_cancel(trainings, networks, rng)
        x, y = ([np.full((trainings, 1), at) for at in strength], [column[:, None] for column in scores.T])
        found += trend(x, y).p < 0.05
        drawn = correlation(strength, rng.permuted(np.tile(scores, (200, 1, 1)), axis=2)).mean(axis=1)
        exchanged += np.mean(np.abs(drawn) >= abs(correlation(strength, scores).mean())) < 0.05
    assert found / runs < 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)
    assert exchanged / runs > 0.16


def test_a_trend_is_the_mean_of_each_training_s_least_squares_slope():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 4, 3, 50))
    found = trend(list(x), list(y))
    slopes = [np.polyfit(x[:, row].mean(axis=1), y[:, row].mean(axis=1), 1)[0] for row in range(3)]
    assert found.by_training == pytest.approx(slopes)
    assert math.isnan(trend([np.ones((3, 5))] * 3, list(y[:3, :, :5])).value)


# The largest of several controls


def alike(trainings, of_trainings, of_images, rng):
    """A gain and four controls that all gain the same, from the same images."""
    rows = rng.normal(0, of_trainings, (5, trainings, 1))
    images = rng.normal(0, of_images * np.sqrt(100), (5, 1, 100))
    return rows + images + rng.normal(0, 0.1, (5, trainings, 100))


@pytest.mark.parametrize("trainings", [3, 10])
@pytest.mark.parametrize(("of_trainings", "of_images"), [(1.0, 0.0), (0.5, 0.5), (0.1, 1.0)])
def test_beyond_the_largest_of_four_alike_controls_is_contradicted_in_at_most_a_fortieth(
    trainings, of_trainings, of_images
):
    rng, runs, corrected, chosen_once = np.random.default_rng(0), 500, 0, 0
    for _ in range(runs):
        first, *others = alike(trainings, of_trainings, of_images, rng)
        corrected += beyond(first, *others).high < 0
        chosen_once += estimate(first - max(others, key=np.mean)).high < 0
    assert corrected / runs < 0.025 + 2 * np.sqrt(0.025 / runs)
    assert chosen_once > 1.5 * corrected


def test_beyond_several_is_their_least_difference_by_hand():
    tables = [combined_table(mean) for mean in (5.0, 4.0, 3.0)]
    found, differences = beyond(*tables), [estimate(tables[0] - other) for other in tables[1:]]
    assert found.value == pytest.approx(1)
    assert found.by_training == pytest.approx(differences[0].by_training)
    assert found.p == pytest.approx(max(difference.p for difference in differences))
    assert found.low == pytest.approx(min(difference.low for difference in differences))
    assert found.own_test
    behind = beyond(tables[2], *tables[:2])
    assert behind.value == pytest.approx(-2)
    assert behind.p == pytest.approx(2 * min(estimate(tables[2] - other).p for other in tables[:2]))
    assert behind.high > estimate(tables[2] - tables[0]).high


def combined_table(mean):
    """(4, 30) of that mean."""
    drawn = table(4, 30, of_rows=0.3, rng=np.random.default_rng(int(10 * mean)))
    return drawn - drawn.mean() + mean


def test_p_beyond_several_is_below_5_percent_exactly_when_the_interval_excludes_0():
    decided = []
    for shift, seed in itertools.product((-3, -1, 0, 1, 3), range(10)):
        first, *others = alike(4, 0.5, 0.5, np.random.default_rng(seed))
        found = beyond(first + shift, *others)
        decided.append(found.p < 0.05)
        assert decided[-1] == (not found.low <= 0 <= found.high)
    assert 0 < np.mean(decided) < 1


def test_beyond_one_control_is_a_plain_difference():
    first, second = (table(4, 50, mean=mean, rng=np.random.default_rng(mean)) for mean in (5, 2))
    assert beyond(first, second) == estimate(first - second)


def test_beyond_says_nothing_where_a_difference_says_nothing():
    first, second = (table(4, 50, rng=np.random.default_rng(seed)) for seed in (0, 1))
    alone = beyond(first[:1], second[:1], 0 * first[:1])
    assert alone.p is None
    assert alone.low < alone.value < alone.high
    constant = beyond(first, second, first - 1)  # one of the differences is 1 everywhere
    assert (constant.low, constant.high, constant.p) == (None, None, None)
    assert math.isnan(beyond(first, second, np.full_like(first, np.nan)).value)


# Inside their range


def test_a_share_s_interval_is_that_of_its_logit():
    values = (np.random.default_rng(0).random((1, 4000)) < 0.9).astype(float)
    found, mean = share(values), values.mean()
    half = 1.96 * np.sqrt(mean * (1 - mean) / 3999) / (mean * (1 - mean))
    logit = np.log(mean / (1 - mean))
    assert found.value == pytest.approx(mean)
    assert (found.low, found.high) == pytest.approx((1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))))
    assert found.p is None


def test_no_share_leaves_its_range_however_much_trainings_differ():
    collapsed = np.repeat(np.array([[0.1], [0.9], [0.99]]), 50, axis=1)
    plain, found = estimate(collapsed), share(collapsed)
    assert plain.high > 1
    assert plain.low < 0
    assert 0 < found.low < found.value < found.high < 1
    assert found.value == plain.value


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_nothing_or_of_all_has_no_interval(value):
    found = share(np.full((3, 50), value))
    assert (found.value, found.low, found.high, found.by_training) == (value, None, None, (value,) * 3)


def test_an_interval_of_a_correlation_is_that_of_fisher_s_z():
    # in one training z is arctanh(r); where two trainings give r and -r their mean is 0, and z's slope there is 1
    at_zero = [np.array([[-0.5], [0.5]])]
    found, plain = (kind(lambda means: float(means[0]), at_zero) for kind in (correlated, function_estimate))
    assert (found.low, found.high) == pytest.approx((np.tanh(plain.low), np.tanh(plain.high)))
    strong = [np.array([[-0.9], [-0.8], [-0.97]])]
    found, plain = (kind(lambda means: float(means[0]), strong) for kind in (correlated, function_estimate))
    half = (plain.high - plain.value) / (1 - plain.value**2)
    assert (found.low, found.high) == pytest.approx(tuple(np.tanh(np.arctanh(plain.value) + np.array([-half, half]))))
    assert found.value == plain.value
    assert found.own_test


def test_a_correlation_s_p_agrees_with_its_interval():
    decided = []
    for seed in range(40):
        tables = [np.tanh(np.random.default_rng(seed).normal(0.8, 0.7, (3, 1)))]
        found = correlated(lambda means: float(means[0]), tables)
        assert -1 < found.low < found.high < 1
        decided.append(found.p < 0.05)
        assert decided[-1] == (not found.low <= 0 <= found.high)
    assert 0 < np.mean(decided) < 1


def test_a_correlation_that_is_always_1_has_neither_interval_nor_p():
    found = correlated(lambda means: float(correlation(means[:2], means[2:])), [np.full((3, 5), x) for x in range(4)])
    assert (found.value, found.low, found.p) == (pytest.approx(1), None, None)


def test_intervals_of_correlations_cover_and_find_nothing_where_there_is_nothing():
    """Mean of four correlations over five networks in each of five trainings."""
    rng, runs, strength = np.random.default_rng(0), 400, np.arange(5.0)
    for slope, true in ((0.0, 0.0), (-1.0, -0.8764)):  # the second: mean of 10^7 such correlations
        covered = 0
        for _ in range(runs):
            y = slope * 1.06 * (strength - 2) + rng.normal(size=(5, 4, 5))
            tables = [correlation(strength, y).mean(axis=1)[:, None]]
            found = correlated(lambda means: float(means[0]), tables)
            covered += found.low <= true <= found.high
        assert covered / runs == pytest.approx(0.95, abs=0.03)


def test_each_table_counts_by_the_images_that_it_has():
    """One network's few values do not throw away the others' images."""
    whole, few = np.arange(24.0).reshape(2, 12), np.full((2, 12), np.nan)
    few[:, :3] = 1.0
    assert known_sum([whole, -few]).mean(axis=1) == pytest.approx(whole.mean(axis=1) - 1)
    few[1] = np.nan  # a training in which nothing counts is left out
    assert known_sum([whole, -few]).mean(axis=1) == pytest.approx(whole[:1].mean(axis=1) - 1)
    np.testing.assert_allclose(known_sum([whole, whole]), 2 * whole)


def test_an_interval_ends_where_its_values_do():
    wide = Estimate(0.9, 0.7, 1.1, 0.01)
    assert clipped(wide, -1, 1) == wide._replace(high=1)
    assert clipped(UNKNOWN, -1, 1) is UNKNOWN


def test_what_would_have_been_found_is_more_where_many_are_tested():
    found = combined((0.1, 0.2, 0.3), 0.0)
    assert detectable(found.by_training, 0.0) == found.detectable
    assert detectable(found.by_training, 0.0, level=0.05 / 19) > 3 * found.detectable
    effect = detectable(found.by_training, 0.0, level=0.05 / 19)
    drawn = effect + np.random.default_rng(0).normal(0, 0.1, (4000, 3))
    p = stats.ttest_1samp(drawn, 0, axis=1).pvalue
    assert (p < 0.05 / 19).mean() > 0.2  # the spread is itself an estimate, so that it is not the 80 % of a known one


def test_a_majority_is_judged_by_the_exact_binomial_test():
    found = majority(np.array([True] * 15 + [False] * 5))
    assert found.value == pytest.approx(0.25)
    assert found.p == pytest.approx(2 * stats.binom.sf(14, 20, 0.5))
    assert (found.low + 0.5, found.high + 0.5) == pytest.approx(
        (stats.beta.ppf(0.025, 15, 6), stats.beta.ppf(0.975, 16, 5))
    )
    assert stats.binom.sf(14, 20, 0.5 + found.detectable) == pytest.approx(0.8)  # 15 of 20 is what p < 0.05 takes
    assert majority(np.zeros(20, bool)).value == -0.5
    assert majority(np.ones(5, bool)).p == pytest.approx(2 / 32)
    assert majority(np.ones(5, bool)).detectable is None
    assert majority(np.ones(1, bool)) == UNKNOWN


def test_what_an_interval_is_about():
    assert covered(3, 2000) == "3 trainings, 2,000 test images crossed"
    assert covered(3, 2000, "network and VAE-GAN") == "3 trainings of network and VAE-GAN, 2,000 test images crossed"
    assert covered(1, 50, "network and VAE-GAN") == "these networks alone, 50 test images resampled"
