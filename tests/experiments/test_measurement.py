"""What every measurement leaves: values that say what they are of, where they came from, and what is missing."""

import pytest

from experiments import MEASUREMENTS, SECTIONS, data
from experiments.boundary.study import BoundaryStudy
from experiments.compute.progress import Progress
from experiments.errors import NotStoredError, PieceFailedError
from experiments.measurement import Measured, measurement_named, run
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store

TOY = {"toy_points": 20, "toy_epochs": 1, "toy_eps": (), "toy_seeds": 2}


def test_every_section_reads_a_measurement_that_is_a_folder():
    assert {section.measurement for section in SECTIONS.values()} == set(MEASUREMENTS)
    assert [measurement_named(name).name for name in MEASUREMENTS] == list(MEASUREMENTS)


@pytest.mark.parametrize(("section", "title"), [("roar", "Section 3.2"), ("survey", "Beyond the paper")])
def test_what_is_no_section_of_the_paper_is_named_as_it_is(section, title):
    assert SECTIONS[section].title == title


def test_values_say_what_was_measured_and_how_long_each_piece_took(tmp_path):
    settings = make_settings("boundary", "quick", TOY, jit_compile="false")
    store = Store(tmp_path)
    (values,) = run(settings, store, Progress(quiet=True))
    assert (values.measurement, values.dataset, values.sections) == ("boundary", "two_gaussians", ("boundary",))
    assert values.settings == BoundaryStudy(**TOY).as_dict()
    assert (values.images, values.missing) == ("", [])
    assert values.arrays.strength.values.tolist() == [0.0, 0.25, 0.5]
    assert len(values.artefacts) == 3
    assert {made["kind"] for made in values.artefacts.values()} == {"training strengths of the toy"}
    assert values.provenance["command"].startswith("python ")


def test_nothing_stored_is_nothing_to_show_and_where_all_failed_the_reason_is_told(tmp_path, monkeypatch):
    settings = make_settings("boundary", "quick", TOY)
    with pytest.raises(NotStoredError, match="boundary"):
        run(settings, Store(tmp_path, stored_only=True), Progress(quiet=True))

    def fails(self, eps):
        raise PieceFailedError("a toy", "it is broken")

    monkeypatch.setattr("experiments.boundary.runner.BoundaryRunner.measure", fails)
    with pytest.raises(PieceFailedError, match="it is broken"):
        run(settings, Store(tmp_path), Progress(quiet=True))


@pytest.mark.parametrize("copied", [False, True])
def test_values_say_which_data_are_not_the_published_ones(tmp_path, monkeypatch, copied):
    settings = make_settings("roar", "quick", {"train_size": 60, "test_size": 30})
    if copied:
        known = data.fingerprint("mnist_5k", 60, 30, 0, None)
        monkeypatch.setattr(data, "RE_ENCODED", {known.whole_train: "photographs of a screen"})
    monkeypatch.setattr("experiments.measurement.measure", lambda study, *_: Measured(study, {}))
    monkeypatch.setattr("experiments.measurement.Measurement.arrays", lambda self, measured: (None, {}))
    (values,) = run(settings, Store(tmp_path), Progress(quiet=True))
    assert values.images == ("photographs of a screen" if copied else "")
