"""A survey at the smallest scale, from training to tables; and what is refused before anything is trained."""

import numpy as np
import pytest

from experiments.compute.progress import Progress
from experiments.data import Dataset
from experiments.errors import UsageError
from experiments.measurement import run
from experiments.networks.grid import STANDARD
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from experiments.store.values import load, save
from experiments.survey.runner import SurveyRunner
from reports.section import judge

SIZES = {
    **{"train_size": 120, "test_size": 60, "epochs": 1, "width": 0.05, "l2_eps": (), "linf_eps": (0.1,)},
    **{"attack_steps": 1, "robust_steps": 1, "robust_attacks": ("pgd",), "training_seeds": 1, "measured_images": 20},
    **{"vae_gan_epochs": 1, "vae_gan_width": 0.02, "attributions": ("gradient",)},
}
CHEAP = ("road", "sparseness", "tangent_alignment", f"{__name__}:upper_share")


def upper_share(given):
    maps = np.abs(given.maps).sum(axis=(2, 3))
    return maps[:, : maps.shape[1] // 2].sum(axis=1) / maps.sum(axis=1)


def runner(folder, **options):
    settings = make_settings("survey", "quick", {**SIZES, "datasets": ("mnist_5k",), **options})
    return SurveyRunner(settings.studies[0], settings, Store(folder), Progress(quiet=True))


@pytest.mark.slow
def test_a_tiny_survey_of_two_data_sets(tmp_path):
    settings = make_settings("survey", "quick", {**SIZES, "measures": CHEAP, "datasets": ("mnist_5k",)})
    blocks = make_settings("survey", "quick", {**SIZES, "datasets": ("block_mnist",), "linf_eps": ()})
    store = Store(tmp_path)
    for chosen, metrics in ((settings, ["road", "sparseness", "tangent_alignment", "upper_share"]), (blocks, None)):
        (made,) = run(chosen, store, Progress(quiet=True))
        assert made.missing == []
        save(made, tmp_path)
        values = load(tmp_path / made.path)
        (judged,) = judge("survey", [values])
        assert judged.left_out == []
        costs = judged.tables["cost"].rows
        assert [row["metric"] for row in costs] == (metrics or ["null_block_share"])
        assert all(row["seconds"] > 0 for row in costs)
        placings = [row for kind in ("leaderboard", "null_block") for row in judged.tables[kind].rows]
        assert {row["n_images"] for row in placings} == {20}
        assert all(row["chance_measured"] for row in placings)
    assert values.arrays["sample_null_on_top"].dtype == bool
    np.testing.assert_allclose([row["chance"] for row in placings], 0.5, atol=0.05)
    assert "measure-null_block_share-block_mnist" in " ".join(values.artefacts)


def test_noise_knows_nothing(tmp_path):
    """Maps drawn anew have nothing to do with each other, whatever network and image they are asked of."""
    study_runner = runner(tmp_path, measures=("randomisation", "max_sensitivity"))
    likeness, moved = (study_runner.noise(STANDARD, 0, name) for name in ("randomisation", "max_sensitivity"))
    assert likeness.shape == (20,)
    assert np.abs(likeness).max() < 0.1
    np.testing.assert_allclose(moved, np.sqrt(2), atol=0.15)
    assert (study_runner.noise(STANDARD, 1, "randomisation") != likeness).any()


def test_a_missing_manifold_is_told_before_anything_is_trained(tmp_path):
    options = {"datasets": (f"{__name__}:odd_images",), "measures": ("tangent_alignment",), "linf_eps": (0.1,)}
    sentence = "--measures: tangent_alignment needs a manifold .*image_shape must be .*have one: mnist_5k, mnist, fash"
    with pytest.raises(UsageError, match=sentence):
        runner(tmp_path, **options).check()
    assert not list(tmp_path.glob("**/*.h5"))


def test_where_there_are_fewer_images_all_are_measured(tmp_path):
    assert len(runner(tmp_path, measured_images=61).measured[0]) == 60
    assert len(runner(tmp_path, measured_images=20).measured[1]) == 20


def odd_images():
    images, labels = np.zeros((120, 9, 9, 1), np.float32), np.arange(120) % 2
    return Dataset("odd", images, labels, images, labels, ("a", "b"))
