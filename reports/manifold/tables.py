"""The tables of Section 2.1."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.stats import gaussian_kde

from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.statistics import estimate as mean_of
from reports.evidence.statistics import known_mean
from reports.evidence.study import Network
from reports.manifold.analysis import CONTROLS, Distances, published_modes
from reports.styles import name
from reports.tables import Column, Table, estimate, network_columns, number, table, unshown, words

KDE_BANDWIDTH = 0.25
"""The protocol's factor, of the data's standard deviation."""
DENSITY_POINTS = 120
CLEAN = "clean test images"
CONTROL_HEADINGS = {
    "pca_latent": "As many principal components",
    "pca": "50 principal components",
    "blur": "The image's own blur",
    "mean": "The mean image",
}
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


class Curve(NamedTuple):
    """A density, in pixels' units ("distance") or on the paper's axis ("rescaled")."""

    network: Network | None
    loss: str | None
    axis: str
    place: list[float]
    density: list[float]


def distance_table(found: Distances) -> Table:
    """Distances of every network's adversarial examples under every attack, then of clean test images."""
    about = [*(Images(network, loss) for loss, network in product(found.attack_losses, found.networks)), Images()]
    values = {images: _distances(found, images) for images in about}
    modes = {images: _mode(found.rescaled(distances)) for images, distances in values.items()}
    columns = [
        *_network_or_clean(),
        _attack(),
        estimate("distance", "Mean", lambda images: mean_of(known_mean(values[images])), 2),
        estimate("closer", "Closer", lambda images: _closer(found, images), 2, formats.signed),
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
        _of_attack(
            "noise_distance", "Noise of that size", lambda network, loss: found.attack(network, loss, "noise_distance")
        ),
        number("mode", "Mode, rescaled", lambda images: modes[images], _two_digits),
        number("paper_mode", "Paper's mode", lambda images: _paper_mode(found, images)),
        unshown("trainings", lambda images: len(found.runs)),
        unshown("n_images", lambda images: values[images].shape[1]),
    ]
    caption = "Distances; \"closer\" is the standard network's mean minus this one's"
    return table("distances", caption, columns, about)


def _network_or_clean() -> list[Column]:
    """What a table says of a row's network, or that it has clean test images instead."""
    named, *others = network_columns(lambda row: row.network, nobody=CLEAN)
    return [replace(named, value=lambda row: row.network.name if row.network else CLEAN), *others]


def _attack() -> Column:
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


def _distances(found: Distances, images: Images) -> np.ndarray:
    return found.distances(images.network, images.loss) if images.network and images.loss else found.clean


def _closer(found: Distances, images: Images, rule: str | None = None) -> Estimate:
    """How much closer than the standard network's, under the same attack."""
    if images.network is None or images.loss is None or images.network == found.standard:
        return UNKNOWN
    return mean_of(found.closer(found.standard, images.network, images.loss, rule))


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


def _mode(values: np.ndarray) -> float | None:
    """Where the density estimate is highest."""
    known = values[np.isfinite(values)]
    if not _has_density(known):
        return None
    grid = np.linspace(known.min(), known.max(), 1000)
    return float(grid[gaussian_kde(known, KDE_BANDWIDTH)(grid).argmax()])


def _has_density(known: np.ndarray) -> bool:
    return len(known) > 2 and bool(np.ptp(known))


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


def control_table(found: Distances) -> Table:
    """Of the strongest network of each series: how much closer by the VAE-GAN, and by distances without one."""

    def closer(key: str, heading: str, to: str) -> Column:
        return estimate(
            key,
            heading,
            lambda images: mean_of(found.closer(found.standard, images.network, images.loss, to=to)),
            2,
            formats.signed,
        )

    columns = [
        *network_columns(lambda images: images.network),
        _attack(),
        closer("closer", "To the VAE-GAN's manifold", "distance"),
        *(closer(control, heading, control) for control, heading in CONTROL_HEADINGS.items()),
        estimate(
            "beyond",
            "Beyond them",
            lambda images: found.beyond_controls(images.network, images.loss),
            2,
            formats.signed,
        ),
    ]
    caption = "Closer than the standard network's, by the VAE-GAN and by what knows nothing of it (strongest training)"
    about = [Images(network, loss) for network, loss in product(found.strongest(), found.attack_losses)]
    return table("controls", caption, columns, about)


def density_table(found: Distances) -> Table:
    """Kernel density estimates over all trainings, for the figures."""
    columns = [
        unshown("attack_loss", lambda curve: curve.loss),
        *(replace(column, heading="") for column in _network_or_clean()),
        unshown("axis", lambda curve: curve.axis),
        unshown("place", lambda curve: curve.place),
        unshown("density", lambda curve: curve.density),
    ]
    curves = [*_curves(found, "distance", lambda values: values), *_curves(found, "rescaled", found.rescaled)]
    return table("densities", "Densities of the distances", columns, curves)


def _curves(found: Distances, axis: str, scale: Callable[[np.ndarray], np.ndarray]) -> Iterator[Curve]:
    """Of all images, at the same places."""
    everybody = [Images(), *(Images(network, loss) for network, loss in product(found.networks, found.attack_losses))]
    scaled = {images: scale(_distances(found, images)) for images in everybody}
    known = {images: values[np.isfinite(values)] for images, values in scaled.items()}
    everything = np.concatenate(list(known.values()))
    margin = 0.1 * np.ptp(everything)
    grid = np.linspace(everything.min() - margin, everything.max() + margin, DENSITY_POINTS)
    for images, values in known.items():
        if _has_density(values):
            density = gaussian_kde(values, KDE_BANDWIDTH)(grid)
            yield Curve(images.network, images.loss, axis, _drawn(grid), _drawn(density))


def _drawn(values: np.ndarray) -> list[float]:
    """With the digits that a figure can show."""
    return [float(f"{value:.5g}") for value in values]


def quality_table(found: Distances) -> Table:
    """Distances of images that are no adversarial examples; a row is about a table of them and its name."""
    noisy = [CLEAN, *(f"with noise of size {round(size, 3):g}" for size in found.noise_sizes[1:])]
    encoded = zip(noisy, found.noise_levels("encoded"), strict=True) if found.searches else ()
    about = [
        *zip(noisy, found.noise_levels(), strict=True),
        *((f"{images}, to the encoder's reconstruction", values) for images, values in encoded),
        ("clean, to the projection of another image of the class", found.quality("to_another")),
        *((f"clean, to {what}", found.clean_control(control)) for control, what in CONTROLS.items()),
    ]
    columns = [
        words("images", "Images", lambda row: row[0]),
        estimate("distance", "Mean distance", lambda row: mean_of(row[1]), 2),
        number("n_images", "n", lambda row: row[1].shape[1], formats.listing),
    ]
    return table("quality", "Distance to the manifold, test images", columns, about)


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
