"""Presets resolve as the tables say, and every bad value gets one sentence that names its flag."""

import pytest
from experiments.settings.settings import PRESETS, Study, make_settings

from experiments.errors import UsageError
from experiments.networks.grid import cells, control_networks, networks


def test_the_paper_preset_is_the_protocol():
    (study,) = make_settings("roar", "paper").studies
    assert study == Study(dataset="cifar10")
    assert (study.l2_eps[0], study.l2_eps[-1], len(study.l2_eps)) == (0.08, 1.6, 20)
    assert (study.linf_eps[0], study.linf_eps[-1], len(study.linf_eps)) == (0.002, 0.04, 20)
    assert (study.attack_steps, study.epochs, study.batch_size, study.repeats) == (40, 20, 100, 3)
    assert len(networks(study)) == 81
    paper = [cell for cell in cells(study) if cell.metric != "mask" and not cell.arm.blurred]
    # 81 networks x 2 attributions x 2 metrics x 5 percentages x 3, random once, its second draw in ROAR
    assert len(paper) == 81 * 2 * 2 * 5 * 3 + 2 * 5 * 3 + 5 * 3


def test_flags_win_over_presets_and_presets_over_the_protocol():
    (study,) = make_settings("roar", "quick", {"epochs": 7, "l2_eps": (0.3,)}).studies
    assert (study.epochs, study.l2_eps) == (7, (0.3,))
    assert study.width == PRESETS["quick"]["all"]["width"]
    assert study.network == "mnist_cnn"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_resolves(preset):
    for study in make_settings("roar", preset).studies:
        assert control_networks(study)[0].name == "standard"
        assert len(set(cells(study))) == len(cells(study))


def test_random_is_run_once_and_shared():
    (study,) = make_settings("roar", "quick", {"controls": False}).studies
    baseline = [cell for cell in cells(study) if cell.arm.network is None]
    assert len(baseline) == 2 * len(study.percentiles) * study.repeats


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ({"epochs": 0}, "--epochs: 0 is not allowed; allowed: a whole number above 0."),
        ({"l2_eps": (1.0, -1.0)}, "--l2_eps: -1.0 is not allowed; allowed: numbers above 0."),
        ({"linf_eps": (0.1, 0.1)}, "--linf_eps: 0.1,0.1 names an entry twice."),
        ({"percentiles": (50, 100)}, "--percentiles: 100 is not allowed; allowed: whole numbers from 1 to 99."),
        ({"percentiles": (90, 10)}, "--percentiles: 90,10 must ascend."),
        ({"percentiles": ()}, "--percentiles: is empty; at least one entry is needed."),
        ({"losses": ("hinge",)}, "--losses: 'hinge' is not allowed; allowed: cross_entropy, cw."),
        ({"precision": "int8"}, "--precision: 'int8' is not allowed; allowed: float32"),
        ({"datasets": ("svhn",)}, "--datasets: 'svhn' is unknown; allowed: mnist_5k, mnist"),
        ({"attributions": ("random",)}, "--attributions: random is the baseline of every run and cannot be listed."),
        ({"attributions": ("lime",)}, "--attributions: 'lime' is unknown; allowed: gradient"),
        ({"network": "resnet"}, "--network: 'resnet' is unknown; allowed: mnist_cnn"),
    ],
)
def test_bad_values(override, sentence):
    with pytest.raises(UsageError) as error:
        make_settings("roar", "quick", override)
    assert str(error.value).startswith(sentence)


def test_unknown_experiment_and_preset():
    with pytest.raises(UsageError, match="--experiment: 'moon' is unknown; allowed are .*roar"):
        make_settings("moon", "quick")
    with pytest.raises(UsageError, match="--preset: 'huge' is unknown; allowed are quick, reduced, paper"):
        make_settings("roar", "huge")
