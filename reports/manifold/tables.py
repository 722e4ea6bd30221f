"""The tables of Section 2.1."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np

from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.statistics import estimate as mean_of
from reports.evidence.statistics import known_mean
from reports.evidence.study import Network
from reports.manifold.analysis import CONTROLS, ENCODER, Distances, published_modes
from reports.manifold.density import density
from reports.styles import name
from reports.tables import Column, Table, estimate, network_columns, number, table, unshown, words

DENSITY_POINTS = 120
CLEAN = "clean test images"
HELD_OUT = (
    "reconstruction_l1",
    "reconstruction_l2",
    "kl",
    "encoder_loss",
    "decoder_loss",
    "discriminator_loss",
    "accuracy_real",
    "accuracy_reconstructed",
    "accuracy_generated",
)
"""Metrics of the VAE-GANs' last epoch."""


class Images(NamedTuple):
    """Images that a row is about: a network's adversarial examples, or clean test images, of no network and loss."""

    network: Network | None = None
    loss: str | None = None

    def distances(self, found: Distances, to: str = "distance") -> np.ndarray:
        """(trainings, N) to one of the study's targets; NaN where an attack did not succeed."""
        if self.network is None or self.loss is None:
            return found.noise_levels(to)[0]
        return found.distances(self.network, self.loss, to=to)

    def on_the_papers_axis(self, found: Distances) -> np.ndarray:
        """(trainings, N) as the paper rescales them."""
        return found.on_the_papers_axis(self.network, self.loss or "")


class Curve(NamedTuple):
    """A density, of the distances that are judged ("distance") or on the paper's axis ("rescaled")."""

    network: Network | None
    loss: str | None
    axis: str
    place: list[float]
    density: list[float]


def distance_table(found: Distances) -> Table:
    """Distances of every network's adversarial examples under every attack, then of clean test images."""
    about = _attacked_and_clean(found)
    values = {images: images.distances(found) for images in about}
    columns = [
        *_network_or_clean(),
        attack_column(),
        estimate("distance", "Mean", lambda images: mean_of(known_mean(values[images])), 2),
        estimate("closer", "Closer", lambda images: _closer(found, images), 2, formats.signed),
        estimate(
            "share_removed",
            "Excess removed, %",
            lambda images: _share_removed(found, images),
            1,
            factor=100,
        ),
        number("effect_size", "Cohen's d", lambda images: _effect_size(found, images), _two_digits),
        number("kept", "Kept", lambda images: float(np.isfinite(values[images]).mean()), formats.percent),
        estimate(
            "closer_other_rule",
            "Closer, other success rule",
            lambda images: _closer(found, images, found.other_rule),
            2,
            formats.signed,
        ),
        _of_attack(
            "kept_other_rule",
            "Kept, other rule",
            lambda network, loss: found.kept(network, loss, found.other_rule),
            formats.percent,
        ),
        _of_attack("perturbation", "Attack's size", lambda network, loss: found.attack(network, loss, "size")),
        unshown("trainings", lambda images: len(found.runs)),
        unshown("n_images", lambda images: values[images].shape[1]),
    ]
    caption = f"Distances to {found.targets['distance']}; \"closer\" is the standard network's mean minus this one's"
    return table("distances", caption, columns, about)


def _attacked_and_clean(found: Distances) -> list[Images]:
    """Every attack on every network; clean test images last."""
    return [*(Images(network, loss) for loss, network in product(found.attack_losses, found.networks)), Images()]


def _network_or_clean() -> list[Column]:
    """What a table says of a row's network, or that it has clean test images instead."""
    named, *others = network_columns(lambda row: row.network, nobody=CLEAN)
    return [replace(named, value=lambda row: row.network.name if row.network else CLEAN), *others]


def attack_column() -> Column:
    return words("attack_loss", "Attack", lambda row: row.loss, name)


def _two_digits(value: float) -> str:
    return formats.number(value, 2)


def _of_attack(
    key: str,
    heading: str,
    values: Callable[[Network, str], np.ndarray],
    show: Callable[[float], str] = _two_digits,
) -> Column:
    """A column of means over attacked images, successful or not; clean ones have none."""

    def value(images: Images) -> float | None:
        return float(values(images.network, images.loss).mean()) if images.network and images.loss else None

    return number(key, heading, value, show)


def _closer(found: Distances, images: Images, rule: str | None = None, to: str = "distance") -> Estimate:
    """How much closer than the standard network's, under the same attack."""
    if images.network is None or images.loss is None or images.network == found.standard:
        return UNKNOWN
    return mean_of(found.closer(found.standard, images.network, images.loss, rule, to))


def _effect_size(found: Distances, images: Images) -> float | None:
    """Cohen's d: difference of means over the pooled standard deviation; NaNs are left out."""
    if images.network is None or images.loss is None or images.network == found.standard:
        return None
    pair = (found.distances(network, images.loss) for network in (found.standard, images.network))
    a, b = (values[np.isfinite(values)] for values in pair)
    if min(len(a), len(b)) < 2:
        return None
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2))
    return float((a.mean() - b.mean()) / pooled) if pooled > 0 else None


def _share_removed(found: Distances, images: Images) -> Estimate:
    if images.network is None or images.loss is None or images.network == found.standard:
        return UNKNOWN
    return found.share_removed(images.network, images.loss)


