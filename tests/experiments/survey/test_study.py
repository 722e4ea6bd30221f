"""What a survey consists of, what it shares with the other measurements, and what it refuses."""

import dataclasses

import pytest

from experiments.data import Fingerprint
from experiments.errors import UsageError
from experiments.measurement import measurement_named
from experiments.networks.grid import STANDARD
from experiments.networks.keys import vae_gan_key
from experiments.scores.arms import Arm
from experiments.scores.declared import measure_passes
from experiments.scores.keys import measure_key
from experiments.settings.presets import make_settings

DATA = Fingerprint(tuple(f"train {run}" for run in range(9)), "test", "whole train", "whole test", 2000, 1000, 4000)
ALL_BUT_NULL_BLOCK = {
    *("deletion", "diffroar", "insertion", "max_sensitivity", "randomisation", "road", "roar", "sparseness"),
    "tangent_alignment",
}


def studies(preset="quick", **options):
    return {study.dataset: study for study in make_settings("survey", preset, options).studies}


def folders(measurement, study):
    return {piece.key.folder for piece in measurement_named(measurement).pieces(study, DATA)}


def test_every_measure_is_taken_that_the_data_set_has_a_use_for():
    quick = studies()
    assert set(quick["mnist_5k"].measures) == ALL_BUT_NULL_BLOCK
    assert quick["block_mnist"].measures == ("null_block_share",)
    everywhere = studies(measures=("all",))
    assert set(everywhere["mnist_5k"].measures) == ALL_BUT_NULL_BLOCK
    assert set(everywhere["block_mnist"].measures) == ALL_BUT_NULL_BLOCK - {"tangent_alignment"} | {"null_block_share"}
    own = studies(datasets=("mine:data",))["mine:data"]  # of which nothing is known beforehand
    assert set(own.measures) == ALL_BUT_NULL_BLOCK - {"tangent_alignment"}
    (roar,) = make_settings("roar", "quick", {"measures": ("all",)}).studies
    assert set(roar.measures) == ALL_BUT_NULL_BLOCK - {"tangent_alignment"}


def test_without_retraining_the_others_are_left():
    study = studies(retraining=False)["mnist_5k"]
    assert set(study.measures) == ALL_BUT_NULL_BLOCK - {"roar", "diffroar"}
    kinds = {piece.key.kind for piece in measurement_named("survey").pieces(study, DATA)}
    assert not any("retrainings" in kind for kind in kinds)


def test_networks_retrainings_and_maps_are_roar_s_and_vae_gans_are_manifold_s():
    survey = studies()["mnist_5k"]
    (roar,) = make_settings("roar", "quick").studies
    (manifold,) = make_settings("manifold", "quick").studies
    known = folders("scores", roar) | folders("manifold", manifold)
    own = [piece.key for piece in measurement_named("survey").pieces(survey, DATA) if piece.key.folder not in known]
    assert {key.kind for key in own} == {"measures without retraining", "measures of noise"}


def test_the_plan_has_the_vae_gan_where_a_measure_needs_it():
    def vae_gans(**options):
        pieces = measurement_named("survey").pieces(studies(datasets=("mnist_5k",), **options)["mnist_5k"], DATA)
        return [piece for piece in pieces if piece.key.kind == "VAE-GANs"]

    assert len(vae_gans()) == 3
    assert all(piece.cost == 40 * 10 * 4000 for piece in vae_gans())
    assert vae_gans(measures=("road", "roar")) == []


def test_the_manifold_is_part_of_the_key_of_what_needs_it():
    study = studies()["mnist_5k"]
    longer = dataclasses.replace(study, vae_gan_epochs=11)
    arm = Arm(STANDARD, "gradient")
    assert (
        measure_key(study, DATA, arm, 0, "tangent_alignment").config["manifold"] == vae_gan_key(study, DATA, 0).folder
    )
    for name, same in (("tangent_alignment", False), ("road", True)):
        assert (measure_key(study, DATA, arm, 0, name) == measure_key(longer, DATA, arm, 0, name)) == same


def test_the_network_is_part_of_the_key_of_a_measure_whose_attribution_does_not_know_it():
    study = studies()["mnist_5k"]
    arm = Arm(STANDARD, "sobel")
    longer = dataclasses.replace(study, epochs=study.epochs + 1)
    assert measure_key(study, DATA, arm, 0, "road") != measure_key(longer, DATA, arm, 0, "road")


def test_measures_cost_the_passes_that_they_declare():
    study = studies()["mnist_5k"]
    assert measure_passes(study, "road", "gradient") == 4 * 5
    assert measure_passes(study, "insertion", "gradient") == measure_passes(study, "insertion", "smoothgrad") == 22
    assert measure_passes(study, "max_sensitivity", "gradient") == 10 * 2
    assert measure_passes(study, "max_sensitivity", "integrated_gradients") == 10 * 100
    assert measure_passes(study, "sparseness", "gradient") == 0
    assert measure_passes(study, "roar", "gradient") is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"measures": ()}, "--measures: is empty; at least one entry is needed."),
        ({"measures": ("roar", "gini")}, "--measures: 'gini' is unknown; allowed: deletion, diffroar"),
        (
            {"measures": ("tangent_alignment",)},
            "--measures: tangent_alignment needs a manifold, which block_mnist has not; --datasets that have one: "
            "mnist_5k, mnist, fashion_mnist, cifar10.",
        ),
        (
            {"measures": ("null_block_share",)},
            "--measures: null_block_share needs a null block, which mnist_5k has not; --datasets that have one: "
            "block_mnist.",
        ),
        (
            {"measures": ("road", "roar", "diffroar"), "retraining": False},
            "--noretraining: roar, diffroar cannot be measured without networks retrained; leave",
        ),
        ({"measured_images": -1}, "--measured_images: -1 is not allowed; allowed: a whole number, 0 or more."),
    ],
)
def test_bad_values(options, sentence):
    with pytest.raises(UsageError) as error:
        make_settings("survey", "quick", options)
    assert str(error.value).startswith(sentence)
