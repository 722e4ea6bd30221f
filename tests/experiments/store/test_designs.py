"""What was declared before anything was measured is kept, and not mixed up."""

import dataclasses

import pytest

from experiments.compute.progress import Progress
from experiments.measurement import Measured, measure, run
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from experiments.store.designs import declare, declared

(STUDY,) = make_settings("roar", "quick").studies


def looks(root, measurement="scores", study=STUDY):
    return [(design["looks"], design["seed"]) for design in declared(root, measurement, study)]


def test_a_design_is_noted_once_and_another_one_beside_it(tmp_path):
    assert looks(tmp_path) == []
    for _ in range(2):
        declare(tmp_path, "scores", STUDY)
    assert looks(tmp_path) == [([3], 0)]
    more = dataclasses.replace(STUDY, looks=(5, 8), training_seeds=5)
    another = dataclasses.replace(more, seed=7)
    for study in (more, dataclasses.replace(more, training_seeds=8), another):  # going on to the next look is none
        declare(tmp_path, "scores", study)
    assert looks(tmp_path) == [([3], 0), ([5, 8], 0), ([5, 8], 7)]
    (design, *_) = declared(tmp_path, "scores", STUDY)
    assert list(design) == ["looks", "seed", "at", "commit"]


def test_measurements_and_data_sets_have_designs_of_their_own(tmp_path):
    declare(tmp_path, "scores", STUDY)
    assert looks(tmp_path, "manifold") == []
    assert looks(tmp_path, study=dataclasses.replace(STUDY, dataset="mnist")) == []


def test_the_toy_has_none(tmp_path):
    (toy,) = make_settings("boundary", "quick").studies
    declare(tmp_path, "boundary", toy)
    assert not list(tmp_path.iterdir())


def test_a_run_declares_before_it_measures_and_a_report_does_not(tmp_path, monkeypatch):
    settings = make_settings("roar", "quick", {"train_size": 60, "test_size": 30}, output_dir=str(tmp_path))

    def stops(runner):
        assert looks(tmp_path) == [([3], 0)]
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.scores.runner.ScoresRunner.check", stops)
    measure(settings.studies[0], settings, Store(tmp_path / "other", stored_only=True), Progress(quiet=True))
    assert looks(tmp_path / "other") == []
    with pytest.raises(KeyboardInterrupt):
        measure(settings.studies[0], settings, Store(tmp_path), Progress(quiet=True))


def test_values_tell_of_every_design(tmp_path, monkeypatch):
    settings = make_settings("roar", "quick", {"train_size": 60, "test_size": 30}, output_dir=str(tmp_path))
    declare(tmp_path, "scores", dataclasses.replace(settings.studies[0], seed=4))
    declare(tmp_path, "scores", settings.studies[0])
    monkeypatch.setattr("experiments.measurement.measure", lambda study, *_: Measured(study, {}))
    monkeypatch.setattr("experiments.measurement.Measurement.arrays", lambda self, measured: (None, {}))
    (values,) = run(settings, Store(tmp_path), Progress(quiet=True))
    assert [design["seed"] for design in values.declared] == [4, 0]
