"""From distances to the differences and estimates of Section 2.1."""

import itertools
import math
from functools import cached_property
from typing import Any

import numpy as np

from experiments.store.values import Values
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import MANIFOLD_MODES
from reports.evidence.statistics import beyond, covered, estimate, known_difference
from reports.evidence.study import Network, Study
from reports.evidence.together import whole_together
from reports.evidence.wording import with_interval
from reports.manifold.density import mode
from reports.manifold.ratio import ratio

CONTROLS = {
    "pca_latent": "principal components, as many as the latent space has",
    "pca": "50 principal components",
    "blur": "the image's own blur",
    "mean": "the mean image",
}
"""Distances that need no VAE-GAN, by name."""
ENCODER = "the encoder's reconstruction"
"""To which the paper measures: its projection."""
NEAREST = "the nearest generated image"
"""That a search from there found."""
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
    def targets(self) -> dict[str, str]:
        """What each of the study's distances is to, in words; the first is the one that is judged."""
        return {"distance": NEAREST, "encoded": ENCODER} if self.searches else {"distance": ENCODER}

    @property
    def as_the_paper(self) -> str:
        """The distances that the paper has too, in `targets`."""
        return next(name for name, target in self.targets.items() if target == ENCODER)

    @property
    def is_the_papers_data(self) -> bool:
        """Whether the images are those of a data set of the paper's, as published."""
        return self.dataset in MANIFOLD_MODES and not self.values.images

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

    def on_the_papers_axis(self, network: Network | None = None, loss: str = "") -> np.ndarray:
        """(trainings, N) distances to the encoder's reconstructions, of attacked or of clean test images.

        0 and 1 are the smallest and the largest distance of a training's clean test images.
        """
        clean = self.noise_levels(self.as_the_paper)[0]
        distances = clean if network is None else self.distances(network, loss, to=self.as_the_paper)
        return (distances - clean.min(axis=1, keepdims=True)) / self.axis_lengths[:, None]

    @property
    def axis_lengths(self) -> np.ndarray:
        """(trainings,) how far apart 0 and 1 of the paper's axis lie."""
        return np.ptp(self.noise_levels(self.as_the_paper)[0], axis=1)

    @cached_property
    def modes(self) -> dict[tuple[Network | None, str], float | None]:
        """Where densities are highest on the paper's axis: of clean images (None, ""), and per network and attack."""
        about = [(None, ""), *itertools.product(self.networks, self.attack_losses)]
        return {images: mode(self.on_the_papers_axis(*images)) for images in about}

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

    def share_removed(self, network: Network, loss: str) -> Estimate:
        """(standard - network) / (standard - clean), the share of the excess that a network's training takes away."""
        return ratio(*self._removed_and_excess(network, loss))

    def no_share_because(self, network: Network, loss: str) -> str:
        """Why no share of the excess is defined: "" where there is an excess beyond its interval."""
        _, excess = self._removed_and_excess(network, loss)
        found = estimate(excess)
        if found.low is None or found.high is None:
            return "nothing says how far the standard network's attacked images lie beyond clean ones"
        if found.low > 0:
            return ""
        change = with_interval(found.value, found.low, found.high, 2)
        return f"the standard network's attacked images are not shown to lie farther than clean ones ({change})"

    def _removed_and_excess(self, network: Network, loss: str) -> tuple[np.ndarray, np.ndarray]:
        """(trainings, N) each: standard minus network, standard minus clean, in the trainings that have all of them."""
        standard, attacked = (self.distances(one, loss) for one in (self.standard, network))
        there = np.isfinite(standard).any(axis=1) & np.isfinite(attacked).any(axis=1)
        standard, attacked, clean = (table[there] for table in (standard, attacked, self.clean))
        return known_difference(standard, attacked), known_difference(standard, clean)

    def farther_than_noise(self, network: Network, loss: str) -> np.ndarray:
        """(trainings, N) how much farther a network's adversarial images lie than noise of their own size."""
        attacked, noisy = (self.distances(network, loss, to=name) for name in ("distance", "noise_distance"))
        return known_difference(attacked, noisy)

    def closer_to_controls(self, network: Network, loss: str) -> dict[str, np.ndarray]:
        """(trainings, N) for each control how much closer to it a network's images lie than the standard network's."""
        return {name: self.closer(self.standard, network, loss, to=name) for name in CONTROLS}

    def noise_steps(self, to: str = "distance") -> list[Estimate]:
        """How much distance grows with every size of noise, the first one from none."""
        return [estimate(after - before) for before, after in itertools.pairwise(self.noise_levels(to))]

    def beyond_controls(self, network: Network, loss: str) -> Estimate:
        """How much closer a network's images are, beyond what the distances without a VAE-GAN say."""
        gain, others = self.closer(self.standard, network, loss), self.closer_to_controls(network, loss).values()
        if any(other.shape != gain.shape for other in others):
            return UNKNOWN
        return beyond(gain, np.zeros_like(gain), *others)

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
