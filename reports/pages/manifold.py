"""What the page of Section 2.1 shows, prepared for its template."""

import numpy as np

from experiments.store.results import Results
from reports import formats
from reports.figures import manifold as figures
from reports.figures.styles import name, network_name
from reports.pages.common import NETWORK, identifier, study_view, tables
from reports.pages.gallery import Gallery, Tile, as_fit, drawn_how, heat, photo, room, sample_titles
from reports.tables import estimate, number, words

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "distances": "Distances of adversarial examples",
    "quality": "Is the VAE-GAN a manifold worth measuring to?",
    "gradients": "How much of the gradient lies along the manifold",
    "pictures": "Gradients and adversarial examples",
}
KEY_PANEL = ("means", 0)


def _two_digits(value: float | None) -> str:
    return formats.number(value, 2)


COLUMNS = {
    "distances": (
        "Distances; \"closer\" is the standard network's mean minus this one's",
        [
            words("Network", lambda row: network_name(row) if row["attack_loss"] else row["network"]),
            words("Attack", lambda row: name(row["attack_loss"]) if row["attack_loss"] else "none"),
            estimate("Mean", "distance", 2),
            estimate("Closer", "closer", 2, formats.signed),
            number("Cohen's d", "effect_size", _two_digits),
            number("Kept", "kept", formats.percent),
            estimate("Closer, other success rule", "closer_other_rule", 2, formats.signed),
            number("Kept, other rule", "kept_other_rule", formats.percent),
            number("Attack's size", "perturbation", _two_digits),
            number("Noise of that size", "noise_distance", _two_digits),
            number("Mode, rescaled", "mode", _two_digits),
            number("Paper's mode", "paper_mode"),
        ],
    ),
    "controls": (
        "Closer than the standard network's, by the VAE-GAN and by what knows nothing of it (strongest training)",
        [
            NETWORK,
            words("Attack", lambda row: name(row["attack_loss"])),
            estimate("To the VAE-GAN's manifold", "closer", 2, formats.signed),
            estimate("As many principal components", "pca_latent", 2, formats.signed),
            estimate("50 principal components", "pca", 2, formats.signed),
            estimate("The image's own blur", "blur", 2, formats.signed),
            estimate("The mean image", "mean", 2, formats.signed),
            estimate("Beyond them", "beyond", 2, formats.signed),
        ],
    ),
    "densities": ("Densities of the distances", []),
    "quality": (
        "Distance to the manifold, test images",
        [
            words("Images", lambda row: row["images"]),
            estimate("Mean distance", "distance", 2),
            number("n", "n_images", formats.listing),
        ],
    ),
    "training": (
        "The VAE-GANs after their last epoch, on held-out images (l1 and l2 per image, the discriminators' accuracies)",
        [words("Metric", lambda row: row["metric"]), number("Value", "value")],
    ),
    "gradients": (
        "Alignment of input gradients with the tangent space",
        [
            NETWORK,
            estimate("Alignment", "alignment"),
            estimate("Gain over standard", "gain", show=formats.signed),
            estimate("With another's tangent space", "other"),
            estimate("Gain beyond another's", "beyond_other", show=formats.signed),
            estimate("Blurred", "blurred"),
            estimate("Gain, both blurred", "blurred_gain", show=formats.signed),
        ],
    ),
}


def study_page(study: dict, results: Results, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """One data set: its tables by kind, its figures' panels and its pictures as data URIs."""
    common = study_view(study, results, others)
    dataset, rows, prefix = common["dataset"], common["rows"], common["prefix"]
    attack_losses = list(dict.fromkeys(row["attack_loss"] for row in rows["distances"] if row["attack_loss"]))
    series = list(dict.fromkeys((row["family"], row["group"]) for row in rows["gradients"] if row["family"]))
    listed = tables(common, COLUMNS)
    panels = {
        "means": [
            figures.mean_distances(rows["distances"], loss, identifier(prefix, "means", loss)) for loss in attack_losses
        ]
    }
    panels |= {
        f"{axis} {attack_loss}": [
            figures.density(
                rows["densities"],
                attack_loss,
                family,
                group,
                axis,
                identifier(prefix, axis, attack_loss, family, group),
            )
            for family, group in series
        ]
        for axis in ("rescaled", "distance")
        for attack_loss in attack_losses
    }
    titles = sample_titles(dataset, pictures)
    samples = (_sample(dataset, rows["gradients"], pictures, i, title) for i, title in enumerate(titles))
    return {
        **common,
        "tables": listed,
        "figures": panels,
        "attack_losses": {loss: name(loss) for loss in attack_losses},
        "random_alignment": rows["gradients"][0]["random_direction"],
        "generated": [
            photo(image, f"generated image {number}")
            for number, image in enumerate(pictures[f"{dataset}/generated"], start=1)
        ],
        "samples": as_fit(samples, room(panels, listed, len(results.settings["studies"]))),
        "stored_samples": len(titles),
        "drawn_how": drawn_how(study),
    }


def _sample(dataset: str, networks: list[dict], pictures: dict[str, np.ndarray], i: int, title: str) -> Gallery:
    """A sample image and its projection; beside them every network's attack, its projection, and the gradient."""
    image = pictures[f"{dataset}/sample_images"][i]
    projection = pictures[f"{dataset}/sample_projections"][i]
    attacked: list[Tile | None] = [photo(image, title, original=True)]
    projected: list[Tile | None] = [photo(projection, f"{title}: its projection")]
    gradients: list[Tile | None] = [None]
    for row in networks:
        start, network = f"{dataset}/{row['network']}", network_name(row)
        taken_for = f"taken for {pictures[f'{start}/sample_predicted'][i]}"
        example = f"{title}: adversarial example of {network}"
        attacked.append(photo(pictures[f"{start}/sample_adversarial"][i], example, taken_for))
        projected.append(photo(pictures[f"{start}/sample_projections"][i], f"{example}, its projection"))
        gradients.append(heat(pictures[f"{start}/sample_maps"][i], f"{title}: gradient of {network}"))
    rows = [("Image", attacked), ("Its projection", projected), ("Gradient", gradients)]
    return Gallery(title, ["no attack", *map(network_name, networks)], rows, image.shape[1])
