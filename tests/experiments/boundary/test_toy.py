"""The toy's data and measures, against what is known in closed form."""

import numpy as np
import pytest

from experiments.boundary.toy import COVARIANCE, MEAN, Draw, draw, low_variance_direction, mahalanobis, tilt


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
