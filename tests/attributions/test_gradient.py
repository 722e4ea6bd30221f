"""The gradient against closed forms and finite differences."""

import numpy as np
import pytest

from attacks import cross_entropy
from attributions import explain
from measures.occlusion import pixel_scores, rank_pixels
from tests.attributions.networks import pictures


def test_gradient_of_a_linear_network(linear_network):
    """Minus the cross-entropy of the predicted of two logits: (1 - p) times its own weight minus the other."""
    x = np.random.default_rng(0).uniform(-1, 1, (5, 4, 4, 1)).astype(np.float32)
    weights, logits = linear_network.get_weights()[0], linear_network(x).numpy()
    for i, label in enumerate(logits.argmax(axis=1)):
        other = 1 - label
        p_other = 1 / (1 + np.exp(logits[i, label] - logits[i, other]))
        expected = p_other * (weights[:, label] - weights[:, other])
        np.testing.assert_allclose(explain("gradient", linear_network, x)[i].ravel(), expected, rtol=1e-4)


def test_gradient_equals_finite_differences(network, images):
    labels = network(images).numpy().argmax(axis=-1)
    direction = np.random.default_rng(0).normal(size=images.shape).astype(np.float32)
    step = 1e-2
    difference = cross_entropy(network(images + step * direction), labels) - cross_entropy(
        network(images - step * direction), labels
    )
    slope = (explain("gradient", network, images) * direction).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(slope, -difference / (2 * step), rtol=2e-2, atol=2e-3)


def test_confident_networks_keep_their_gradient(linear_network):
    """Scaled until float32's softmax is exactly 1: same direction as before, and not zero."""
    x = np.full((1, 4, 4, 1), 0.5, np.float32)
    before = explain("gradient", linear_network, x).ravel()
    margin = abs(np.diff(linear_network(x).numpy()[0])[0])
    linear_network.set_weights([linear_network.get_weights()[0] * 40 / margin])
    after = explain("gradient", linear_network, x).ravel().astype(np.float64)
    assert np.abs(after).max() > 0
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    assert cosine == pytest.approx(1, abs=1e-5)


def test_it_points_where_smoothgrad_with_little_noise_does(trained_cnn):
    """One is of minus the cross-entropy, the other of the logit; both above 0 for the predicted class."""
    x = pictures(trained_cnn, 20)
    smooth = explain("smoothgrad", trained_cnn, x, sigma=0.01)
    pairs = zip(explain("gradient", trained_cnn, x), smooth, strict=True)
    assert min(np.corrcoef(ours.ravel(), other.ravel())[0, 1] for ours, other in pairs) > 0.5


@pytest.mark.parametrize("method", ["gradient", "gradient_x_input"])
@pytest.mark.parametrize("blur", [0, 1])
def test_the_sign_changes_no_rank(trained_cnn, method, blur):
    """ROAR, KAR and whatever else ranks pixels takes absolute values; zeros, which tie, keep their order too."""
    maps = explain(method, trained_cnn, pictures(trained_cnn, 20))
    maps[:, :4] = 0
    assert (maps < 0).any()
    assert (maps > 0).any()
    scores, turned = pixel_scores(maps, blur), pixel_scores(-maps, blur)
    np.testing.assert_array_equal(turned, scores)
    np.testing.assert_array_equal(rank_pixels(turned, seed=1), rank_pixels(scores, seed=1))
