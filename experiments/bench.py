"""What every experiment works with: the data and networks of one study, loaded when first needed."""

from functools import cached_property

import numpy as np

from experiments.artefacts import Store
from experiments.grid import networks
from experiments.settings import Settings, Study

SAMPLE_SIZE = 4
"""Test images shown in pictures, the same in every arm."""


class Bench:
    """Does the work of one study. Experiments derive from it.

    Args:
        study: what to run.
        settings: of the whole run.
        store: where finished work is kept.
        progress: told what is being done and how far it is.
    """

    def __init__(self, study: Study, settings: Settings, store: Store, progress):
        self.study, self.settings, self.store, self.progress = study, settings, store, progress

    @cached_property
    def data(self):
        from experiments.data import load_dataset

        study = self.study
        return load_dataset(study.dataset, study.train_size, study.test_size, study.seed, self.settings.data_dir)

    @cached_property
    def networks(self):
        from experiments.networks import Networks

        trained = Networks(self.study, self.data, self.store, self.progress, self.settings)
        if self.settings.strategy == "multiworker":
            for spec in networks(self.study):  # all workers in the same order, whatever each will do with them
                trained.get(spec)
        return trained

    @cached_property
    def sample(self) -> np.ndarray:
        """Seeded indices of the test images shown in pictures."""
        count = len(self.data.test_images)
        return np.sort(np.random.default_rng(self.study.seed).permutation(count)[:SAMPLE_SIZE])
