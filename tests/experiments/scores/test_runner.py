"""What is measured depends on neither the number of jobs nor, unseen, on the precision."""

from functools import partial

import keras
import numpy as np
import pytest

from experiments.compute.executor import gather
from experiments.compute.progress import Progress
from experiments.errors import UsageError
from experiments.networks.grid import STANDARD
from experiments.scores.arms import BASELINE, Arm, arms, retrainings
from experiments.scores.runner import ScoresRunner
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store

SIZES = {"train_size": 150, "test_size": 50, "epochs": 2, "width": 0.05, "attack_steps": 2}


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


def test_trainings_are_independent_and_random_rankings_too(tmp_path):
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=(), training_seeds=2)
    first, second = (study_runner.networks.get(STANDARD, run).get_weights() for run in range(2))
    assert all((one != other).any() for one, other in zip(first, second, strict=True) if one.std() > 0)
    arm = Arm(None, "random", draw=2)
    ranks = [study_runner._ranked(*which)[1] for which in ((BASELINE, 0, 0), (arm, 0, 0), (BASELINE, 1, 0))]
    again = study_runner._ranked(BASELINE, 0, 0)[1]
    np.testing.assert_array_equal(again, ranks[0])
    for i, one in enumerate(ranks):
        for other in ranks[i + 1 :]:
            assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05
    repeated = study_runner._ranked(BASELINE, 0, 1)[1]
    assert abs(np.corrcoef(repeated.ravel(), ranks[0].ravel())[0, 1]) < 0.05


def test_a_measure_is_given_the_attribution_to_make_maps_anew(tmp_path):
    """Edges do not know the network, so that randomising it leaves them alone, and move with the image."""
    names = ("randomisation", "max_sensitivity")
    study_runner = runner(tmp_path, l2_eps=(), linf_eps=(), attributions=("sobel",), measures=("roar", *names))
    likeness, moved = (study_runner.measure(Arm(STANDARD, "sobel"), 0, name) for name in names)
    np.testing.assert_allclose(likeness, 1)
    assert (moved > 0).all()


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
