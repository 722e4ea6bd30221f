"""What every experiment works with: the data and networks of one study, loaded when first needed."""

from functools import cached_property

from experiments.artefacts import Store
from experiments.settings import Settings, Study


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

        return Networks(self.study, self.data, self.store, self.progress, self.settings.jit_compile)
