"""What the page of Section 3.3 shows, prepared for its template."""

from dataclasses import replace

import numpy as np

from experiments.networks.keys import readable
from experiments.paper import SCORES
from experiments.store.results import Results
from reports import formats
from reports.figures import tradeoff as figures
from reports.figures.styles import name
from reports.pages.common import (
    ATTRIBUTION,
    METRIC,
    NETWORK,
    drawn_attributions,
    identifier,
    looks,
    of_attributions,
    parameters_of,
    seconds_of,
    study_view,
    tables,
)
from reports.pages.roar import correlation_columns
from reports.tables import Column, estimate, number, words

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "accuracy": "Score against test accuracy",
    "front": "Which networks are worth having",
    "robust": "Score against robust accuracy",
    "methods": "Is it robustness, smoothness or something else?",
    "tables": "Tables",
}
KEY_PANEL = ("front", 0)

UNDER_ATTACK = "Under attack, %"

COLUMNS = {
    "accuracy_correlations": (
        "Correlation of score with test accuracy, beside the published ones (CIFAR-10, 21 networks each)",
        correlation_columns("accuracy"),
    ),
    "robust_correlations": (
        "Correlation of score with robust accuracy, which the paper does not give",
        correlation_columns("robust accuracy"),
    ),
    "costs": (
        "Test accuracy that the strongest training costs, in points",
        [
            words("Training", lambda row: name(row["family"])),
            estimate("Cost", "cost", 1, formats.signed, factor=100),
            number("Trainings", "trainings", formats.listing),
        ],
    ),
    "ways": (
        "At equal test accuracy, what scores higher? Differences of score",
        [
            words("Way", lambda row: " minus ".join(map(name, row["way"].split(" minus ")))),
            METRIC,
            words("Trained on", lambda row: name(row["group"]) if row["group"] else "all networks"),
            words("Attribution", lambda row: name(row["attribution"]) if row["attribution"] else "both"),
            estimate("Difference", "difference", 4, formats.signed),
        ],
    ),
    "methods": (
        "Training methods: what they cost, relative to standard training, what they withstand, what they score",
        [
            NETWORK,
            number("Network passes", "passes", lambda value: f"{formats.number(value, 1)} x"),
            number("Seconds", "seconds", lambda value: formats.MISSING if value is None else f"{value:.1f} x"),
            estimate("Test accuracy, %", "accuracy", 1, factor=100),
            estimate(UNDER_ATTACK, "robust_accuracy", 1, factor=100),
            number("Under one step, %", "one_step_accuracy", lambda value: formats.number(100 * value, 1)),
            number("Roughness", "roughness", lambda value: formats.number(value, 2)),
            estimate("ROAR", "roar", 4),
            estimate("KAR", "kar", 4),
        ],
    ),
    "overfitting": (
        "Trainings of one step: accuracy on training images after every epoch",
        [
            NETWORK,
            number("Training", "training", formats.listing),
            number("Epoch", "epoch", formats.listing),
            number("Under one step, %", "one_step", lambda value: formats.number(100 * value, 0)),
            number("Under ten steps, %", "several_steps", lambda value: formats.number(100 * value, 0)),
        ],
    ),
    "points": (
        "Every network: score and accuracies",
        [
            NETWORK,
            METRIC,
            ATTRIBUTION,
            estimate("Value", "score", 4),
            estimate("Test accuracy, %", "accuracy", 1, factor=100),
            estimate(UNDER_ATTACK, "robust_accuracy", 1, factor=100),
            words("On the front", lambda row: "yes" if row["on_front"] else "no"),
            number("Trainings", "trainings", formats.listing),
            number("Images", "n_images", formats.listing),
        ],
    ),
}


def study_page(study: dict, results: Results, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """One data set: its tables by kind and its figures' panels."""
    common = study_view(study, results, others)
    dataset, rows, prefix = common["dataset"], common["rows"], common["prefix"]
    attributions = drawn_attributions(study["attributions"])
    points = of_attributions(rows["points"], attributions)
    groups = dict.fromkeys(row["group"] for row in rows["accuracy_correlations"])

    def against(field: str, correlations: str) -> list:
        return [
            figures.score_against_accuracy(
                points,
                of_attributions(rows[correlations], attributions),
                group,
                metric,
                field,
                identifier(prefix, field, group, metric),
            )
            for group in groups
            for metric in SCORES
        ]

    columns = {
        "points": _named(COLUMNS["points"], study["robust_attacks"][0]),
        "methods": _named(COLUMNS["methods"], study["robust_attacks"][-1]),
    }
    _add_seconds(rows["methods"], dataset, results.artefacts)
    other_methods = {row["method"] for row in rows["methods"]} - {"standard", "adversarial"}
    return {
        **common,
        "looks": looks(attributions),
        "drawn": [name(attribution) for attribution in attributions],
        "parameters": parameters_of(study),
        "tables": tables(common, {**COLUMNS, **columns}),
        "left_out": [] if other_methods else ["methods"],
        "figures": {
            "accuracy": against("accuracy", "accuracy_correlations"),
            "robust": against("robust_accuracy", "robust_correlations"),
            "methods": [
                figures.score_by_method(
                    points, metric, attribution, field, identifier(prefix, "methods", metric, attribution, field)
                )
                for metric in SCORES
                for attribution in attributions
                for field in ("accuracy", "robust_accuracy")
                if other_methods
            ],
            "overfitting": [
                figures.overfitting(rows["overfitting"], method, identifier(prefix, "overfitting", method))
                for method in dict.fromkeys(row["method"] for row in rows["overfitting"])
            ],
            "front": [figures.pareto_front(points, metric, identifier(prefix, "front", metric)) for metric in SCORES],
        },
    }


def _named(table: tuple[str, list[Column]], attack: str) -> tuple[str, list[Column]]:
    """With the attack's name over the accuracy under it."""
    caption, columns = table
    heading = f"Under {name(attack)}, %"
    return caption, [replace(one, heading=heading) if one.heading == UNDER_ATTACK else one for one in columns]


def _add_seconds(rows: list[dict], dataset: str, artefacts: dict) -> None:
    """How long each network's training took, relative to standard training; None where that is not known."""
    seconds = {row["network"]: _training_seconds(row["network"], dataset, artefacts) for row in rows}
    standard = seconds["standard"]
    for row in rows:
        own = seconds[row["network"]]
        row["seconds"] = own / standard if own and standard else None


def _training_seconds(network: str, dataset: str, artefacts: dict) -> float | None:
    known = seconds_of(artefacts, readable("network", dataset, network, "t"))
    return float(np.mean(known)) if known else None
