"""How far maps move: not at all, by a known amount, and without a value."""

import numpy as np
import pytest
import tensorflow as tf

from attributions import explain
from attributions.logit import logit_gradient, predicted_class
from measures import measure
from tests.measures.known import RNG, anew, random_maps, sees

IMAGES = RNG.uniform(-0.9, 0.9, (6, 5, 5, 1)).astype(np.float32)
NETWORK = sees(RNG.normal(size=(5, 5, 1)), bias=9)  # one class wins in the whole ball


def sensitivity(by, images=IMAGES, network=NETWORK, **parameters):
    maps = by(network, images)
    return measure("max_sensitivity", network, images, np.zeros(len(images), int), maps, explain=by, **parameters)


def of_the_logit(model, images):
    images = tf.constant(images)
    return logit_gradient(model, images, predicted_class(model(images))).numpy()


def test_the_gradient_of_a_linear_network_s_logit_does_not_move():
    np.testing.assert_array_equal(sensitivity(of_the_logit), 0)


def test_the_image_itself_moves_by_what_it_was_moved():
    """||d|| / ||x|| with d uniform in a ball of linf: its norm is about radius sqrt(n / 3), at most radius sqrt(n)."""
    norms = np.linalg.norm(IMAGES.reshape(6, -1), axis=1)
    found = sensitivity(lambda model, images: images, radius=0.05) * norms / (0.05 * 25**0.5)
    assert ((found > 3**-0.5) & (found < 0.9)).all()


def test_more_samples_reach_as_far_and_a_larger_ball_farther():
    few, many = (sensitivity(lambda model, images: images**3, samples=samples) for samples in (1, 20))
    wide = sensitivity(lambda model, images: images**3, samples=20, radius=0.1)
    assert (few <= many).all()
    assert (few < many).any()
    assert (many < wide).all()


def test_images_stay_in_the_pixels_range():
    def checked(model, images):
        assert np.abs(images).max() <= 1
        return images

    corner = np.ones((6, 5, 5, 1), np.float32)
    assert (sensitivity(checked, corner, radius=0.5) > 0).all()


def test_maps_of_random_numbers_move_by_none_or_all_of_their_size():
    images = np.zeros((20, 16, 16, 3), np.float32)
    assert not sensitivity(lambda model, images: random_maps(images), images, None).any()
    assert sensitivity(anew(), images, None, samples=1).mean() == pytest.approx(0.5**0.5, rel=0.02)  # uniform
    rng = np.random.default_rng(0)
    normal = sensitivity(lambda model, images: rng.normal(size=images.shape), images, None, samples=1)
    assert normal.mean() == pytest.approx(2**0.5, rel=0.02)


def test_what_an_attribution_draws_is_the_same_in_every_map(network, images):
    """SmoothGrad of a linear network is its weights, whatever the noise; `random` never looks at the image."""
    for method in ("random", "smoothgrad"):
        moved = sensitivity(
            lambda model, images, method=method: explain(method, model, images, batch_size=5),
            images=images[1:],
            network=network,
        )
        assert (moved < 0.05).all()


def test_it_does_not_depend_on_the_batch(network, images):
    few, many = (
        sensitivity(
            lambda model, images, size=size: explain("gradient", model, images, batch_size=size), images, network
        )
        for size in (5, 500)
    )
    np.testing.assert_allclose(few, many, rtol=1e-3)
    assert (many > 0).all()


def test_a_map_of_zeros_has_no_value():
    assert np.isnan(sensitivity(lambda model, images: 0 * images)).all()


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"radius": 0}, "radius must be a finite number above 0. Received: 0."),
        ({"samples": 0}, "samples must be a whole number of at least 1. Received: 0."),
    ],
)
def test_bad_parameters(parameters, told):
    with pytest.raises(ValueError, match=told):
        sensitivity(of_the_logit, **parameters)


def test_without_an_attribution_it_is_refused():
    with pytest.raises(ValueError, match="explain must be given to a measure that makes maps anew. Received: None."):
        measure("max_sensitivity", NETWORK, IMAGES, np.zeros(6, int), IMAGES)
