"""Presets resolve as the tables say, and every bad value gets one sentence that names its flag."""

import pytest

import shelf
from experiments.errors import UsageError
from experiments.networks.grid import control_networks, networks
from experiments.scores.pieces import arms, retrainings
from experiments.scores.study import ScoresStudy
from experiments.settings.presets import PRESETS, make_settings


def test_the_paper_preset_is_the_protocol():
    (study,) = make_settings("roar", "paper").studies
    assert study == ScoresStudy(dataset="cifar10")
    assert (study.l2_eps[0], study.l2_eps[-1], len(study.l2_eps)) == (0.08, 1.6, 20)
    assert (study.linf_eps[0], study.linf_eps[-1], len(study.linf_eps)) == (0.002, 0.04, 20)
    assert (study.attack_steps, study.epochs, study.batch_size, study.repeats) == (40, 20, 100, 3)
    assert (study.training_seeds, study.robust_attacks) == (3, ("pgd", "apgd"))
    assert len(networks(study)) == 81


def test_flags_win_over_presets_and_presets_over_the_protocol():
    (study,) = make_settings("roar", "quick", {"epochs": 7, "l2_eps": (0.3,)}).studies
    assert (study.epochs, study.l2_eps) == (7, (0.3,))
    assert study.width == PRESETS["quick"]["all"]["width"]
    assert study.network == "mnist_cnn"


@pytest.mark.parametrize(
    ("given", "trainings"), [({"looks": (5, 8)}, 8), ({"looks": (5, 8), "training_seeds": 3}, 3), ({}, 3)]
)
def test_the_last_look_says_how_many_trainings_there_are_unless_a_flag_does(given, trainings):
    for section in ("roar", "manifold", "survey"):
        assert make_settings(section, "quick", given).studies[0].training_seeds == trainings


def test_flags_that_choose_among_attributions_may_name_what_is_not_run():
    given = {"attributions": ("sobel", "gradient"), "parts_of": ("gradient", "deeplift"), "controls_of": ("all",)}
    (study,) = make_settings("roar", "quick", given).studies
    assert study.attributions_of("parts_of") == ["gradient"]
    assert study.attributions_of("controls_of") == ["sobel", "gradient"]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_resolves(preset):
    for study in make_settings("roar", preset).studies:
        assert control_networks(study)[0].name == "standard"
        found = [retraining for arm in arms(study) for retraining in retrainings(study, arm, 0)]
        assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ({"epochs": 0}, "--epochs: 0 is not allowed; allowed: a whole number above 0."),
        ({"l2_eps": (1.0, -1.0)}, "--l2_eps: -1.0 is not allowed; allowed: a number above 0."),
        ({"linf_eps": (0.1, 0.1)}, "--linf_eps: 0.1,0.1 names an entry twice."),
        ({"percentiles": (50, 100)}, "--percentiles: 100 is not allowed; allowed: whole numbers from 1 to 99."),
        ({"percentiles": (90, 10)}, "--percentiles: 90,10 must ascend."),
        ({"percentiles": ()}, "--percentiles: is empty; at least one entry is needed."),
        ({"losses": ("hinge",)}, "--losses: 'hinge' is unknown; allowed: cross_entropy, cw"),
        ({"losses": ()}, "--losses: is empty; at least one entry is needed."),
        ({"training": ()}, "--training: is empty; at least one entry is needed."),
        ({"training": ("standard",)}, "--training: standard training is part of every run and cannot be listed."),
        ({"precision": "int8"}, "--precision: 'int8' is not allowed; allowed: float32"),
        ({"datasets": ("svhn",)}, "--datasets: 'svhn' is unknown; allowed: mnist_5k, mnist"),
        ({"attributions": ("random",)}, "--attributions: random is the baseline of every run and cannot be listed."),
        ({"attributions": ("lime",)}, "--attributions: 'lime' is unknown; allowed: brightness"),
        ({"measures": ()}, "--measures: roar must be listed"),
        ({"looks": (8, 5)}, "--looks: 8,5 must ascend."),
        ({"looks": (5, 5)}, "--looks: 5,5 names an entry twice."),
        ({"looks": (0, 5)}, "--looks: 0 is not allowed; allowed: a whole number from 1 to 50."),
        (
            {"looks": (5, 8), "training_seeds": 9},
            "--training_seeds: 9 is more than the last of --looks, 8; leave one of the two flags out.",
        ),
        ({"fills": ("mean", "black")}, "--fills: 'black' is not allowed; allowed: mean, imputed."),
        ({"fills": ("imputed",)}, "--fills: mean must be listed: scores are made with it"),
        ({"parts_of": ("lime",)}, "--parts_of: 'lime' is unknown; allowed: all, or some of brightness"),
        ({"controls_of": ("random",)}, "--controls_of: 'random' is unknown; allowed: all, or some of brightness"),
        ({"parts_on": "weakest"}, "--parts_on: 'weakest' is not allowed; allowed: all, strongest."),
        ({"training_seeds": 0}, "--training_seeds: 0 is not allowed; allowed: "),
        ({"training_seeds": 51}, "--training_seeds: 51 is not allowed; allowed: "),
        ({"repeats": 21}, "--repeats: 21 is not allowed; allowed: "),  # they would share seeds with the next training
        ({"random_baselines": 0}, "--random_baselines: 0 is not allowed; allowed: "),
        ({"blur_sweep": (1.0, 0.0)}, "--blur_sweep: 0.0 is not allowed; allowed: a number above 0."),
        ({"network": "resnet"}, "--network: 'resnet' is unknown; allowed: cifar_cnn, mnist_cnn"),
    ],
)
def test_bad_values(override, sentence):
    with pytest.raises(UsageError) as error:
        make_settings("roar", "quick", override)
    assert str(error.value).startswith(sentence)


def test_unknown_experiment_and_preset():
    with pytest.raises(UsageError, match="--experiment: 'moon' is unknown; allowed: .*roar"):
        make_settings("moon", "quick")
    with pytest.raises(UsageError, match="--preset: 'huge' is unknown; allowed: quick, reduced, paper"):
        make_settings("roar", "huge")


def test_all_attributions_are_those_of_the_shelf_without_the_baseline():
    (study,) = make_settings("roar", "quick", {"attributions": ("all",)}).studies
    assert set(study.attributions) == set(shelf.entries("attributions")) - {"random"}
    with pytest.raises(UsageError, match="--attributions: 'all' is unknown; allowed: "):
        make_settings("roar", "quick", {"attributions": ("gradient", "all")})
