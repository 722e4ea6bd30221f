"""What the page of Section 3.2 shows, prepared for its template."""

import numpy as np

from experiments.paper import SCORES
from experiments.store.results import Results
from measures.occlusion import fill_pixels, removed_pixels
from reports import formats
from reports.figures import roar as figures
from reports.figures.drawing import Panel
from reports.figures.styles import name, network_name
from reports.pages.common import (
    ATTRIBUTION,
    FAMILY,
    GROUP,
    METRIC,
    NETWORK,
    drawn_attributions,
    identifier,
    looks,
    of_attributions,
    parameters_of,
    study_view,
    tables,
)
from reports.pages.gallery import Gallery, as_fit, drawn_how, maps_of, photo, room, sample_titles
from reports.pages.networks import shown_networks, strongest_networks
from reports.tables import Column, Table, estimate, number, words

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "strength": "Score against attack strength",
    "gains": "Does adversarial training help every attribution?",
    "curves": "Accuracy of the retrained networks",
    "measures": "Other measures",
    "controls": "Does smoothness alone explain it?",
    "pictures": "What the attributions look like",
    "tables": "Tables",
}
KEY_PANEL = ("strength", 0)


def correlation_columns(correlated: str) -> list[Column]:
    """Columns of a table of correlations beside the published ones."""
    return [
        METRIC,
        GROUP,
        FAMILY,
        ATTRIBUTION,
        estimate(f"Linear, with {correlated}", "linear", 2),
        number("Paper", "paper_linear", lambda value: formats.number(value, 2)),
        number("p", "p", formats.p_value),
        number("Rank", "rank", lambda value: formats.number(value, 2)),
        number("Paper, rank", "paper_rank", lambda value: formats.number(value, 2)),
        number("Networks", "n_networks", formats.listing),
    ]


COLUMNS = {
    "correlations": (
        "Correlation of score with attack strength, beside the published ones (CIFAR-10, 21 networks each)",
        correlation_columns("strength"),
    ),
    "gains": (
        "Scores of standard networks and of the strongest of each training, and the gain",
        [
            NETWORK,
            METRIC,
            ATTRIBUTION,
            estimate("Standard", "standard", 4),
            estimate("Strongest", "robust", 4),
            estimate("Gain", "gain", 4, formats.signed),
            number("Trainings", "trainings", formats.listing),
        ],
    ),
    "controls": (
        "Gains in ROAR score over the standard network, and what is left of them beyond blur",
        [
            NETWORK,
            ATTRIBUTION,
            estimate("Plain against plain", "gain", show=formats.signed),
            estimate("Standard network's largest gain from blur", "gain_from_blur", show=formats.signed),
            estimate("Beyond any blur", "beyond_blur", show=formats.signed),
            estimate("At equal roughness", "equal_roughness", show=formats.signed),
            estimate("Blurred against blurred", "both_blurred", show=formats.signed),
            number("Roughness, standard", "roughness_standard", lambda value: formats.number(value, 2)),
            number("Roughness, robust", "roughness_robust", lambda value: formats.number(value, 2)),
        ],
    ),
    "networks": (
        "Networks: accuracy on the test set, in percent",
        [
            NETWORK,
            number("eps in [\N{MINUS SIGN}1, 1]", "eps", formats.listing),
            number("eps in 1/255", "eps", lambda eps: formats.number(eps and eps * 127.5, 1)),
            number("step / eps", "step_over_eps", lambda value: formats.number(value, 2)),
            estimate("Clean", "clean_accuracy", 1, factor=100),
            estimate("Under PGD", "robust_accuracy", 1, factor=100),
            number("Under one step", "one_step_accuracy", lambda value: formats.number(100 * value, 1)),
            number("All-zero gradients", "zero_gradient_images", formats.percent),
            number("Trainings", "trainings", formats.listing),
            number("Images", "n_images", formats.listing),
        ],
    ),
    "masks": (
        "Gains in KAR score over the standard network, and what is left of them beyond the masks alone",
        [
            NETWORK,
            ATTRIBUTION,
            estimate("Gain", "gain", 4, formats.signed),
            estimate("Gain of the masks alone", "gain_of_masks", 4, formats.signed),
            estimate("Beyond the masks", "beyond_masks", 4, formats.signed),
            number("% kept", "percent", formats.listing),
            number("Accuracy, kept pixels", "kept_accuracy", formats.percent),
            number("Masks alone", "masks_accuracy", formats.percent),
            number("Random masks", "random_masks_accuracy", formats.percent),
        ],
    ),
    "null": (
        "Scores of rankings by other random pixels: what chance gives",
        [words("Ranking", lambda row: name(row["arm"])), METRIC, estimate("Score", "score", 4, formats.signed)],
    ),
    "scores": (
        "Scores of every arm",
        [
            words("Network", lambda row: network_name(row) if row["network"] else "none"),
            ATTRIBUTION,
            words("Ranking", lambda row: f"blurred, {row['blur']:g}" if row["blur"] else "plain"),
            METRIC,
            estimate("Value", "score", 4),
            number("Roughness", "roughness", lambda value: formats.number(value, 2)),
            number("Trainings", "trainings", formats.listing),
            number("Repetitions", "repetitions", formats.listing),
            number("Images", "n_images", formats.listing),
        ],
    ),
    "curves": (
        "Accuracy of every retraining in percent, averaged over trainings and repetitions",
        [
            words("Network", lambda row: network_name(row) if row["network"] else "none"),
            ATTRIBUTION,
            words("Ranking", lambda row: f"blurred, {row['blur']:g}" if row["blur"] else "plain"),
            words("Pixels", lambda row: name(row["occlusion"])),
            number("% of pixels", "percent", formats.listing),
            estimate("Accuracy", "accuracy", 1, factor=100),
        ],
    ),
}


