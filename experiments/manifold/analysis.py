"""From distances to the differences and estimates of Section 2.1."""

import itertools

import numpy as np

from experiments.claim import UNKNOWN, Estimate
from experiments.experiment import Measured
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec, networks
from experiments.networks.together import whole_together
from experiments.paper import MANIFOLD_MODES
from experiments.statistics import beyond, covered, estimate, known_difference

CONTROLS = {
    "pca_latent": "principal components, as many as the latent space has",
    "pca": "50 principal components",
    "blur": "the image's own blur",
    "mean": "the mean image",
}
"""Distances that need no VAE-GAN, by name."""


class Distances:
    """The numbers of one study, as tables of trainings by images; NaN where an attack did not succeed.

    Attributes:
        runs: numbers of the trainings in which all of `networks` are whole.
        networks: those that are whole in enough trainings.
    """

    def __init__(self, measured: Measured[ManifoldStudy]):
        self.study, self.values = measured.study, measured.values
        trainings = range(self.study.training_seeds)
        self.networks, self.runs = whole_together(networks(self.study), trainings, self._is_whole)

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return bool(self.runs) and STANDARD in self.networks

    def _is_whole(self, spec: NetworkSpec, run: int) -> bool:
        attacks = all(("attack", spec, loss, run) in self.values for loss in ATTACK_LOSSES)
        return attacks and ("gradients", spec, run) in self.values and ("quality", run) in self.values

    @property
    def rows(self) -> str:
        """What intervals are about, in words."""
        return covered(len(self.runs), self.quality("clean").shape[1], "network and VAE-GAN")

    # Tables of trainings by images

    def quality(self, name: str) -> np.ndarray:
        """(trainings, ...) what was measured of clean test images, such as "clean", "noise" or "pca"."""
        return np.stack([self.values["quality", run][name] for run in self.runs])

    def attack(self, spec: NetworkSpec, loss: str, name: str) -> np.ndarray:
        """(trainings, N) what was measured of a network's attacked images, such as "distance" or "size"."""
        return np.stack([self.values["attack", spec, loss, run][name] for run in self.runs])

    def gradient(self, spec: NetworkSpec, name: str) -> np.ndarray:
        """(trainings, N) "alignment", "alignment_blurred" or "alignment_other" of a network's gradients."""
        return np.stack([self.values["gradients", spec, run][name] for run in self.runs])

    def kept(self, spec: NetworkSpec, loss: str, rule: str) -> np.ndarray:
        """(trainings, N) booleans: which adversarial images count as successful."""
        return self.attack(spec, loss, "changed_standard" if rule == "standard_network" else "changed_own")

    def distances(self, spec: NetworkSpec, loss: str, rule: str | None = None, to: str = "distance") -> np.ndarray:
        """(trainings, N) distances to the VAE-GAN's manifold or to a control, NaN where the attack did not succeed."""
        kept = self.kept(spec, loss, rule or self.study.success)
        return np.where(kept, self.attack(spec, loss, to), np.nan)

    def rescaled(self, distances: np.ndarray) -> np.ndarray:
        """The paper's axis: 0 and 1 are the smallest and largest distance of a training's clean test images."""
        clean = self.quality("clean")
        lowest = clean.min(axis=1, keepdims=True)
        return (distances - lowest) / np.ptp(clean, axis=1, keepdims=True)

    def closer(
        self, first: NetworkSpec, second: NetworkSpec, loss: str, rule: str | None = None, to: str = "distance"
    ) -> np.ndarray:
        """(trainings, N) how much closer the second network's adversarial images are than the first's."""
        return known_difference(*(self.distances(spec, loss, rule, to) for spec in (first, second)))

    def noise_levels(self, to: str = "distance") -> list[np.ndarray]:
        """(trainings, N) distances of clean test images, then of the same with every size of noise.

        Args:
            to: "distance" to the projections, or "encoded", to the encoder's reconstructions.
        """
        if to == "encoded":
            return [*np.moveaxis(self.quality("encoded"), 1, 0)]
        return [self.quality("clean"), *np.moveaxis(self.quality("noise"), 1, 0)]

    # Series

    def ends(self, group: str, family: str) -> list[NetworkSpec]:
        """The weakest and the strongest network that the study has of a series, lost or not; none of no series."""
        specs = [spec for spec in networks(self.study)[1:] if (spec.group, spec.family) == (group, family)]
        in_order = sorted(specs, key=lambda spec: spec.strength or 0.0)
        return [in_order[0], in_order[-1]] if in_order else []

    def groups(self) -> list[tuple[str, str]]:
        """Panel and family of every series of trained networks."""
        return list(dict.fromkeys((spec.group, spec.family) for spec in self.networks if spec != STANDARD))

    # Estimates

    def on_the_papers_axis(self, first: NetworkSpec, second: NetworkSpec) -> Estimate:
        """Mean rescaled distance of the first minus the second network's images under cross-entropy attacks."""
        pair = (self.rescaled(self.distances(spec, "cross_entropy")) for spec in (first, second))
        return estimate(known_difference(*pair))

    def noise_steps(self, to: str = "distance") -> list[Estimate]:
        """How much distance grows with every size of noise, the first one from none."""
        return [estimate(after - before) for before, after in itertools.pairwise(self.noise_levels(to))]

    def beyond_controls(self, spec: NetworkSpec, loss: str) -> Estimate:
        """How much closer a network's images are, beyond what the distances without a VAE-GAN say."""
        gains = [self.closer(STANDARD, spec, loss, to=to) for to in ("distance", *CONTROLS)]
        if any(gain.shape != gains[0].shape for gain in gains):
            return UNKNOWN
        return beyond(gains[0], np.zeros_like(gains[0]), *gains[1:])

    def alignment_gain(self, spec: NetworkSpec, name: str = "alignment") -> np.ndarray:
        """(trainings, N) gain over the standard network."""
        return self.gradient(spec, name) - self.gradient(STANDARD, name)

    def alignment_beyond_another(self, spec: NetworkSpec) -> Estimate:
        """Gain in alignment beyond the gain in alignment with another image's tangent space."""
        gain = self.alignment_gain(spec)
        return beyond(gain, np.zeros_like(gain), self.alignment_gain(spec, "alignment_other"))

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, of the first training, by name; "<data set>/..."."""
        dataset, run = self.study.dataset, self.runs[0]
        arrays = {}
        for name in ("sample_images", "sample_projections", "sample_index", "sample_label", "generated"):
            arrays[f"{dataset}/{name}"] = self.values["quality", run][name]
        for spec in self.networks:
            arrays[f"{dataset}/{spec.name}/sample_maps"] = self.values["gradients", spec, run]["sample_maps"]
            for name in ("sample_adversarial", "sample_projections", "sample_predicted"):
                attack = self.values["attack", spec, ATTACK_LOSSES[0], run]
                arrays[f"{dataset}/{spec.name}/{name}"] = attack[name]
        return arrays


def published_modes(dataset: str) -> dict:
    """The paper's modes of a data set; MNIST's for a subset of it."""
    return MANIFOLD_MODES.get("mnist" if dataset == "mnist_5k" else dataset, {})
