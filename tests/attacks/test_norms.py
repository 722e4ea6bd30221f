"""The three hooks of each norm."""

import numpy as np
import pytest
import tensorflow as tf

from attacks import NORMS


def size(norm, delta):
    flat = np.abs(np.asarray(delta, np.float64)).reshape(len(delta), -1)
    return flat.max(axis=1) if norm == "linf" else np.sqrt((flat**2).sum(axis=1))


@pytest.mark.parametrize("eps", [0.3, 2.5])
@pytest.mark.parametrize("norm", NORMS)
def test_project_clips_to_the_ball_and_leaves_points_inside_alone(norm, eps):
    inside = np.full((1, 4, 4, 1), 0.01, np.float32)
    outside = np.random.default_rng(0).normal(size=(5, 4, 4, 1)).astype(np.float32) * 10
    np.testing.assert_array_equal(NORMS[norm].project(tf.constant(inside), eps), inside)
    np.testing.assert_allclose(size(norm, NORMS[norm].project(tf.constant(outside), eps)), eps, rtol=1e-5)


@pytest.mark.parametrize("norm", NORMS)
def test_zeros_give_no_nan(norm):
    zeros = tf.zeros((2, 4, 4, 1))
    assert not NORMS[norm].steepest_step(zeros).numpy().any()
    assert not NORMS[norm].project(zeros, 1.0).numpy().any()


@pytest.mark.parametrize("scale", [1.0, 1e-30])
def test_l2_step_has_length_one_even_where_squares_underflow(scale):
    gradient = tf.constant(np.random.default_rng(0).normal(size=(3, 5)) * scale, tf.float32)
    np.testing.assert_allclose(size("l2", NORMS["l2"].steepest_step(gradient)), 1.0, rtol=1e-5)


@pytest.mark.parametrize("norm", NORMS)
def test_random_start_fills_the_ball(norm):
    start = NORMS[norm].random_start(tf.constant([2000, 2]), tf.constant(0.5), tf.constant([3, 4]))
    radii = size(norm, start)
    assert radii.max() <= 0.5 + 1e-6
    assert np.mean(radii < 0.25) == pytest.approx(0.25, abs=0.03)  # a quarter of the area in two dimensions
    again = NORMS[norm].random_start(tf.constant([2000, 2]), tf.constant(0.5), tf.constant([3, 4]))
    np.testing.assert_array_equal(start, again)
