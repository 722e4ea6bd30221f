"""What duller than a manifold could bring images closer to it: noise, and manifolds that need no VAE-GAN."""

from itertools import product

from reports import formats
from reports.evidence.statistics import estimate as mean_of
from reports.evidence.statistics import known_mean
from reports.manifold.analysis import CONTROLS, ENCODER, NEAREST, Distances
from reports.manifold.tables import Images, attack_column
from reports.tables import Column, Table, estimate, network_columns, table

HEADINGS = {
    NEAREST: "To the nearest generated image",
    ENCODER: "To the encoder's reconstruction",
    "pca_latent": "As many principal components",
    "pca": "50 principal components",
    "blur": "The image's own blur",
    "mean": "The mean image",
}


def noise_table(found: Distances) -> Table:
    """Whether attacked images that count lie farther than images with noise of the same size, image by image."""

    def mean(key: str, heading: str) -> Column:
        return estimate(key, heading, lambda images: mean_of(known_mean(images.distances(found, key))), 2)

    columns = [
        *network_columns(lambda images: images.network),
        attack_column(),
        mean("distance", "Attacked images"),
        mean("noise_distance", "Noise of that size"),
        estimate(
            "farther",
            "Farther than noise",
            lambda images: mean_of(found.farther_than_noise(images.network, images.loss)),
            2,
            formats.signed,
        ),
    ]
    caption = f"Attacked images and noise of the same size: mean distances to {found.targets['distance']}"
    about = [Images(network, loss) for loss, network in product(found.attack_losses, found.networks)]
    return table("noise", caption, columns, about)


def control_table(found: Distances) -> Table:
    """Of the strongest network of each series: how much closer by the VAE-GAN, and by distances without one."""

    def closer(heading: str, to: str) -> Column:
        return estimate(
            "closer" if to == "distance" else to,
            heading,
            lambda images: mean_of(found.closer(found.standard, images.network, images.loss, to=to)),
            2,
            formats.signed,
        )

    columns = [
        *network_columns(lambda images: images.network),
        attack_column(),
        *(closer(HEADINGS[target], to) for to, target in found.targets.items()),
        *(closer(HEADINGS[control], control) for control in CONTROLS),
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
