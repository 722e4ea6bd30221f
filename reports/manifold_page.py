"""What the page of Section 2.1 shows, prepared for its template."""

import numpy as np
from markupsafe import Markup

from reports import manifold_figures
from reports.figures import name, network_name
from reports.images import data_uri, photograph, signed_map
from reports.view import study_view


def study_page(study: dict, results: dict, pictures: dict[str, np.ndarray]) -> dict:
    """One data set: its tables by kind, its figures as SVG and its pictures as data URIs."""
    common = study_view(study, results)
    dataset, slug, tables = common["dataset"], common["slug"], common["tables"]
    attack_losses = list(dict.fromkeys(row["attack_loss"] for row in tables["distances"] if row["attack_loss"]))
    figures = [
        {
            "attack": name(loss),
            **{
                axis: Markup(
                    manifold_figures.densities(
                        tables["densities"], loss, axis, study["losses"], f"{slug}-{loss}-{axis}"
                    )
                )
                for axis in ("rescaled", "distance")
            },
        }
        for loss in attack_losses
    ]
    return {
        **common,
        "figures": figures,
        "summary_figure": Markup(manifold_figures.distance_against_eps(tables["distances"], f"{slug}-summary")),
        "networks": [network_name(row) for row in tables["gradients"]],
        "random_alignment": tables["gradients"][0]["random_direction"],
        "generated": [data_uri(photograph(image)) for image in pictures[f"{dataset}/generated"]],
        "samples": _samples(dataset, [row["network"] for row in tables["gradients"]], pictures),
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
