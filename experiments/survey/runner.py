"""Measures of one study beside ROAR and KAR, and what maps of noise score in them."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.data import SOURCES
from experiments.errors import UsageError
from experiments.networks.grid import NetworkSpec
from experiments.scores.declared import needs_of
from experiments.scores.runner import ScoresRunner
from experiments.survey.declared import needs_manifold, own_passes
from experiments.survey.keys import noise_key
from experiments.survey.study import SurveyStudy

if TYPE_CHECKING:
    from models import VAEGAN


class SurveyRunner(ScoresRunner):
    """Threads may also call `noise` side by side."""

    study: SurveyStudy

    def manifold(self, run: int) -> "VAEGAN":
        return self.vae_gans.get(run)

    @cached_property
    def new_manifold(self) -> "VAEGAN | None":
        """An untrained VAE-GAN, where a measure needs one.

        Raises:
            UsageError: there is none for the data set's images.
        """
        if not needs_manifold(self.study):
            return None
        try:
            return self.vae_gans.new()
        except UsageError as error:
            needing = ", ".join(name for name in self.study.measures if "manifold" in needs_of(name))
            having = ", ".join(name for name, source in SOURCES.items() if "manifold" in source.offers)
            raise UsageError(
                f"--measures: {needing} needs a manifold ({error}); --datasets that have one: {having}."
            ) from error

    # Pieces

    def train_vae_gan(self, run: int) -> None:
        """What measures that need the manifold load."""
        self.vae_gans.trained(run)

    def noise(self, spec: NetworkSpec, run: int, measure: str) -> np.ndarray:
        """(N,) a measure's value for maps of noise, on every measured image."""
        key = noise_key(self.study, self.fingerprint, spec, run, measure)
        return self.store.fetch_arrays(key, lambda: {"values": self._measure_noise(spec, run, measure)})["values"]

    # How they are made

    def _measure_noise(self, spec: NetworkSpec, run: int, name: str) -> np.ndarray:
        rng = np.random.default_rng([self.study.seed, run])

        def draw(model: Any, images: np.ndarray) -> np.ndarray:
            """New at every call: who explains anew gets a map that has nothing to do with the last."""
            return rng.standard_normal(images.shape, np.float32)

        with self._one_at_a_time:
            network = self.networks.get(spec, run)
            values = self.values(name, network, run, draw, draw(network, self.measured[0]))
        self.progress.advance(own_passes(self.study, name) * len(values))
        return values


RUNNER = SurveyRunner
