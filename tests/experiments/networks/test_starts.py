"""Trainings that start alike are found out."""

import numpy as np
import pytest

from experiments.compute.progress import Progress
from experiments.data import Fingerprint
from experiments.measurement import measurement_named
from experiments.networks.starts import equal_share
from experiments.networks.values import EQUAL_STARTS
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from models import NETWORKS
from reports.evidence.starts import BY_CHANCE
from tests.experiments.networks import own_networks


def test_the_share_of_drawn_weights_that_is_equal():
    kernel, bias = np.arange(6.0), np.zeros(3)
    assert equal_share([kernel, bias], [kernel, bias]) == 1
    assert equal_share([kernel, bias], [kernel + 1, bias]) == 0
    assert equal_share([kernel, bias], [np.where(kernel < 2, kernel, -1), bias]) == pytest.approx(2 / 6)
    assert equal_share([kernel, np.array([1.0, 2.0])], [kernel, np.array([3.0, 4.0])]) == pytest.approx(6 / 8)
    assert equal_share([bias], [bias]) == 1


@pytest.mark.parametrize("experiment", ["roar", "manifold"])
@pytest.mark.parametrize(
    ("name", "share"),
    [("dropout", 0), ("seeded_inside", 1), ("pretrained", 784 * 16 / (784 * 16 + 16 * 10))],
)
def test_a_network_that_draws_nothing_from_its_seed_is_found_out(tmp_path, experiment, name, share):
    options = {"train_size": 40, "test_size": 20, "network": f"{own_networks.__name__}:{name}"}
    settings = make_settings(experiment, "quick", options)
    known = measurement_named(settings.measurement)
    runner = known.runner(settings.studies[0], settings, Store(tmp_path), Progress(quiet=True))
    (piece,) = (piece for piece in known.pieces(settings.studies[0], runner.fingerprint) if piece.name == EQUAL_STARTS)
    assert piece.task(runner) == pytest.approx(share)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_built_in_network_draws_all_from_its_seed(network):
    shape = {"input_shape": (8, 8, 1), "classes": 3, "width": 0.1}
    one, other = (NETWORKS[network](seed=seed, **shape).get_weights() for seed in (0, 1))
    assert equal_share(one, other) < BY_CHANCE


def test_a_built_in_network_is_not_asked():
    study = make_settings("roar", "quick", {}).studies[0]
    pieces = measurement_named("scores").pieces(study, Fingerprint())
    assert EQUAL_STARTS not in {piece.name for piece in pieces}
