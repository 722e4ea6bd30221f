"""The toy's data and measures, against what is known in closed form."""

import numpy as np
import pytest
from experiments.settings.settings import BoundaryStudy, make_settings

from experiments import boundary
from experiments.boundary.analysis import Numbers
from experiments.boundary.claims import Claims
from experiments.boundary.runner import (
    COVARIANCE,
    MEAN,
    Draw,
    draw,
    low_variance_direction,
    mahalanobis,
    shuffled_batches,
    tilt,
)


@pytest.fixture(scope="module")
def training():
    return draw(4000, [0, 1])[0]


def test_the_data_are_the_protocol_s_rescaled_by_one_factor(training):
    assert training.points.shape == (2, 8000, 2)
    assert training.points.min(axis=(1, 2)) == pytest.approx([-1, -1])
    assert training.points.max(axis=(1, 2)) == pytest.approx([1, 1])
    difference = training.of(1)[0].mean(axis=0) - training.of(0)[0].mean(axis=0)
    scale = difference[0] / (2 * MEAN[0])
    assert difference[1] == pytest.approx(2 * MEAN[1] * scale, rel=0.05)
    np.testing.assert_allclose(np.cov(training.of(0)[0].T), scale**2 * COVARIANCE, rtol=0.1, atol=1e-5)


def test_seeds_draw_different_points_and_test_points_are_not_training_points():
    (train, test), (again, _) = draw(20, [4, 5]), draw(20, [4, 5])
    np.testing.assert_array_equal(train.points, again.points)
    assert np.abs(train.points[0] - train.points[1]).max() > 0.01
    assert np.abs(train.points - test.points).max() > 0.01


def test_tilt_of_known_normals(training):
    line = training.of(1).mean(axis=1) - training.of(0).mean(axis=1)
    # Linear discriminant analysis trusts the direction of low variance, here anticlockwise of the line.
    for degrees in (0, 30, -20):
        turn = np.radians(degrees)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        np.testing.assert_allclose(tilt(line @ rotation.T, training), [degrees, degrees], atol=1e-3)


def test_tilt_is_positive_towards_low_variance_on_either_side():
    labels = np.repeat([0, 1], 500)
    rng = np.random.default_rng(0)
    narrow = rng.normal(size=(1, 1000, 2)) @ np.array([[1, -0.9], [0, 0.1]])
    points = narrow + np.where(labels, 3, -3)[:, None] * np.array([1, 0])
    up, down = Draw(points, labels), Draw(points * [1, -1], labels)
    normal = np.array([[np.cos(0.5), np.sin(0.5)]])
    assert tilt(normal, up) == pytest.approx(np.degrees(0.5), abs=2)
    assert tilt(normal * [1, -1], down) == pytest.approx(np.degrees(0.5), abs=2)
    assert tilt(normal, down) == pytest.approx(-np.degrees(0.5), abs=2)


def test_mahalanobis_counts_standard_deviations():
    rng = np.random.default_rng(0)
    samples = rng.normal(size=(1, 20000, 2)) * [2.0, 0.1]
    distances = mahalanobis(np.array([[[0.0, 0.0], [4.0, 0.0], [0.0, 0.3]]]), samples)
    np.testing.assert_allclose(distances, [[0, 2, 3]], atol=0.06)


def test_low_variance_direction():
    samples = np.random.default_rng(0).normal(size=(5000, 2)) * [1.0, 0.1]
    np.testing.assert_allclose(np.abs(low_variance_direction(samples)), [0, 1], atol=0.02)


def test_batches_hold_every_point_once_network_by_network():
    points = np.arange(2 * 230 * 2, dtype=float).reshape(2, 230, 2)
    data = Draw(points, np.repeat([0, 1], 115))
    rows, labels = shuffled_batches(data, [np.random.default_rng(seed) for seed in (0, 1)])
    assert rows.shape == (460, 2)
    first = rows[:200].reshape(2, 100, 2)
    assert first[0].max() < 460 <= first[1].min()  # the first network's points, then the second's
    assert sorted(rows[:, 0]) == sorted(points[..., 0].ravel())
    for row, label in zip(rows, labels, strict=True):
        assert label == (row[0] % 460 >= 230)


def measured(tilts: dict[float, float], study=None) -> boundary.Measurements:
    """Made-up measurements of 20 seeds."""
    noise = np.random.default_rng(0).normal(scale=0.5, size=20)
    constant = {name: np.ones(20) for name in ("own_mahalanobis", "clean", "robust", "attacked")}
    strengths = {
        eps: {"tilt": value + noise, "low_variance_share": value / 100 + noise, "mahalanobis": 2 + noise, **constant}
        for eps, value in tilts.items()
    }
    return boundary.Measurements(study or BoundaryStudy(), strengths, [])


def verdicts(tilts, study=None):
    return {claim.id.split("boundary-")[1]: claim.verdict for claim in Claims(Numbers(measured(tilts, study))).claims()}


def test_claims_follow_the_numbers():
    found = verdicts({0.0: 30.0, 0.25: 10.0, 0.5: 12.0})
    assert found["tilted"] == "supported"
    assert found["weak-tilt"] == "supported"
    assert found["strong-tilt"] == "contradicted"
    assert found["strong-mahalanobis"] == "inconclusive"
    assert verdicts({0.0: 0.0})["tilted"] == "inconclusive"


def test_claims_leave_out_what_is_missing():
    assert set(verdicts({0.25: 10.0, 0.5: 1.0})) == {"strong-tilt", "strong-low_variance_share", "strong-mahalanobis"}


def test_alerts_name_small_scale_and_failed_training():
    few = BoundaryStudy(toy_points=100, toy_seeds=3)
    made = measured({0.0: 3.0}, few)
    made.strengths[0.0]["clean"][3] = 0.6
    alerts = list(Claims(Numbers(made)).alerts())
    assert any("100 points per class" in alert for alert in alerts)
    assert any("3 seeds" in alert for alert in alerts)
    assert any("eps 0: a network is right on only 60.0%" in alert for alert in alerts)
    assert not list(Claims(Numbers(measured({0.0: 3.0}))).alerts())


def test_every_preset_runs_the_paper_s_sizes():
    for preset in ("quick", "reduced", "paper"):
        assert make_settings("boundary", preset, {"epochs": 3, "l2_eps": (9.0,)}).studies == (BoundaryStudy(),)
