"""The three hooks of each norm."""

import numpy as np
import pytest
import scipy.optimize
import tensorflow as tf

from attacks import NORMS


def size(norm, delta):
    flat = np.abs(np.asarray(delta, np.float64)).reshape(len(delta), -1)
    return {"linf": flat.max(axis=1), "l2": np.sqrt((flat**2).sum(axis=1)), "l1": flat.sum(axis=1)}[norm]


@pytest.mark.parametrize("eps", [0.3, 2.5])
@pytest.mark.parametrize("norm", NORMS)
def test_project_clips_to_the_ball_and_leaves_points_inside_alone(norm, eps):
    inside = np.full((1, 4, 4, 1), 0.015625, np.float32)
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


# l1, which is projected onto the intersection of ball and box


def best_inside(delta, eps, lowest, highest):
    """The nearest point by quadratic programming in the sizes, in float64."""
    sizes, room = np.abs(delta), np.where(delta > 0, highest, -lowest)
    found = scipy.optimize.minimize(
        lambda z: ((z - sizes) ** 2).sum() / 2,
        np.zeros_like(sizes),
        jac=lambda z: z - sizes,
        bounds=[(0, most) for most in room],
        constraints={"type": "ineq", "fun": lambda z: eps - z.sum(), "jac": lambda z: -np.ones_like(z)},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 300},
    )
    return np.sign(delta) * found.x


@pytest.mark.parametrize("eps", [0.3, 1.0, 4.0])
def test_l1_projection_onto_ball_and_box_is_the_optimum(eps):
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (6, 9)).clip(-0.9, 1).round(1)  # ties, and pixels that have no room
    images[0] = 1.0
    delta = rng.normal(size=(6, 9)).round(1)
    lowest, highest = -1 - images, 1 - images
    tensors = (tf.constant(x, tf.float32) for x in (delta, lowest, highest))
    step, low, high = tensors
    found = NORMS["l1"].project_between(step, tf.constant(eps), low, high).numpy()
    expected = np.stack([best_inside(*each) for each in zip(delta, [eps] * 6, lowest, highest, strict=True)])
    np.testing.assert_allclose(found, expected, atol=2e-5)
    unbounded = np.stack([best_inside(each, eps, np.full(9, -9.0), np.full(9, 9.0)) for each in delta])
    np.testing.assert_allclose(NORMS["l1"].project(step, tf.constant(eps)), unbounded, atol=2e-5)


@pytest.mark.parametrize(
    ("point", "eps", "expected"), [((3, 1), 1, (1, 0)), ((3, 1), 3, (2.5, 0.5)), ((1, 1), 1, (0.5, 0.5))]
)
def test_l1_projection_by_hand(point, eps, expected):
    """Of (3, 1) at eps 1 the MultiRobustness code leaves (1.25, 0.25): norm 1.5."""
    np.testing.assert_allclose(NORMS["l1"].project(tf.constant([point], tf.float32), float(eps)), [expected], atol=1e-6)


def test_clipping_after_the_ball_would_waste_l1_s_radius():
    """A pixel with room for 0.2 alone: the rest of the radius goes to the other, and not to waste."""
    image, moved, bounds = tf.constant([[0.8, 0.0]]), tf.constant([[3.8, 0.6]]), (-1.0, 1.0)
    np.testing.assert_allclose(NORMS["l1"].confine(image, moved, 0.7, bounds), [[1.0, 0.5]], atol=1e-6)


@pytest.mark.parametrize("size_of_image", [3072, 9])
def test_l1_projection_of_whole_images_stays_inside_and_is_finite(size_of_image):
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (20, size_of_image)).astype(np.float32)
    delta = (rng.normal(size=images.shape) * rng.choice([1e-6, 1.0, 30.0], (20, 1))).astype(np.float32)
    for eps in (0.01, 5.0, 1e4):
        moved = NORMS["l1"].confine(tf.constant(images), tf.constant(images + delta), tf.constant(eps), (-1.0, 1.0))
        assert np.isfinite(moved).all()
        assert np.abs(moved).max() <= 1
        assert (size("l1", moved - images) <= eps * (1 + 1e-5) + 1e-6 * size_of_image).all()


def test_an_l1_step_goes_along_the_largest_hundredth_that_bounds_do_not_hold_back():
    gradient = np.random.default_rng(0).normal(size=(2, 10, 20, 1)).astype(np.float32)
    gradient[0, 0, 0], gradient[0, 0, 1], gradient[0, 0, 2] = 9.0, -8.0, 7.0
    image = np.zeros_like(gradient)
    step = NORMS["l1"].ascent(tf.constant(gradient), tf.constant(image), (-1.0, 1.0)).numpy()
    np.testing.assert_array_equal(step[0, 0, :3, 0], [0.5, -0.5, 0.0])
    assert (np.count_nonzero(step, axis=(1, 2, 3)) == 2).all()
    image[0, 0, 0] = 1.0
    step = NORMS["l1"].ascent(tf.constant(gradient), tf.constant(image), (-1.0, 1.0)).numpy()
    np.testing.assert_array_equal(step[0, 0, :3, 0], [0.0, -0.5, 0.5])
