"""What the runners of all experiments on images have in common: the data and networks of one study."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from experiments import catalogue
from experiments.data import Dataset, Fingerprint, stratified_subset, whole_dataset
from experiments.errors import UsageError
from experiments.measurement import data_of, fingerprint_of
from experiments.networks.grid import networks
from experiments.networks.keys import starts_key, training_images_key, training_seed
from experiments.networks.starts import equal_share
from experiments.settings.run import Settings
from experiments.settings.studies import ImageStudy
from experiments.store.artefacts import Store
from measures.occlusion import mean_colour

if TYPE_CHECKING:
    from experiments.networks.networks import Networks
    from experiments.networks.vae_gans import VaeGans

SAMPLE_SIZE = 4
"""Test images shown in pictures, the same in every arm."""

S = TypeVar("S", bound=ImageStudy)


class Runner(Generic[S]):
    """Does the work of one study; each is loaded when it is first needed. Experiments derive from it.

    Args:
        study: what to run.
        settings: of the whole run.
        store: where finished work is kept.
        progress: told what is being done and how far it is.
    """

    def __init__(self, study: S, settings: Settings[S], store: Store, progress):
        self.study, self.settings, self.store, self.progress = study, settings, store, progress

    @property
    def data(self) -> Dataset:
        """The images of the first training; test images are the same in all."""
        return self.data_of(0)

    def data_of(self, run: int) -> Dataset:
        """The images of a training."""
        return data_of(self.study, self.settings, run)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        return fingerprint_of(self.study, self.settings, self.store)

    @cached_property
    def networks(self) -> "Networks":
        from experiments.networks.networks import Networks  # TensorFlow is not needed where everything is stored

        trained = Networks(self.study, self.fingerprint, self.store, self.progress, self.settings)
        if self.settings.strategy == "multiworker":
            for run in range(self.study.training_seeds):  # all workers in one order, whatever each will do with them
                for spec in networks(self.study):
                    trained.get(spec, run)
        return trained

    @cached_property
    def vae_gans(self) -> "VaeGans":
        """Of studies that need the images' manifold."""
        from experiments.networks.vae_gans import VaeGans

        return VaeGans(self.study, self.fingerprint, self.store, self.progress, self.settings)

    def check(self) -> dict[str, str]:
        """Tries the user's own functions before anything is trained.

        Returns:
            The attributions that do not fit the network, each with the reason, where `all` were asked for.

        Raises:
            UsageError: one fails, or does not give what is expected; or a picture is asked for that does not exist.
        """
        absent = [place for place in self.study.pictures if place >= len(self.data.test_images)]
        if absent:
            raise UsageError(
                f"--pictures: {absent[0]} is not a place among {len(self.data.test_images)} test images of "
                f"{self.study.dataset}; allowed: 0 to {len(self.data.test_images) - 1}."
            )
        if any(not catalogue.is_built_in(name) for _, name in self.study.chosen()):
            from experiments.networks.checks import check_own_functions

            check_own_functions(self.study, self.data, self.networks.new(), self.new_manifold)
        return {}

    @cached_property
    def new_manifold(self) -> Any:
        """An untrained one on which measures that need a manifold are tried; None where none does."""
        return None

    def equal_starts(self) -> np.ndarray:
        """() share of the initial weights that is equal in two trainings, see `experiments.networks.starts`."""
        key = starts_key(self.study, self.fingerprint)
        return self.store.fetch_arrays(key, lambda: {"share": np.array(self._equal_starts())})["share"]

    def _equal_starts(self) -> float:
        from experiments.networks.building import build_network

        seeds = (training_seed(self.study, run) for run in range(2))
        networks = (build_network(self.study, self.data, seed) for seed in seeds)
        return equal_share(*([weight.numpy() for weight in network.trainable_weights] for network in networks))

    def training_images(self, run: int) -> dict[str, np.ndarray]:
        """Of a training: "fill", its images' mean colour, and "chosen", (n,) places in the whole training set."""
        key = training_images_key(self.study, self.fingerprint, run)
        return self.store.fetch_arrays(key, lambda: self._training_images(run))

    def _training_images(self, run: int) -> dict[str, np.ndarray]:
        data, study = self.data_of(run), self.study
        labels = whole_dataset(study.dataset, self.settings.data_dir).train_labels
        subset = stratified_subset(labels, study.train_size, study.seed, draw=run)
        return {"fill": mean_colour(data.train_images), "chosen": np.arange(len(labels), dtype=np.int32)[subset]}

    @cached_property
    def sample(self) -> np.ndarray:
        """Indices of the test images shown in pictures."""
        if self.study.pictures:
            return np.array(self.study.pictures)
        count = len(self.data.test_images)
        return np.sort(np.random.default_rng(self.study.seed).permutation(count)[:SAMPLE_SIZE])
