"""What is measured depends on neither the number of jobs nor, unseen, on the precision."""

import dataclasses
import re
from functools import partial

import keras
import numpy as np
import pytest

from experiments.compute.executor import gather
from experiments.compute.progress import Progress
from experiments.errors import UsageError
from experiments.networks.grid import STANDARD
from experiments.scores.arms import BASELINE, Arm, Retraining, arms, retrainings
from experiments.scores.runner import ScoresRunner
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store

SIZES = {"train_size": 150, "test_size": 50, "epochs": 2, "width": 0.05, "attack_steps": 2}


LEARNED = {"l2_eps": (), "linf_eps": (), "train_size": 600, "epochs": 8, "width": 0.1}
"""Enough for a network that predicts every class more than once."""


def runner(folder, **options):
    settings = make_settings("roar", "quick", {**SIZES, **options})
    return ScoresRunner(settings.studies[0], settings, Store(folder), Progress(quiet=True))


def test_jobs_do_not_change_what_is_measured(tmp_path):
    def correct(jobs):
        of_jobs = runner(tmp_path / str(jobs), l2_eps=(), linf_eps=())
        study = of_jobs.study
        some = [retraining for arm in arms(study) for retraining in retrainings(study, arm, 0)][:12]
        return gather(of_jobs, {one: partial(ScoresRunner.retrain, retraining=one) for one in some}, jobs)[0]

    one, three = correct(1), correct(3)
    assert len(one) == 12
    assert list(one) == list(three)
    for retraining in one:
        np.testing.assert_array_equal(one[retraining], three[retraining], err_msg=str(retraining))


def test_a_coarser_precision_is_checked_in_float32(tmp_path):
    coarse = runner(tmp_path / "coarse", precision="mixed_bfloat16")
    found = coarse.evaluation(STANDARD, 0)
    assert found["pgd_float32"].shape == found["pgd"].shape == coarse.data.test_labels.shape
    exact = runner(tmp_path / "exact").evaluation(STANDARD, 0)
    assert "pgd_float32" not in exact


def ranks_of_tests(study_runner, arm, run, repeat):
    return study_runner._rankings.of(arm, run, repeat)[1].ranks


def test_trainings_are_independent_and_random_rankings_too(tmp_path):
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=(), training_seeds=2)
    first, second = (study_runner.networks.get(STANDARD, run).get_weights() for run in range(2))
    assert all((one != other).any() for one, other in zip(first, second, strict=True) if one.std() > 0)
    arm = Arm(None, "random", draw=2)
    ranks = [ranks_of_tests(study_runner, *which) for which in ((BASELINE, 0, 0), (arm, 0, 0), (BASELINE, 1, 0))]
    again = ranks_of_tests(study_runner, BASELINE, 0, 0)
    np.testing.assert_array_equal(again, ranks[0])
    for i, one in enumerate(ranks):
        for other in ranks[i + 1 :]:
            assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05
    repeated = ranks_of_tests(study_runner, BASELINE, 0, 1)
    assert abs(np.corrcoef(repeated.ravel(), ranks[0].ravel())[0, 1]) < 0.05


def test_a_measure_is_given_the_attribution_to_make_maps_anew(tmp_path):
    """Edges do not know the network, so that randomising it leaves them alone, and move with the image."""
    names = ("randomisation", "max_sensitivity")
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=(), attributions=("sobel",), measures=("roar", *names))
    likeness, moved = (study_runner.measure(Arm(STANDARD, "sobel"), 0, name) for name in names)
    np.testing.assert_allclose(likeness, 1)
    assert (moved > 0).all()


def one_map_for_all(model, images, rng):
    return np.broadcast_to(np.random.default_rng(5).random((28, 28, 1)), images.shape)


def map_of_the_prediction(model, images, rng):
    """Codes the class that the network predicts, and nothing else of the image."""
    maps = np.random.default_rng(6).random((10, 28, 28, 1))
    return maps[np.argmax(model(images), axis=-1)]


def retrained(study_runner, attribution, percent=50, **arm):
    """Which test images are right when an arm's pixels are removed, by baseline."""
    return {
        baseline: study_runner.retrain(
            Retraining(Arm(STANDARD, attribution, baseline=baseline, **arm), "remove", percent, 0, 0)
        )
        for baseline in ("", "shuffled", "matched")
    }


def test_one_map_for_all_images_has_neither_a_class_told_nor_this_image(tmp_path):
    own = f"{__name__}:one_map_for_all"
    found = retrained(runner(tmp_path, **LEARNED, attributions=(own,)), own)
    np.testing.assert_array_equal(found["shuffled"], found[""])
    np.testing.assert_array_equal(found["matched"], found[""])


def test_maps_that_code_the_prediction_alone_say_nothing_of_this_image(tmp_path):
    own = f"{__name__}:map_of_the_prediction"
    study_runner = runner(tmp_path, **LEARNED, attributions=(own,))
    found = retrained(study_runner, own, percent=90)
    np.testing.assert_array_equal(found["matched"], found[""])
    assert found["matched"].mean() > found["shuffled"].mean() + 0.1  # the class that masks tell raises accuracy