def paper_table(found: Distances) -> Table:
    """What the paper shows: distances to the encoder's reconstruction, and modes on its axis; then of clean images.

    The paper's modes stand beside ours where the images are the paper's.
    """
    to = found.as_the_paper
    columns = [
        *_network_or_clean(),
        attack_column(),
        estimate("distance", "Mean", lambda images: mean_of(known_mean(images.distances(found, to))), 2),
        estimate("closer", "Closer", lambda images: _closer(found, images, to=to), 2, formats.signed),
        number("mode", "Mode", lambda images: found.modes[images.network, images.loss or ""], _two_digits),
    ]
    if found.is_the_papers_data:
        columns.append(number("paper_mode", "Paper's mode", lambda images: _paper_mode(found, images)))
    caption = f"As the paper measures: distances to {ENCODER}, and the modes of their densities on its axis"
    return table("paper", caption, columns, _attacked_and_clean(found))


def _paper_mode(found: Distances, images: Images) -> float | None:
    """Read off the published l2 cross-entropy panel, which is all that was read."""
    modes, network = published_modes(found.dataset), images.network
    if network is None:
        return modes.get("test")
    if images.loss != "cross_entropy":
        return None
    if network == found.standard:
        return modes.get("standard")
    return modes.get(network.strength) if (network.norm, network.loss) == ("l2", "cross_entropy") else None


def density_table(found: Distances) -> Table:
    """Kernel density estimates over all trainings, for the figures."""
    columns = [
        unshown("attack_loss", lambda curve: curve.loss),
        *(replace(column, heading="") for column in _network_or_clean()),
        unshown("axis", lambda curve: curve.axis),
        unshown("place", lambda curve: curve.place),
        unshown("density", lambda curve: curve.density),
    ]
    everybody = _attacked_and_clean(found)
    curves = [
        *_curves("distance", {images: images.distances(found) for images in everybody}),
        *_curves("rescaled", {images: images.on_the_papers_axis(found) for images in everybody}),
    ]
    return table("densities", "Densities of the distances", columns, curves)


def _curves(axis: str, values: Mapping[Images, np.ndarray]) -> Iterator[Curve]:
    """Of all images, at the same places."""
    everything = np.concatenate([of_images[np.isfinite(of_images)] for of_images in values.values()])
    margin = 0.1 * np.ptp(everything)
    grid = np.linspace(everything.min() - margin, everything.max() + margin, DENSITY_POINTS)
    for images, of_images in values.items():
        if found := density(of_images):
            yield Curve(images.network, images.loss, axis, _drawn(grid), _drawn(found(grid)))


def _drawn(values: np.ndarray) -> list[float]:
    """With the digits that a figure can show."""
    return [float(f"{value:.5g}") for value in values]


def quality_table(found: Distances) -> Table:
    """Distances of images that are no adversarial examples; a row is about a table of them and its name."""
    noisy = [CLEAN, *(f"with noise of size {round(size, 3):g}" for size in found.noise_sizes[1:])]
    encoded = zip(noisy, found.noise_levels("encoded"), strict=True) if found.searches else ()
    about = [
        *zip(noisy, found.noise_levels(), strict=True),
        *((f"{images}, to {ENCODER}", values) for images, values in encoded),
        ("clean, to the projection of another image of the class", found.quality("to_another")),
        *((f"clean, to {what}", found.clean_control(control)) for control, what in CONTROLS.items()),
    ]
    columns = [
        words("images", "Images", lambda row: row[0]),
        estimate("distance", "Mean distance", lambda row: mean_of(row[1]), 2),
        number("n_images", "n", lambda row: row[1].shape[1], formats.listing),
    ]
    return table("quality", f"Distance to {found.targets['distance']}, test images", columns, about)


def training_table(found: Distances) -> Table:
    """The VAE-GANs' last epochs on held-out images, and how much what they generate differs."""
    last = dict(zip(found.labels("metric"), found.quality("history").mean(axis=0).tolist(), strict=True))
    about = [
        *((metric, last[f"val_{metric}"]) for metric in HELD_OUT),
        ("standard deviation of a pixel over generated images", float(found.quality("diversity").mean())),
        ("the same over test images", float(found.quality("data_diversity").mean())),
    ]
    columns = [words("metric", "Metric", lambda row: row[0]), number("value", "Value", lambda row: row[1])]
    caption = "The VAE-GANs after their last epoch, on held-out images (l1 and l2 per image, the discriminators' "
    return table("training", f"{caption}accuracies)", columns, about)


def gradient_table(found: Distances) -> Table:
    """How much of every network's gradients lies along the manifold."""

    def alignment(key: str, heading: str, of: str) -> Column:
        return estimate(key, heading, lambda network: mean_of(found.gradient(network, of)))

    def gain(key: str, heading: str, of: Callable[[Network], Estimate]) -> Column:
        """The standard network gains nothing over itself."""
        return estimate(
            key,
            heading,
            lambda network: UNKNOWN if network == found.standard else of(network),
            show=formats.signed,
        )

    columns = [
        *network_columns(lambda network: network),
        alignment("alignment", "Alignment", "alignment"),
        gain("gain", "Gain over standard", lambda network: mean_of(found.alignment_gain(network))),
        alignment("other", "With another's tangent space", "alignment_other"),
        gain("beyond_other", "Gain beyond another's", found.alignment_beyond_another),
        alignment("blurred", "Blurred", "alignment_blurred"),
        gain(
            "blurred_gain",
            "Gain, both blurred",
            lambda network: mean_of(found.alignment_gain(network, "alignment_blurred")),
        ),
        unshown("random_direction", lambda network: found.random_alignment),
        unshown("trainings", lambda network: len(found.runs)),
        unshown("n_images", lambda network: found.gradient(network, "alignment").shape[1]),
    ]
    return table("gradients", "Alignment of input gradients with the tangent space", columns, found.networks)
