"""DeepLIFT: known values, and that contributions sum to the logit's change."""

import numpy as np
import pytest

from attributions import explain
from attributions.baselines import baseline_images
from tests.attributions.networks import (
    AT,
    FROM,
    equivalent,
    g,
    logit_gradients,
    maximum,
    pictures,
    predicted_logits,
    rectified,
    relative_error,
    residual,
    sums,
)


@pytest.mark.parametrize(("network", "expected"), [(g, [2.0, -1.0]), (equivalent, [1.5, -0.5])])
def test_it_depends_on_how_a_function_is_written(network, expected):
    np.testing.assert_allclose(explain("deeplift", network(), AT, baseline=FROM, bounds=None), [expected], atol=1e-6)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((3, 1), (0, 2), (1, 0)),
        ((1, 0), (0, 3), (0, -2)),
        ((3, 1), (1, 0), (2, 0)),
        ((2, 5), (4, 3), (0, 1)),
        ((2, 1), (2, 1), (0, 0)),
    ],
)
def test_a_maximum_s_change_is_the_old_and_the_new_winner_s(now, before, expected):
    as_image = lambda pair: np.array(pair, np.float32).reshape(1, 2, 1)  # noqa: E731
    maps = explain("deeplift", maximum(), as_image(now)[None], baseline=as_image(before), bounds=None)
    np.testing.assert_allclose(maps.ravel(), expected, atol=1e-6)


def test_of_a_linear_network_it_is_the_gradient_times_the_change(linear_network):
    x = pictures(linear_network)
    np.testing.assert_allclose(
        explain("deeplift", linear_network, x), logit_gradients(linear_network, x) * (x + 1), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("baseline", ["black", "mean", "blurred", np.array([0.2, -0.4, 0.7])])
@pytest.mark.parametrize("network", ["trained", rectified, residual])
def test_contributions_sum_to_the_logit_s_change(trained_cnn, network, baseline):
    model = trained_cnn if network == "trained" else network()
    x = pictures(model, 9)
    start = np.broadcast_to(baseline_images(baseline, x, None), x.shape)
    change = predicted_logits(model, x) - predicted_logits(model, x, at=start)
    maps = explain("deeplift", model, x, baseline=baseline)
    assert relative_error(sums(maps), change) < 1e-4
    assert relative_error(logit_gradients(model, x) * (x - start), maps) > 0.01  # which is not the gradient's doing


def test_where_nothing_changes_a_multiplier_is_the_derivative():
    """Near the baseline, contributions approach the gradient times the change, without a division by zero."""
    model = rectified()
    x = pictures(model, 1)
    change = 1e-3 * pictures(model, 1, seed=8)
    maps = explain("deeplift", model, x + change, baseline=x[0])
    assert relative_error(maps, logit_gradients(model, x) * change) < 0.05
    assert not explain("deeplift", model, x, baseline=x[0]).any()
