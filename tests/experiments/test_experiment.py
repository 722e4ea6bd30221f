"""What every experiment's results say of their data."""

from types import SimpleNamespace

import pytest

from experiments import data
from experiments.compute.progress import Progress
from experiments.experiment import Experiment, Findings
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from experiments.store.results import table


class Nothing(Experiment):
    """Measures nothing, and has one empty table."""

    name = "roar"

    def pieces(self, study, data):
        return []

    def runner(self, study, settings, store, progress):
        return SimpleNamespace(settings=settings, store=store, progress=progress)

    def findings(self, measured):
        return Findings([table("curves", "Curves", measured.study.dataset, [])], [], [], {})


@pytest.mark.parametrize("copied", [False, True])
def test_results_say_which_data_are_not_the_published_ones(tmp_path, monkeypatch, copied):
    study = {"datasets": ("mnist_5k",), "train_size": 60, "test_size": 30}
    settings = make_settings("roar", "quick", study)
    if copied:
        known = data.fingerprint("mnist_5k", 60, 30, 0, None)
        monkeypatch.setattr(data, "RE_ENCODED", {known.whole_train: "photographs of a screen"})
    results = Nothing().run(settings, Store(tmp_path), Progress(quiet=True))
    assert results.provenance.get("images of mnist_5k") == ("photographs of a screen" if copied else None)
