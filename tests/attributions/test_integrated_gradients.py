"""Integrated Gradients: completeness, known values, baselines, and that steps are averaged, not summed."""

import numpy as np
import pytest

from attributions import explain
from attributions.baselines import baseline_images
from tests.attributions.networks import (
    AT,
    FROM,
    equivalent,
    g,
    linear,
    pictures,
    predicted_logits,
    relative_error,
    residual,
    sums,
)


@pytest.mark.parametrize("network", [g, equivalent])
def test_it_depends_on_the_function_alone(network):
    maps = explain("integrated_gradients", network(), AT, bounds=None, steps=200, baseline=FROM)
    np.testing.assert_allclose(maps, [[1.5, -0.5]], atol=6e-3)


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_of_a_linear_network_any_number_of_steps_is_exact(linear_network, steps):
    x = pictures(linear_network)
    weights = linear_network.get_weights()[0].T.reshape(2, 4, 4, 1)
    expected = weights[linear_network(x).numpy().argmax(axis=1)] * (x + 1)
    np.testing.assert_allclose(
        explain("integrated_gradients", linear_network, x, steps=steps), expected, rtol=1e-4, atol=1e-5
    )


def test_of_a_smooth_function_few_steps_are_nearly_exact(network, images):
    """Gauss-Legendre converges at once where a rectangle rule with as many steps is off by per cents."""
    fine = explain("integrated_gradients", network, images, steps=100)
    assert relative_error(explain("integrated_gradients", network, images, steps=6), fine) < 1e-4


@pytest.mark.parametrize("baseline", ["black", "mean", "blurred", np.array([0.2, -0.4, 0.7])])
def test_maps_sum_to_the_logit_s_change(trained_cnn, baseline):
    x = pictures(trained_cnn)
    start = np.broadcast_to(baseline_images(baseline, x, None), x.shape)
    change = predicted_logits(trained_cnn, x) - predicted_logits(trained_cnn, x, at=start)
    maps = explain("integrated_gradients", trained_cnn, x, steps=128, baseline=baseline)
    assert np.abs(sums(maps) - change).mean() < 0.01 * np.abs(change).mean()


def test_maps_of_a_residual_network_sum_to_the_logit_s_change():
    model = residual()
    x = pictures(model)
    change = predicted_logits(model, x) - predicted_logits(model, x, at=-np.ones_like(x))
    assert relative_error(sums(explain("integrated_gradients", model, x, steps=128)), change) < 0.01


def test_the_class_is_the_image_s_all_along_the_path():
    """At the baseline the other class is ahead."""
    model = linear(bias=True)
    x = pictures(model, 1)
    weights = model.get_weights()[0]
    model.set_weights([weights, (model(x).numpy()[0] - model(-np.ones_like(x)).numpy()[0]) / 2])
    chosen = model(x).numpy().argmax()
    maps = explain("integrated_gradients", model, x)
    np.testing.assert_allclose(maps.ravel(), weights[:, chosen] * (x.ravel() + 1), rtol=1e-4, atol=1e-5)


def test_nothing_is_explained_where_the_image_is_the_baseline(trained_cnn):
    x = pictures(trained_cnn, 1)
    assert not explain("integrated_gradients", trained_cnn, x, baseline=x[0]).any()


@pytest.mark.parametrize("steps", [0, -1, 2.5, float("nan")])
def test_steps_are_a_whole_number(network, images, steps):
    with pytest.raises(ValueError, match=r"steps must be a whole number of at least 1\. Received: "):
        explain("integrated_gradients", network, images, steps=steps)
