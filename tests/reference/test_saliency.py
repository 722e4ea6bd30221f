"""Our Integrated Gradients and SmoothGrad against PAIR's `saliency`, which asks for the network's gradients."""

import numpy as np
import pytest

from attributions import explain
from tests.attributions.networks import logit_gradients, pictures, relative_error
from tests.reference.library import library
from tests.reference.shared_noise import noise_for

core = library("saliency.core")


def gradients_of(network):
    """Of the logit predicted for each image, as `saliency` wants them."""

    def call(images, call_model_args=None, expected_keys=None):
        return {core.INPUT_OUTPUT_GRADIENTS: logit_gradients(network, np.asarray(images, np.float32))}

    return call


def test_integrated_gradients(linear_network, trained_cnn):
    """A mean over equal steps, both ends included, which approaches ours slowly; on a linear network it is ours."""
    method = core.IntegratedGradients()
    for network, steps, tolerance in ((linear_network, 3, 1e-5), (trained_cnn, 500, 1e-2)):
        image = pictures(network, 1)[0]
        baseline = 0.9 * image  # near enough for the class to stay: gradients_of follows the prediction
        ours = explain("integrated_gradients", network, image[None], baseline=baseline)[0]
        peer = method.GetMask(image, gradients_of(network), x_baseline=baseline, x_steps=steps, batch_size=100)
        assert relative_error(ours, peer) < tolerance


@pytest.mark.parametrize(("method", "magnitude"), [("smoothgrad", False), ("smoothgrad_squared", True)])
def test_means_over_the_same_noise(trained_cnn, method, magnitude, monkeypatch):
    images = pictures(trained_cnn, 1)
    noise = iter(noise_for(images, samples=7, seed=3)[0] * 0.02)
    monkeypatch.setattr(np.random, "normal", lambda *arguments: next(noise))
    peer = core.GradientSaliency().GetSmoothedMask(
        images[0], gradients_of(trained_cnn), nsamples=7, magnitude=magnitude
    )
    ours = explain(method, trained_cnn, images, samples=7, sigma=0.01, seed=3)[0]
    assert relative_error(ours, peer) < 1e-4
