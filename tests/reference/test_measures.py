"""Our measures against Captum's and Quantus's: same network, same images, same maps."""

import numpy as np

from measures import measure
from measures.max_sensitivity import PARAMETERS
from tests.attributions.networks import logit_gradients, pictures
from tests.reference.library import library

torch = library("torch")

from benchmarks.peers import torch_batch, torch_network  # noqa: E402

RADIUS, SAMPLES, SEED = PARAMETERS["radius"]["default"], PARAMETERS["samples"]["default"], 3


def moves(images: np.ndarray) -> np.ndarray:
    """(samples, N, H, W, C) the images that our max-sensitivity tries."""
    rng = np.random.default_rng([SEED, 1])
    drawn = [rng.uniform(-1, 1, images.shape).astype(np.float32) for _ in range(SAMPLES)]
    return np.clip(images + np.float32(RADIUS) * np.stack(drawn), -1, 1)


def test_max_sensitivity_of_the_gradient_is_captum_s(trained_cnn):
    metrics = library("captum.metrics")
    attr = library("captum.attr")
    images = pictures(trained_cnn, 6)
    labels, maps = trained_cnn(images).numpy().argmax(axis=1), logit_gradients(trained_cnn, images)
    ours = measure(
        "max_sensitivity",
        trained_cnn,
        images,
        labels,
        maps,
        explain=lambda model, moved: logit_gradients(model, moved),
        seed=SEED,
    )
    moved = moves(images)
    there = trained_cnn(moved.reshape(-1, *images.shape[1:])).numpy().argmax(axis=1).reshape(SAMPLES, -1)
    same = (there == labels).all(axis=0)
    assert same.any()  # Captum keeps the class, of which ours takes the one predicted there
    x, y = torch_batch(images, labels)
    one_by_one = torch.tensor(np.moveaxis(np.swapaxes(moved, 0, 1).reshape(-1, *images.shape[1:]), -1, 1).copy())
    method = attr.Saliency(torch_network(trained_cnn))

    def gradient(inputs, target):
        """Of a tuple a tuple, as all of Captum's methods."""
        if isinstance(inputs, tuple):
            return tuple(gradient(one, target) for one in inputs)
        return method.attribute(inputs, target=target, abs=False).contiguous()

    options = {"perturb_func": lambda inputs: one_by_one, "n_perturb_samples": SAMPLES, "target": y}
    theirs = metrics.sensitivity_max(gradient, x, **options)
    np.testing.assert_allclose(ours[same], theirs.detach().numpy()[same], rtol=1e-3)


def test_sparseness_is_quantus_s(trained_cnn):
    quantus = library("quantus")
    images = pictures(trained_cnn, 6)
    maps = np.random.default_rng(0).standard_normal(images.shape)[..., :1].astype(np.float32)
    ours = measure("sparseness", trained_cnn, images, np.zeros(6, int), maps)
    metric = quantus.Sparseness(abs=True, normalise=False, disable_warnings=True)
    x = np.moveaxis(images, -1, 1)
    theirs = metric(
        model=torch_network(trained_cnn), x_batch=x, y_batch=np.zeros(6, int), a_batch=np.moveaxis(maps, -1, 1)
    )
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
