"""What the page of Section 3.2 shows, prepared for its template."""

import numpy as np
from markupsafe import Markup

from experiments.occlusion import fill_pixels, removed_pixels
from reports import roar_figures
from reports.figures import name, network_name
from reports.images import data_uri, photograph, signed_map
from reports.view import study_view

MOST_NETWORKS = 9
"""A page with more networks than this shows curves and pictures of a selection."""


def study_page(study: dict, results: dict, pictures: dict[str, np.ndarray]) -> dict:
    """One data set: its tables by kind, its figures as SVG and its pictures as data URIs."""
    common = study_view(study, results)
    dataset, slug, tables = common["dataset"], common["slug"], common["tables"]
    shown = _shown_networks(tables["networks"])
    chance = float(pictures[f"{dataset}/chance"])
    ends = (tables["networks"][0]["clean_accuracy"], chance)
    strength = {
        name(loss): roar_figures.score_against_strength(
            tables["scores"], tables["correlations"], loss, f"{slug}-{loss}"
        )
        for loss in study["losses"]
    }
    curves = {
        network_name(row): roar_figures.accuracy_curves(tables["curves"], row["network"], ends, f"{slug}-curve{number}")
        for number, row in enumerate(shown)
    }
    blur = roar_figures.plain_and_blurred(tables["scores"], f"{slug}-blur") if tables["controls"] else None
    return {
        **common,
        "chance": chance,
        "test_images": int(pictures[f"{dataset}/test_images"]),
        "shown": [network_name(row) for row in shown],
        "strength_figures": {loss: Markup(figure) for loss, figure in strength.items()},
        "curve_figures": {network: Markup(figure) for network, figure in curves.items()},
        "blur_figure": blur and Markup(blur),
        "samples": _samples(study, shown, pictures),
    }


def _shown_networks(networks: list[dict]) -> list[dict]:
    """All networks, or of a large grid the standard one and each norm's weakest and strongest."""
    if len(networks) <= MOST_NETWORKS:
        return networks
    chosen = [networks[0]]
    for norm in ("l2", "linf"):
        arms = [row for row in networks if row["norm"] == norm and row["loss"] == networks[1]["loss"]]
        chosen += sorted(arms, key=lambda row: row["eps"])[:: max(1, len(arms) - 1)]
    return chosen


def _samples(study: dict, networks: list[dict], pictures: dict[str, np.ndarray]) -> list[dict]:
    """Per sample image: itself, every network's maps, and strips of what ROAR and KAR make of it."""
    dataset, percentiles = study["dataset"], study["percentiles"]
    fill = pictures[f"{dataset}/fill"]
    samples = []
    for i, image in enumerate(pictures[f"{dataset}/sample_images"]):
        maps, strips = [], []
        for network in networks:
            arms = [
                (attribution, f"{dataset}/{network['network']} {attribution}") for attribution in study["attributions"]
            ]
            maps.append([data_uri(signed_map(pictures[f"{arm}/sample_maps"][i])) for _, arm in arms])
            for attribution, arm in arms:
                ranks = pictures[f"{arm}/sample_ranks"][i : i + 1]
                strips.append(
                    {
                        "arm": f"{network_name(network)}: {name(attribution)}",
                        "removed": [_occluded(image, ranks, percent, False, fill) for percent in percentiles],
                        "kept": [_occluded(image, ranks, percent, True, fill) for percent in percentiles],
                    }
                )
        samples.append(
            {
                "index": int(pictures[f"{dataset}/sample_index"][i]),
                "label": str(pictures[f"{dataset}/sample_label"][i]),
                "image": data_uri(photograph(image)),
                "maps": maps,
                "strips": strips,
            }
        )
    return samples


def _occluded(image: np.ndarray, ranks: np.ndarray, percent: int, keep: bool, fill: np.ndarray) -> str:
    return data_uri(photograph(fill_pixels(image[None], removed_pixels(ranks, percent, keep), fill)[0]))
