"""Judging several times finds no more by chance than judging once, as simulated runs show."""

import dataclasses

import numpy as np
import pytest

from reports.evidence.claim import Estimate
from reports.evidence.looks import changed_designs, judged_at_looks, looks_of, until
from reports.evidence.registered import primary
from reports.evidence.statistics import combined
from tests.reports.boundary.made_up import toy_values
from tests.reports.evidence.simulated import NAMES, crossed_p, verdicts

RUNS = 500
NOTHING = np.zeros(len(NAMES))


def with_settings(**settings):
    return dataclasses.replace(toy_values({0.0: 1.0}), settings=settings)


def test_looks_are_those_declared_else_one_at_all_trainings_and_none_of_the_toy():
    assert looks_of(with_settings(looks=[5, 8], training_seeds=8)) == [5, 8]
    assert looks_of(with_settings(looks=[], training_seeds=3)) == looks_of(with_settings(training_seeds=3)) == [3]
    assert looks_of(toy_values({0.0: 1.0})) == []


def of(p, value=0.1, name="gradients", reason=""):
    return primary(name, "mnist", Estimate(value, 0.0, 0.2, p, by_training=(value,)), reason=reason)


def two_looks(first, second):
    """What is said of a claim after two looks."""
    values = with_settings(looks=[5, 8], training_seeds=8)
    (found,) = judged_at_looks([second], {5: [first], 8: [second]}, values)
    return found


def test_p_is_holm_s_times_the_number_of_looks():
    count = 23
    found = two_looks(of(0.5), of(0.0004))
    assert (found.verdict, found.look) == ("supported", 8)
    assert found.p == pytest.approx(2 * count * 0.0004)
    assert two_looks(of(0.5), of(0.0015)).verdict == "inconclusive"  # though 23 * 0.0015 is below 5 %
    assert two_looks(of(0.5), of(0.5)).p == 1


def test_what_is_decided_stays_decided_whatever_comes():
    for later in (of(0.9), of(0.0001, value=-0.1), of(0.0001, reason="a premise fails now")):
        found = two_looks(of(0.0004, value=0.2), later)
        assert (found.verdict, found.look, found.reason) == ("supported", 5, "")
        assert found.measured == later.measured  # of all trainings


def test_numbers_are_the_look_s_where_a_later_training_lacks_something():
    decided = of(0.0004, value=0.2)
    later = primary("gradients", "mnist", Estimate(float("nan"), None, None), reason="retrainings are missing")
    found = two_looks(decided, later)
    assert (found.verdict, found.look, found.measured, found.n) == ("supported", 5, 0.2, 1)


def test_a_claim_that_is_not_registered_has_the_verdict_of_the_last_look():
    first, second = (dataclasses.replace(of(p), primary=False) for p in (0.001, 0.04))
    found = two_looks(first, second)
    assert (found.p, found.look, found.verdict) == (0.04, 8, "supported")
    assert two_looks(first, dataclasses.replace(of(0.5), primary=False)).verdict == "inconclusive"


def test_a_design_that_was_declared_once_or_again_as_it_was_is_no_alert():
    design = {"looks": [3], "seed": 0, "at": "2026-11-01", "commit": "a"}
    values = toy_values({0.0: 1.0})
    for declared in ([], [design], [design, {**design, "at": "2026-11-02", "commit": "b"}]):
        assert list(changed_designs(dataclasses.replace(values, declared=declared))) == []
    for other in ({"looks": [5]}, {"seed": 1}):
        assert len(list(changed_designs(dataclasses.replace(values, declared=[design, {**design, **other}])))) == 1


def test_the_trainings_up_to_a_look_are_the_first_planned_ones():
    values = toy_values({0.0: 1.0})
    arrays = values.arrays.assign(right=("training", np.arange(5)), shared=("other", np.arange(2)))
    found = until(dataclasses.replace(values, arrays=arrays), 3).arrays
    assert found.right.values.tolist() == [0, 1, 2]
    assert found.shared.values.tolist() == [0, 1]


# Simulated


def test_p_of_many_simulated_runs_are_those_that_are_used():
    drawn = np.random.default_rng(0).normal(0.5, 1, (20, 5))
    for row, p in zip(drawn, crossed_p(drawn, 0.3), strict=True):
        assert combined(tuple(row), 0.3).p == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize("looks", [(3,), (5, 8, 12)])
def test_in_at_most_a_twentieth_of_runs_is_anything_decided_where_there_is_nothing(looks):
    found, _ = verdicts(looks, NOTHING, RUNS)
    wrong = np.isin(found, ("supported", "contradicted")).any(axis=1).mean()
    assert 0.005 < wrong < 0.05 + 2 * np.sqrt(0.05 * 0.95 / RUNS)


def test_where_some_effects_are_there_the_others_are_still_decided_wrongly_in_a_twentieth_of_runs():
    effects = np.where(np.arange(len(NAMES)) < 12, 3.0, 0.0)
    found, _ = verdicts((5, 8, 12), effects, RUNS)
    wrong = np.isin(found[:, 12:], ("supported", "contradicted")).any(axis=1).mean()
    assert wrong < 0.05 + 2 * np.sqrt(0.05 * 0.95 / RUNS)
    assert (found[:, :12] == "supported").mean() > 0.95


def power(looks, effect, runs=150):
    """Share of a quarter of the claims that are supported, which have this effect, and mean trainings at the look."""
    there = np.arange(len(NAMES)) % 4 == 0
    found, at = verdicts(looks, np.where(there, effect, 0.0), runs, seed=1)
    return (found[:, there] == "supported").mean(), at[:, there].mean()


def test_looks_find_nearly_what_one_look_at_all_trainings_finds_with_fewer_of_them():
    effect = 2.0
    early, all_at_once = power((5,), effect)[0], power((12,), effect)[0]
    several, trainings = power((5, 8, 12), effect)
    assert early + 0.2 < several < all_at_once
    assert all_at_once - several < 0.1
    assert trainings < 10


def test_without_splitting_the_level_three_looks_would_find_too_much():
    """What Bonferroni over the looks is for: one claim, tested at 5 % after 5, 8 and 12 trainings."""
    drawn = np.random.default_rng(0).normal(size=(4000, 12))
    found = np.stack([crossed_p(drawn[:, :look], 1e-9) for look in (5, 8, 12)])
    assert (found < 0.05).any(axis=0).mean() > 0.08
    assert (3 * found < 0.05).any(axis=0).mean() < 0.05


def decided(common: float, trainings: int, runs: int = 10_000) -> float:
    """Share of runs that decide something where there is nothing.

    common: share of a training's variance that all trainings have in common, as where they learn from one subset.
    """
    rng = np.random.default_rng(0)
    drawn = np.sqrt(1 - common) * rng.normal(size=(runs, trainings)) + np.sqrt(common) * rng.normal(size=(runs, 1))
    return float((crossed_p(drawn, 1e-9) < 0.05).mean())


@pytest.mark.parametrize("trainings", [3, 5, 8, 15])
def test_trainings_that_share_their_images_decide_too_much_and_those_with_images_of_their_own_do_not(trainings):
    assert decided(0.0, trainings) == pytest.approx(0.05, abs=0.0065)
    assert decided(0.1, trainings) > 0.055
    assert decided(0.2, trainings) > 0.065
    if trainings == 15:
        assert decided(0.1, trainings) > 0.15
