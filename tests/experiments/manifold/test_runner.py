"""A VAE-GAN that is no manifold, and images that it does not fit, are refused; work is counted as it was planned."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.compute.progress import Progress
from experiments.data import Dataset
from experiments.errors import PieceFailedError, UsageError
from experiments.manifold.pieces import pieces
from experiments.manifold.runner import ManifoldRunner
from experiments.networks.grid import STANDARD
from experiments.networks.keys import vae_gan_key
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from models import VAEGAN
from models.vae_gan import recipe_for


@pytest.mark.parametrize("pixel", [0.3, np.nan], ids=["one_image", "nan"])
def test_a_collapsed_vae_gan_fails_with_a_sentence_and_is_not_stored(tmp_path, monkeypatch, pixel):
    sizes = {"vae_gan_epochs": 1, "vae_gan_width": 0.02, "batch_size": 2000}
    settings, store = make_settings("manifold", "quick", sizes), Store(tmp_path)
    (study,) = settings.studies
    runner = ManifoldRunner(study, settings, store, Progress(quiet=True))
    monkeypatch.setattr(VAEGAN, "generate", lambda self, n, seed=0: np.full((n, 28, 28, 1), pixel))
    with pytest.raises(PieceFailedError, match="vae_gan-mnist_5k-t0: it collapsed"):
        runner.vae_gans.get(0)
    assert vae_gan_key(study, runner.fingerprint, 0) not in store


def test_images_without_an_architecture_are_refused(tmp_path):
    settings = make_settings("manifold", "quick", {"datasets": ("tests.experiments.manifold.test_runner:odd_images",)})
    runner = ManifoldRunner(settings.studies[0], settings, Store(tmp_path), Progress(quiet=True))
    with pytest.raises(
        UsageError, match=r"does not fit the VAE-GAN: image_shape must be \(28, 28, 1\) or \(32, 32, 3\)"
    ):
        runner.vae_gans.get(0)


@pytest.mark.parametrize("projection", ["encode", "optimise"])
def test_what_is_measured_takes_as_many_passes_as_was_planned(tmp_path, monkeypatch, projection):
    small = {"projection": projection, "projection_steps": 2, "manifold_steps": 2, "test_size": 20, "width": 0.06}
    settings, progress, done = make_settings("manifold", "quick", small), Progress(quiet=True), []
    (study,) = settings.studies
    runner = ManifoldRunner(study, settings, Store(tmp_path), progress)
    untrained, network = VAEGAN((28, 28, 1), recipe_for("mnist", (28, 28, 1)), width=0.02), runner.networks.new()
    runner.vae_gans = SimpleNamespace(
        get=lambda run: untrained, history=lambda run: {"loss": [1.0]}, whole_data=runner.data
    )
    monkeypatch.setattr(runner.networks, "get", lambda spec, run: network)
    monkeypatch.setattr(progress, "advance", done.append)
    runner.measure_quality(0)
    runner.measure_attack(STANDARD, "cross_entropy", 0)
    costs = {piece.name: piece.cost for piece in pieces(study, runner.fingerprint) if piece.task}
    assert sum(done) == costs["quality", 0] + costs["attack", STANDARD, "cross_entropy", 0] > 0


def odd_images():
    images, labels = np.zeros((4000, 9, 9, 1), np.float32), np.arange(4000) % 2
    return Dataset("odd", images, labels, images, labels, ("a", "b"))
