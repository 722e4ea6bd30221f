"""Our attributions against Captum's, an independent implementation: same weights, same images, same maps."""

import keras
import numpy as np
import pytest
from keras import layers

from attributions import explain
from tests.attributions.networks import logit_gradients, pictures, predicted_logits, relative_error, sequential, sums
from tests.reference.library import library
from tests.reference.shared_noise import noise_for

torch = library("torch")
attr = library("captum.attr")

from benchmarks.peers import torch_batch, torch_network  # noqa: E402


@pytest.fixture
def images(trained_cnn):
    return pictures(trained_cnn, 6)


@pytest.fixture
def theirs(trained_cnn, images):
    """A function of (Captum's method, the images to explain, its options) -> maps, channels last."""
    x, y = torch_batch(images, trained_cnn(images).numpy().argmax(axis=1))
    network = torch_network(trained_cnn)

    def maps(kind, only=slice(None), wrap=lambda method: method, **options):
        found = wrap(kind(network)).attribute(x[only], target=y[only], **options)
        return np.moveaxis(found.detach().numpy(), 1, -1)

    return maps


def test_the_gradient_of_the_predicted_logit(trained_cnn, images, theirs):
    assert relative_error(logit_gradients(trained_cnn, images), theirs(attr.Saliency, abs=False)) < 1e-5


@pytest.mark.parametrize("steps", [5, 50])
@pytest.mark.parametrize("baseline", [-1.0, 0.25])
def test_integrated_gradients(trained_cnn, images, theirs, steps, baseline):
    ours = explain("integrated_gradients", trained_cnn, images, steps=steps, baseline=baseline)
    peer = theirs(attr.IntegratedGradients, n_steps=steps, baselines=baseline, method="gausslegendre")
    assert relative_error(ours, peer) < 1e-4


@pytest.mark.parametrize(
    ("method", "kind"),
    [("smoothgrad", "smoothgrad"), ("smoothgrad_squared", "smoothgrad_sq"), ("vargrad", "vargrad")],
)
def test_means_and_variances_over_the_same_noise(trained_cnn, images, theirs, method, kind, monkeypatch):
    noise = noise_for(images, samples=7, seed=3) * 0.3
    as_drawn = torch.tensor(np.moveaxis(noise, -1, 2).reshape(-1, 3, *images.shape[1:3]))
    monkeypatch.setattr(torch, "normal", lambda *arguments: as_drawn)
    options = {"abs": False, "nt_type": kind, "nt_samples": 7, "stdevs": 0.3}
    peer = theirs(attr.Saliency, wrap=attr.NoiseTunnel, **options)
    ours = explain(method, trained_cnn, images, samples=7, sigma=0.15, seed=3)
    assert relative_error(ours, peer) < 1e-4


@pytest.mark.parametrize("baseline", [-1.0, 0.25])
@pytest.mark.parametrize("pooling", ["none", "of pixels"])
def test_deeplift(pooling, baseline):
    """Without pooling behind a rectifier, where Captum 0.9's maps do not sum to the change: the test below.

    One image at a time: Captum 0.9 also mixes up images at maximum pooling (its issue 1276).
    """
    network = convolutional(layers.MaxPooling2D() if pooling == "of pixels" else layers.Conv2D(3, 3, padding="same"))
    images = pictures(network, 6)
    x, y = torch_batch(images, network(images).numpy().argmax(axis=1))
    method = attr.DeepLift(torch_network(network))
    peer = [method.attribute(x[i : i + 1], baselines=baseline, target=y[i : i + 1]) for i in range(len(x))]
    ours = explain("deeplift", network, images, baseline=baseline)
    assert relative_error(ours, np.moveaxis(torch.cat(peer).detach().numpy(), 1, -1)) < 1e-4


def test_deeplift_sums_to_the_change_where_captum_does_not(trained_cnn, images, theirs):
    """Says when Captum is mended, so that the test above can take the whole network."""
    change = predicted_logits(trained_cnn, images) - predicted_logits(trained_cnn, images, at=-np.ones_like(images))
    assert relative_error(sums(explain("deeplift", trained_cnn, images)), change) < 1e-4
    assert relative_error(sums(theirs(attr.DeepLift, only=slice(0, 1), baselines=-1.0)), change[:1]) > 0.1


def convolutional(first):
    keras.utils.set_random_seed(1)
    biases = {"bias_initializer": keras.initializers.RandomNormal(stddev=0.2, seed=1)}
    stack = layers.Conv2D(5, 3, padding="same", activation="relu", **biases), layers.Flatten()
    head = layers.Dense(7, activation="relu", **biases), layers.Dense(3)
    return sequential((8, 8, 3), first, *stack, *head)


def test_guided_backpropagation(trained_cnn, images, theirs):
    ours = explain("guided_backprop", trained_cnn, images)
    assert relative_error(ours, theirs(attr.GuidedBackprop)) < 1e-5


@pytest.mark.parametrize("epsilon", [1e-6, 0.3])
def test_lrp_epsilon(trained_cnn, images, theirs, epsilon):
    from captum.attr._utils.lrp_rules import EpsilonRule

    def with_rules(method):
        for module in method.model:
            if isinstance(module, torch.nn.Conv2d | torch.nn.Linear):
                module.rule = EpsilonRule(epsilon)
            elif isinstance(module, torch.nn.Flatten):
                module.rule = EpsilonRule()  # as good as none, which Captum does not accept
        return method

    ours = explain("lrp_epsilon", trained_cnn, images, epsilon=epsilon)
    assert relative_error(ours, theirs(attr.LRP, wrap=with_rules)) < 1e-4