def test_an_image_that_is_alone_in_its_predicted_class_leaves_the_arms_of_other_images(tmp_path, monkeypatch):
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=())
    data = study_runner.data

    def alone(self, arm, run, images):
        """The third image is alone in its class, of the training images and of the test images."""
        return np.where(np.arange(len(images)) == 2, 7, 1)

    monkeypatch.setattr(ScoresRunner, "_predict", alone)
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=())
    trained_on = []
    monkeypatch.setattr(
        "experiments.networks.retraining.Retrainer.__call__",
        lambda self, images, labels, tests, *_: trained_on.append((images, labels)) or data.test_labels,
    )
    found = retrained(study_runner, "gradient")
    assert found["matched"].tolist() == [1, 1, -1, *[1] * 47]
    assert found["shuffled"].all()
    assert found[""].all()
    assert [len(images) for images, _ in trained_on] == [150, 150, 149]
    np.testing.assert_array_equal(trained_on[2][1], np.delete(data.train_labels, 2))


def test_other_images_ranks_are_those_that_they_have_themselves(tmp_path):
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=())
    own = Arm(STANDARD, "gradient")
    images = study_runner.data.test_images
    said = study_runner._predict(own, 0, images)
    ranks = ranks_of_tests(study_runner, own, 0, 0).reshape(len(images), -1)
    for baseline in ("shuffled", "matched"):
        other = ranks_of_tests(study_runner, Arm(STANDARD, "gradient", baseline=baseline), 0, 0)
        other = other.reshape(len(images), -1)
        whose = (other[:, None] == ranks[None]).all(axis=2).argmax(axis=1)
        np.testing.assert_array_equal(ranks[whose], other)
        counts = np.bincount(said)[said]
        assert (whose != np.arange(len(images)))[counts > 1].all()
        assert sorted(whose) == list(range(len(images)))
        assert (said[whose] == said).all() == (baseline == "matched")


def test_removed_pixels_are_filled_as_the_arm_says(tmp_path):
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=(), fills=("mean", "imputed"))
    data, ranked = study_runner.data, study_runner._rankings.of(BASELINE, 0, 0)[0]
    filled = {
        fill: study_runner._occluded(
            data.train_images, ranked.ranks, Retraining(dataclasses.replace(BASELINE, fill=fill), "remove", 30, 0, 0), 0
        )
        for fill in ("mean", "imputed")
    }
    removed = ranked.ranks < round(0.3 * 28 * 28)
    for images in filled.values():
        np.testing.assert_array_equal(images[~removed], data.train_images[~removed])
    np.testing.assert_allclose(filled["mean"][removed], data.train_images.mean(), rtol=1e-5)
    errors = {fill: np.abs(images - data.train_images)[removed].mean() for fill, images in filled.items()}
    assert errors["imputed"] < 0.5 * errors["mean"]


def test_each_training_learns_from_images_of_its_own(tmp_path):
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=(), training_seeds=2)
    first, second = (study_runner.training_images(run) for run in range(2))
    assert not set(first["chosen"]) & set(second["chosen"])
    for run, found in enumerate((first, second)):
        np.testing.assert_allclose(found["fill"], study_runner.data_of(run).train_images.mean(), rtol=1e-5)
    assert first["fill"] != second["fill"]


def normalised(width, seed, input_shape, classes):
    """A network with a layer that the walk back through layers has no rule for."""
    layers = [keras.layers.LayerNormalization(), keras.layers.Flatten(), keras.layers.Dense(classes)]
    return keras.Sequential([keras.Input(input_shape), *layers])


def test_an_attribution_that_cannot_explain_the_network_is_told_before_anything_is_trained(tmp_path):
    network = f"{__name__}:normalised"
    fitting = runner(tmp_path, network=network, attributions=("gradient", "integrated_gradients", "sobel"))
    fitting.check()
    with pytest.raises(UsageError, match="--attributions: deeplift does not fit --network=.*LayerNormalization"):
        runner(tmp_path, network=network, attributions=("gradient", "deeplift")).check()
    assert not list(tmp_path.glob("**/*.h5"))


def test_of_all_attributions_those_that_cannot_explain_the_network_are_left_out(tmp_path):
    everything = runner(tmp_path, network=f"{__name__}:normalised", attributions=("all",))
    misfits = everything.check()
    assert set(misfits) == {"deeplift", "guided_backprop", "lrp_alpha_beta", "lrp_epsilon"}
    assert re.match("deeplift does not fit --network=.*LayerNormalization", misfits["deeplift"])
    rest = everything.without(misfits).study.attributions
    assert rest == tuple(name for name in everything.study.attributions if name not in misfits)
    assert "gradient" in rest
    assert runner(tmp_path, attributions=("all",)).check() == {}


@pytest.mark.parametrize(
    ("measure", "percentiles", "sentence"),
    [
        ("diffroar", (10, 30), "--measures: diffroar does not fit this run: percentiles must hold 50, or"),
        ("null_block_share", (50,), "--measures: null_block_share needs a null block, .* have one: block_mnist"),
        ("tangent_alignment", (50,), "--measures: tangent_alignment needs a manifold, which survey alone learns"),
    ],
)
def test_a_measure_without_a_use_is_told_before_anything_is_trained(tmp_path, measure, percentiles, sentence):
    with pytest.raises(UsageError, match=sentence):
        runner(tmp_path, measures=("roar", measure), percentiles=percentiles).check()
    fitting = runner(tmp_path, measures=("roar", "diffroar", "null_block_share"), datasets=("block_mnist",))
    fitting.check()