def study_page(study: dict, results: Results, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """One data set: its tables by kind, its figures' panels and its pictures as data URIs."""
    common = study_view(study, results, others)
    dataset, rows = common["dataset"], common["rows"]
    shown, attributions = shown_networks(rows["networks"]), drawn_attributions(study["attributions"])
    metrics = list(dict.fromkeys(row["metric"] for row in rows["correlations"]))
    listed = _tables(common, study)
    panels = {
        "strength": _strength(common, attributions, [m for m in metrics if m in SCORES]),
        "gains": [
            figures.gains(rows["gains"], metric, identifier(common["prefix"], "gains", metric)) for metric in metrics
        ],
        "measures": _strength(common, attributions, [m for m in metrics if m not in SCORES]),
        "blur": _blur(common, attributions),
        **{f"curves {row['network']}": _curves(common, attributions, row, pictures) for row in shown},
    }
    return {
        **common,
        "tables": listed,
        "chance": float(pictures[f"{dataset}/chance"]),
        "blurs": sorted({study["blur_sigma"], *study["blur_sweep"]}),
        "smoother": _smoother(rows["controls"]),
        "looks": looks(attributions),
        "drawn": [name(attribution) for attribution in attributions],
        "parameters": parameters_of(study),
        "figures": panels,
        "curve_figures": {network_name(row): f"curves {row['network']}" for row in shown},
        "samples": _samples(study, shown, pictures, room(panels, listed, len(results.settings["studies"]))),
        "stored_samples": len(pictures[f"{dataset}/sample_index"]),
        "drawn_how": drawn_how(study),
        "occluded_by": [network_name(row) for row in strongest_networks(shown)],
        "left_out": [] if len(metrics) > len(SCORES) else ["measures"],
    }


def _tables(common: dict, study: dict) -> dict[str, Table]:
    """With a column for every attack that robust accuracy was measured with."""
    caption, columns = COLUMNS["networks"]
    first, *others = study["robust_attacks"]
    place = next(place for place, column in enumerate(columns) if column.heading == "Under PGD")
    attacked = [
        estimate(f"Under {name(first)}", "robust_accuracy", 1, factor=100),
        *(estimate(f"Under {name(other)}", f"robust_accuracy_{other}", 1, factor=100) for other in others),
    ]
    return tables(common, {**COLUMNS, "networks": (caption, [*columns[:place], *attacked, *columns[place + 1 :]])})


def _strength(common: dict, attributions: list[str], metrics: list[str]) -> list[Panel]:
    """A panel for every group of networks and score."""
    scores, correlations = (of_attributions(common["rows"][kind], attributions) for kind in ("scores", "correlations"))
    groups = dict.fromkeys(row["group"] for row in correlations)
    return [
        figures.score_against_strength(
            scores, correlations, group, metric, identifier(common["prefix"], "strength", group, metric)
        )
        for group in groups
        for metric in metrics
    ]


def _curves(common: dict, attributions: list[str], network: dict, pictures: dict[str, np.ndarray]) -> list[Panel]:
    ends = common["rows"]["networks"][0]["clean_accuracy"], float(pictures[f"{common['dataset']}/chance"])
    curves, where = (
        of_attributions(common["rows"]["curves"], attributions),
        (common["prefix"], "curves", network["network"]),
    )
    return [
        figures.accuracy_curve(curves, network["network"], occlusion, ends, identifier(*where, metric))
        for occlusion, metric in figures.OCCLUSIONS.items()
    ]


def _blur(common: dict, attributions: list[str]) -> list[Panel]:
    blurred = {row["attribution"] for row in common["rows"]["controls"]}
    return [
        figures.plain_and_blurred(common["rows"]["scores"], attribution, f"{common['prefix']}-blur-{place}")
        for place, attribution in enumerate(attributions)
        if attribution in blurred
    ]


def _smoother(controls: list[dict]) -> int:
    """In how many comparisons the robust network's maps are smoother than the standard network's."""
    return sum(row["roughness_robust"] < row["roughness_standard"] for row in controls)


def _samples(study: dict, networks: list[dict], pictures: dict[str, np.ndarray], characters: int) -> list[dict]:
    """Per sample image what it is, every network's maps of it, and what ROAR and KAR make of it; as many as fit."""
    dataset, ends = study["dataset"], strongest_networks(networks)
    titles = sample_titles(dataset, pictures)
    maps = as_fit((maps_of(study, networks, pictures, i, title) for i, title in enumerate(titles)), characters // 2)
    left = characters - sum(gallery.characters for gallery in maps)
    strips = as_fit((_strips(study, ends, pictures, i, title) for i, title in enumerate(titles[: len(maps)])), left)
    return [
        {"title": title, "maps": maps[i], "strips": strips[i] if i < len(strips) else None}
        for i, title in enumerate(titles[: len(maps)])
    ]


def _strips(study: dict, networks: list[dict], pictures: dict[str, np.ndarray], i: int, title: str) -> Gallery:
    """A sample image without, and with nothing but, what every arm ranks highest."""
    dataset, percentiles, occlusions = study["dataset"], study["percentiles"], figures.OCCLUSIONS
    image, fill = pictures[f"{dataset}/sample_images"][i], pictures[f"{dataset}/fill"]
    rows = []
    for network in networks:
        for attribution in study["attributions"]:
            arm = f"{network_name(network)}: {name(attribution)}"
            ranks = pictures[f"{dataset}/{network['network']} {attribution}/sample_ranks"][i]
            tiles = [
                photo(
                    _occluded(image, ranks, percent, occlusion == "keep", fill),
                    f"{title}: {percent} % {name(occlusion)}, ranked by {arm}",
                )
                for occlusion in occlusions
                for percent in percentiles
            ]
            rows.append((arm, tiles))
    groups = [(f"{name(occlusion)} ({name(metric)})", len(percentiles)) for occlusion, metric in occlusions.items()]
    columns = [f"{percent} %" for _ in occlusions for percent in percentiles]
    return Gallery(f"{title}: what ROAR and KAR leave", columns, rows, image.shape[1], groups)


def _occluded(image: np.ndarray, ranks: np.ndarray, percent: int, keep: bool, fill: np.ndarray) -> np.ndarray:
    return fill_pixels(image[None], removed_pixels(ranks[None], percent, keep), fill)[0]
