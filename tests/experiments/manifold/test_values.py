"""What pieces gave lies at its own place in the arrays, and what they did not give is marked."""

import numpy as np
import pytest

from experiments.manifold.controls import CONTROLS
from experiments.manifold.study import ATTACK_LOSSES
from experiments.manifold.values import OF_ATTACKS, OF_GRADIENTS, labelled
from experiments.networks.grid import networks
from experiments.store.labels import NOT_MEASURED, NUMBER_BITS
from tests.reports.manifold.made_up import KNOWN_STUDY, METRICS, known

SPECS = networks(KNOWN_STUDY)
STORED = 2.0**-NUMBER_BITS
"""As precise as numbers of single images are stored."""


@pytest.fixture(scope="module")
def arrays():
    return labelled(known())[0]


@pytest.mark.parametrize("loss", ATTACK_LOSSES)
@pytest.mark.parametrize("spec", SPECS, ids=[spec.name for spec in SPECS])
def test_attacks_and_gradients_are_found_by_their_labels(arrays, spec, loss):
    for run in range(3):
        pieces, place = known().values, {"network": spec.name, "training": run}
        attack, gradients = pieces["attack", spec, loss, run], pieces["gradients", spec, run]
        of_attack = arrays.sel(**place, attack_loss=loss)
        for name in OF_ATTACKS:
            np.testing.assert_allclose(of_attack[name].values, attack[name], rtol=STORED)
        for control in CONTROLS:
            stored = of_attack["control_distance"].sel(control=control)
            np.testing.assert_allclose(stored.values, attack[control], rtol=STORED)
        for name in OF_GRADIENTS:
            np.testing.assert_allclose(arrays[name].sel(**place).values, gradients[name], rtol=STORED)


def test_clean_images_come_before_noise_by_its_size(arrays):
    assert arrays["noise"].values.tolist() == [0, 2, 4, 8, 12]
    for run in range(3):
        quality = known().values["quality", run]
        noisy = arrays["noisy"].sel(training=run)
        np.testing.assert_allclose(noisy.sel(noise=0).values, quality["clean"], rtol=STORED)
        np.testing.assert_allclose(noisy[1:].values, quality["noise"], rtol=STORED)
        np.testing.assert_allclose(arrays["noisy_encoded"].sel(training=run).values, quality["encoded"], rtol=STORED)
        np.testing.assert_allclose(arrays["to_another"].sel(training=run).values, quality["to_another"], rtol=STORED)
        for control in CONTROLS:
            stored = arrays["clean_control"].sel(training=run, control=control)
            np.testing.assert_allclose(stored.values, quality[control], rtol=STORED)


def test_what_is_of_a_whole_vae_gan_loses_no_digit():
    measured = known()
    for run in range(3):
        measured.values["quality", run]["history_values"] = np.full(len(METRICS), 267.4914093017578 + run)
    arrays, _ = labelled(measured)
    assert arrays["history"].sel(training=1, metric="val_kl") == 268.4914093017578
    assert arrays["diversity"].values.tolist() == [0.4, 0.5, 0.6000000000000001]


def test_what_was_not_measured_is_marked():
    measured = known()
    weak = SPECS[1]
    del measured.values["attack", weak, "cw", 1], measured.values["gradients", weak, 2], measured.values["quality", 0]
    arrays, _ = labelled(measured)
    assert not arrays["attack_there"].sel(network=weak.name, attack_loss="cw", training=1)
    assert arrays["attack_there"].values.sum() == 3 * 4 * 2 - 1
    assert not arrays["gradients_there"].sel(network=weak.name, training=2)
    assert arrays["gradients_there"].values.sum() == 3 * 4 - 1
    lost = arrays.sel(network=weak.name, attack_loss="cw", training=1)
    assert np.isnan(lost["distance"].values).all()
    assert (lost["changed_own"].values == NOT_MEASURED).all()
    assert np.isnan(arrays["alignment"].sel(network=weak.name, training=2).values).all()
    assert np.isnan(arrays["noisy"].values).sum() == arrays["noisy"][0].size


def test_pictures_are_of_the_training_of_which_most_is_there():
    measured = known()
    del measured.values["attack", SPECS[1], "cw", 0], measured.values["quality", 1]
    arrays, _ = labelled(measured)
    assert arrays["sample_training"] == 2
    quality, attack = measured.values["quality", 2], measured.values["attack", SPECS[3], "cross_entropy", 2]
    of_network = arrays.sel(network=SPECS[3].name)
    for name, expected in {
        "sample_adversarial": attack["sample_adversarial"],
        "sample_adversarial_projection": attack["sample_projections"],
        "sample_predicted": attack["sample_predicted"],
        "sample_map": measured.values["gradients", SPECS[3], 2]["sample_maps"],
    }.items():
        np.testing.assert_array_equal(of_network[name].values, expected)
    np.testing.assert_array_equal(arrays["sample_image"].values, quality["sample_images"])
    np.testing.assert_array_equal(arrays["sample_projection"].values, quality["sample_projections"])
    np.testing.assert_array_equal(arrays["generated_image"].values, quality["generated"])


@pytest.mark.parametrize("kind", ["quality", "attack"])
def test_without_a_vae_gan_or_any_attack_nothing_can_be_said(kind):
    measured = known()
    for name in [name for name in measured.values if name[0] == kind]:
        del measured.values[name]
    assert labelled(measured) is None
