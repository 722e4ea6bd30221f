"""What the page of Section 2.1 shows, prepared for its template."""

import numpy as np

from experiments.store.results import Results
from reports import formats
from reports.figures import manifold as figures
from reports.figures.styles import name, network_name
from reports.images import data_uri, photograph, signed_map
from reports.pages.common import NETWORK, identifier, study_view, tables
from reports.tables import Cell, Column, estimate, number, words

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
            words("Attack", lambda row: name(row["attack_loss"]) if row["attack_loss"] else "none"),
            words("Network", lambda row: network_name(row) if row["attack_loss"] else row["network"]),
            estimate("Mean", "distance", 2),
            estimate("Closer", "closer", 2, formats.signed),
            number("Cohen's d", "effect_size", _two_digits),
            Column("Kept", lambda row: Cell(f"{row['kept']} of {row['n_images']}", sort=row["kept"])),
            estimate("Closer, other success rule", "closer_other_rule", 2, formats.signed),
            number("Kept, other rule", "kept_other_rule", formats.listing),
            number("Size of perturbation", "perturbation", _two_digits),
            number("Noise of that size", "noise_distance", _two_digits),
            number("Mode, rescaled", "mode", _two_digits),
            number("Paper's mode", "paper_mode"),
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
        "The VAE-GAN after its last epoch, on held-out images (l1 and l2 per image, the discriminator's accuracies)",
        [words("Metric", lambda row: row["metric"]), number("Value", "value")],
    ),
    "gradients": (
        "Alignment of input gradients with the tangent space",
        [
            NETWORK,
            estimate("Alignment", "alignment"),
            estimate("Gain over standard", "gain", show=formats.signed),
            number("n", "n_images", formats.listing),
        ],
    ),
}


def study_page(study: dict, results: Results, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """One data set: its tables by kind, its figures' panels and its pictures as data URIs."""
    common = study_view(study, results, others)
    dataset, rows, prefix = common["dataset"], common["rows"], common["prefix"]
    attack_losses = list(dict.fromkeys(row["attack_loss"] for row in rows["distances"] if row["attack_loss"]))
    means = [
        figures.mean_distances(rows["distances"], loss, identifier(prefix, "means", loss)) for loss in attack_losses
    ]
    series = list(dict.fromkeys((row["family"], row["group"]) for row in rows["gradients"] if row["family"]))
    densities = {
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
    return {
        **common,
        "tables": tables(common, COLUMNS),
        "figures": {"means": means, **densities},
        "attack_losses": {loss: name(loss) for loss in attack_losses},
        "networks": [network_name(row) for row in rows["gradients"]],
        "random_alignment": rows["gradients"][0]["random_direction"],
        "generated": [data_uri(photograph(image)) for image in pictures[f"{dataset}/generated"]],
        "samples": _samples(dataset, [row["network"] for row in rows["gradients"]], pictures),
    }


def _samples(dataset: str, networks: list[str], pictures: dict[str, np.ndarray]) -> list[dict]:
    """Per sample image: itself, its projection, and every network's gradient, attack and projection."""
    samples = []
    for i, image in enumerate(pictures[f"{dataset}/sample_images"]):
        rows = [
            {
                "map": data_uri(signed_map(pictures[f"{dataset}/{network}/sample_maps"][i])),
                "adversarial": data_uri(photograph(pictures[f"{dataset}/{network}/sample_adversarial"][i])),
                "projection": data_uri(photograph(pictures[f"{dataset}/{network}/sample_projections"][i])),
                "predicted": str(pictures[f"{dataset}/{network}/sample_predicted"][i]),
            }
            for network in networks
        ]
        samples.append(
            {
                "index": int(pictures[f"{dataset}/sample_index"][i]),
                "label": str(pictures[f"{dataset}/sample_label"][i]),
                "image": data_uri(photograph(image)),
                "projection": data_uri(photograph(pictures[f"{dataset}/sample_projections"][i])),
                "networks": rows,
            }
        )
    return samples
