"""What determines an artefact, and nothing more, is in its key; what a study consists of is declared once."""

import pickle
from collections import Counter

import pytest

from experiments import SECTIONS
from experiments.data import Fingerprint
from experiments.manifold.keys import attack_key, gradients_key, quality_key
from experiments.measurement import measurement_named
from experiments.networks.grid import STANDARD, networks
from experiments.networks.keys import network_key, vae_gan_key
from experiments.scores.arms import BASELINE, Retraining
from experiments.scores.keys import evaluation_key, retraining_key
from experiments.settings.presets import make_settings

DATA = Fingerprint(tuple(f"train {run}" for run in range(9)), "test", "whole train", "whole test", 2000, 1000, 4000)
OTHER_TEST = DATA._replace(test="another test", test_images=500)
OTHER_TRAIN = DATA._replace(train=tuple(f"another train {run}" for run in range(9)))


def study(experiment="roar", **options):
    return make_settings(experiment, "quick", options).studies[0]


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("preset", ["quick", "reduced", "paper"])
def test_pieces_are_told_apart(section, preset):
    settings = make_settings(section, preset)
    known = measurement_named(settings.measurement)
    for one in settings.studies:
        pieces = list(known.pieces(one, DATA))
        assert max(Counter(piece.key.folder for piece in pieces).values()) == 1
        named = [piece.name for piece in pieces if piece.name is not None]
        assert len(named) == len(set(named))
        assert all(piece.name is not None for piece in pieces if piece.task)
        assert all(piece.cost >= 0 and piece.key.kind and piece.series for piece in pieces)


def test_tasks_can_be_sent_to_other_processes():
    for section in SECTIONS:
        settings = make_settings(section, "quick")
        for piece in measurement_named(settings.measurement).pieces(settings.studies[0], DATA):
            if piece.task:
                sent = pickle.loads(pickle.dumps(piece.task))
                assert getattr(sent, "func", sent) is getattr(piece.task, "func", piece.task)
                assert getattr(sent, "keywords", {}) == getattr(piece.task, "keywords", {})


def test_a_network_does_not_depend_on_the_test_set():
    assert network_key(study(), DATA, STANDARD, 0) == network_key(study(test_size=500), OTHER_TEST, STANDARD, 0)
    assert network_key(study(), DATA, STANDARD, 0) != network_key(study(), OTHER_TRAIN, STANDARD, 0)


def test_the_same_images_under_another_name_are_the_same_data():
    first, second = (network_key(study(datasets=(name,)), DATA, STANDARD, 0) for name in ("mnist_5k", "mnist"))
    assert first.config.keys() == second.config.keys()
    assert first.config["data"] == second.config["data"] == "train 0"
    assert "mnist_5k" not in first.config.values()


def test_what_is_measured_on_test_images_depends_on_them():
    for key in (
        lambda data: evaluation_key(study(), data, STANDARD, 0),
        lambda data: retraining_key(study(), data, Retraining(BASELINE, "remove", 50, 0, 0)),
        lambda data: gradients_key(study("manifold"), data, STANDARD, 0),
    ):
        assert key(DATA) != key(OTHER_TEST)
    assert vae_gan_key(study("manifold"), DATA, 0) == vae_gan_key(study("manifold"), OTHER_TEST, 0)  # the whole one


def test_the_attack_belongs_only_to_what_uses_it():
    one = study("manifold")
    other = study("manifold", manifold_steps=7, l2_step_size=0.3)
    assert quality_key(one, DATA, 0) == quality_key(other, DATA, 0)
    assert gradients_key(one, DATA, STANDARD, 0) == gradients_key(other, DATA, STANDARD, 0)
    assert attack_key(one, DATA, STANDARD, "cw", 0) != attack_key(other, DATA, STANDARD, "cw", 0)
    farther = study("manifold", manifold_eps=3.0)
    assert quality_key(one, DATA, 0) != quality_key(farther, DATA, 0)  # its noise has that size
    assert gradients_key(one, DATA, STANDARD, 0) == gradients_key(farther, DATA, STANDARD, 0)


def test_a_network_is_its_method_its_parameters_and_its_seed():
    specs = networks(study(l2_eps=(1.0,), linf_eps=(0.1,), attack_steps=10))
    configs = [network_key(study(seed=5), DATA, spec, 0).config for spec in specs]
    assert [config["method"] for config in configs] == ["standard", "adversarial", "adversarial"]
    assert configs[1]["parameters"] == {
        "norm": "l2",
        "loss": "cross_entropy",
        "eps": 1.0,
        "step_size": 2.0,
        "steps": 10,
    }
    assert {config["training_seed"] for config in configs} == {5}
    assert [spec.passes for spec in specs] == [3, 23, 23]  # three for the update, two for each attack step
