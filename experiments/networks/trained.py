"""What the trained models of a study have in common, networks and VAE-GANs alike."""

import json
from pathlib import Path
from typing import Generic, TypeVar

from experiments.compute.progress import Progress
from experiments.data import Dataset, Fingerprint
from experiments.measurement import data_of
from experiments.settings.run import Settings
from experiments.settings.studies import ImageStudy
from experiments.store.artefacts import Store

S = TypeVar("S", bound=ImageStudy)


class TrainedModels(Generic[S]):
    """Trained if the store does not have them.

    Args:
        study: what to train.
        fingerprint: of its data.
        store: where finished models are kept.
        progress: told of every optimiser step.
        settings: of the whole run.
    """

    def __init__(self, study: S, fingerprint: Fingerprint, store: Store, progress: Progress, settings: Settings):
        self.study, self.fingerprint = study, fingerprint
        self.store, self.progress, self.settings = store, progress, settings

    def data(self, run: int = 0) -> Dataset:
        """The images of a training."""
        return data_of(self.study, self.settings, run)


def history_of(folder: Path) -> dict[str, list[float]]:
    """Of the training whose model a folder of the store holds: per metric one value for each epoch that reported it."""
    return json.loads((folder / "history.json").read_text(encoding="utf-8"))
