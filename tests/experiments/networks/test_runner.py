"""Which test images are shown in pictures."""

import pytest

from experiments.compute.progress import Progress
from experiments.errors import UsageError
from experiments.measurement import measurement_named, pieces_of
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store


def runner_of(folder, experiment, **options):
    settings = make_settings(experiment, "quick", {"test_size": 50, **options})
    known = measurement_named(settings.measurement)
    return known.runner(settings.studies[0], settings, Store(folder), Progress(quiet=True))


@pytest.mark.parametrize("experiment", ["roar", "manifold"])
def test_pictures_are_of_the_images_that_are_named_or_drawn_with_the_seed(tmp_path, experiment):
    assert runner_of(tmp_path, experiment, pictures=(1, 3, 5)).sample.tolist() == [1, 3, 5]
    drawn = runner_of(tmp_path, experiment).sample.tolist()
    assert len(set(drawn)) == 4
    assert runner_of(tmp_path, experiment).sample.tolist() == drawn
    assert runner_of(tmp_path, experiment, seed=1).sample.tolist() != drawn


def test_a_picture_that_does_not_exist_is_told_before_anything_is_trained(tmp_path):
    runner = runner_of(tmp_path, "roar", pictures=(1, 50))
    with pytest.raises(UsageError, match="--pictures: 50 .* of mnist_5k; allowed: 0 to 49"):
        runner.check()


@pytest.mark.parametrize("experiment", ["roar", "manifold"])
def test_other_pictures_are_measured_anew_and_networks_are_not(tmp_path, experiment):
    def keys(pictures):
        settings = make_settings(experiment, "quick", {"pictures": pictures})
        return {(piece.key.kind, piece.key.folder) for piece in pieces_of(settings, Store(tmp_path))}

    changed = {kind for kind, _ in keys((1, 3)) - keys(())}
    assert (
        changed
        == {
            "roar": {"pictures of the data", "attributions"},
            "manifold": {"checks of the VAE-GAN", "attacks and their projections", "gradients on the manifold"},
        }[experiment]
    )
