"""From distances to the differences and estimates of Section 2.1."""

import itertools
import math
from typing import Any

import numpy as np

from experiments.store.values import Values
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import MANIFOLD_MODES
from reports.evidence.statistics import beyond, covered, estimate, known_difference
from reports.evidence.study import Network, Study
from reports.evidence.together import whole_together

CONTROLS = {
    "pca_latent": "principal components, as many as the latent space has",
    "pca": "50 principal components",
    "blur": "the image's own blur",
    "mean": "the mean image",
}
"""Distances that need no VAE-GAN, by name."""
CHANGED = {"standard_network": "changed_standard", "attacked_network": "changed_own"}
"""Per success rule, which labels of attacked images it looks at."""


class Distances(Study):
    """The numbers of one study, as tables of trainings by images; NaN where an attack did not succeed.

    Attributes:
        runs: numbers of the trainings in which all of `networks` are whole.
        networks: those that are whole in enough trainings.
    """

    def __init__(self, values: Values):
        super().__init__(values)
        noisy = self.array("noisy")
        with_a_vae_gan = [run for run in range(len(noisy)) if not np.isnan(noisy[run]).all()]
        self.networks, self.runs = whole_together(self.planned, with_a_vae_gan, self._is_whole)

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return bool(self.runs and self.attack_losses) and self.standard in self.networks

    def _is_whole(self, network: Network, run: int) -> bool:
        place = self.place_of[network]
        return bool(self.array("attack_there")[run, place].all() and self.array("gradients_there")[run, place])

    @property
    def attack_losses(self) -> list[str]:
        """With each of which every network is attacked."""
        return self.labels("attack_loss")

    @property
    def noise_sizes(self) -> list[float]:
        """Of noise on clean test images; the first is none."""
        return self.labels("noise")

    @property
    def searches(self) -> bool:
        """Whether projections are the nearest images found, and not the encoder's."""
        return self.settings["projection"] == "optimise"

    @property
    def other_rule(self) -> str:
        """By which it might have been judged whether an attack succeeded."""
        return next(rule for rule in CHANGED if rule != self.settings["success"])

    @property
    def rows(self) -> str:
        """What intervals are about, in words."""
        return covered(len(self.runs), self.clean.shape[1], "network and VAE-GAN")

    # Tables of trainings by images

    @property
    def clean(self) -> np.ndarray:
        """(trainings, N) distances of clean test images."""
        return self.noise_levels()[0]

    def quality(self, name: str) -> np.ndarray:
        """(trainings, ...) what was measured of VAE-GANs, such as "to_another" or "history"."""
        return self.array(name)[self.runs].astype(float)

    def clean_control(self, control: str) -> np.ndarray:
        """(trainings, N) distances of clean test images that need no VAE-GAN."""
        return self.quality("clean_control")[:, self.labels("control").index(control)]

    def attack(self, network: Network, loss: str, name: str) -> np.ndarray:
        """(trainings, N) what was measured of a network's attacked images, such as "distance", "size" or a control."""
        place = self.place_of[network], self.attack_losses.index(loss)
        if name in CONTROLS:
            return self.array("control_distance")[self.runs, *place, self.labels("control").index(name)].astype(float)
        return self.array(name)[self.runs, *place].astype(float)

    def gradient(self, network: Network, name: str) -> np.ndarray:
        """(trainings, N) "alignment", "alignment_blurred" or "alignment_other" of a network's gradients."""
        return self.array(name)[self.runs, self.place_of[network]].astype(float)

    def kept(self, network: Network, loss: str, rule: str | None = None) -> np.ndarray:
        """(trainings, N) booleans: which adversarial images count as successful, by a rule or by the study's own."""
        return self.attack(network, loss, CHANGED[rule or self.settings["success"]]).astype(bool)

    def distances(self, network: Network, loss: str, rule: str | None = None, to: str = "distance") -> np.ndarray:
        """(trainings, N) distances to the VAE-GAN's manifold or to a control, NaN where the attack did not succeed."""
        return np.where(self.kept(network, loss, rule), self.attack(network, loss, to), np.nan)

    def rescaled(self, distances: np.ndarray) -> np.ndarray:
        """The paper's axis: 0 and 1 are the smallest and largest distance of a training's clean test images."""
        clean = self.clean
        lowest = clean.min(axis=1, keepdims=True)
        return (distances - lowest) / np.ptp(clean, axis=1, keepdims=True)

    def closer(
        self, first: Network, second: Network, loss: str, rule: str | None = None, to: str = "distance"
    ) -> np.ndarray:
        """(trainings, N) how much closer the second network's adversarial images are than the first's."""
        return known_difference(*(self.distances(network, loss, rule, to) for network in (first, second)))

    def noise_levels(self, to: str = "distance") -> list[np.ndarray]:
        """(trainings, N) distances of clean test images, then of the same with every size of noise.

        Args:
            to: "distance" to the projections, or "encoded", to the encoder's reconstructions.
        """
        return [*np.moveaxis(self.quality("noisy_encoded" if to == "encoded" else "noisy"), 1, 0)]

    # Series

    def ends(self, group: str | None, family: str | None) -> list[Network]:
        """The weakest and the strongest network that the study has of a series, lost or not; none of no series."""
        series = [network for network in self.planned[1:] if (network.group, network.family) == (group, family)]
        in_order = sorted(series, key=lambda network: network.strength or 0.0)
        return [in_order[0], in_order[-1]] if in_order else []

    def groups(self) -> list[tuple[str | None, str | None]]:
        """Panel and family of every series of trained networks."""
        trained = (network for network in self.networks if network != self.standard)
        return list(dict.fromkeys((network.group, network.family) for network in trained))

    def strongest(self) -> list[Network]:
        """The strongest network of every series, but for those that are lost."""
        ends = (self.ends(group, family)[-1] for group, family in self.groups())
        return [network for network in ends if network in self.networks]

    # Estimates

    def on_the_papers_axis(self, first: Network, second: Network) -> Estimate:
        """Mean rescaled distance of the first minus the second network's images under cross-entropy attacks."""
        pair = (self.rescaled(self.distances(network, "cross_entropy")) for network in (first, second))
        return estimate(known_difference(*pair))

    def noise_steps(self, to: str = "distance") -> list[Estimate]:
        """How much distance grows with every size of noise, the first one from none."""
        return [estimate(after - before) for before, after in itertools.pairwise(self.noise_levels(to))]

    def beyond_controls(self, network: Network, loss: str) -> Estimate:
        """How much closer a network's images are, beyond what the distances without a VAE-GAN say."""
        gains = [self.closer(self.standard, network, loss, to=to) for to in ("distance", *CONTROLS)]
        if any(gain.shape != gains[0].shape for gain in gains):
            return UNKNOWN
        return beyond(gains[0], np.zeros_like(gains[0]), *gains[1:])

    def alignment_gain(self, network: Network, name: str = "alignment") -> np.ndarray:
        """(trainings, N) gain over the standard network."""
        return self.gradient(network, name) - self.gradient(self.standard, name)

    def alignment_beyond_another(self, network: Network) -> Estimate:
        """Gain in alignment beyond the gain in alignment with another image's tangent space."""
        gain = self.alignment_gain(network)
        return beyond(gain, np.zeros_like(gain), self.alignment_gain(network, "alignment_other"))

    @property
    def random_alignment(self) -> float:
        """A random direction's share in the tangent space, for comparison."""
        return math.sqrt(int(self.array("latent_size")) / self.array("sample_image")[0].size)

    # Pictures

    def shown(self, name: str, network: Network) -> np.ndarray | None:
        """(samples, ...) a network's pictures, such as "sample_map", or its labels; None where there are none."""
        found = self.array(name)[self.place_of[network]]
        there = np.isfinite(found) if found.dtype.kind == "f" else found != ""
        return found if there.all() else None


def published_modes(dataset: str) -> dict[Any, float]:
    """The paper's modes of a data set; MNIST's for a subset of it."""
    return MANIFOLD_MODES.get("mnist" if dataset == "mnist_5k" else dataset, {})
