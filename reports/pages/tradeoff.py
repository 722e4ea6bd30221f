"""What the page of Section 3.3 shows, prepared for its template."""

from dataclasses import replace

import numpy as np

from experiments.store.results import Results
from reports import formats
from reports.figures import tradeoff as figures
from reports.figures.roar import PAPER_SCORES
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
    study_view,
    tables,
)
from reports.pages.roar import correlation_columns
from reports.tables import estimate, number, words

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "accuracy": "Score against test accuracy",
    "front": "Which networks are worth having",
    "robust": "Score against robust accuracy",
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
    rows, prefix = common["rows"], common["prefix"]
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
            for metric in PAPER_SCORES
        ]

    caption, columns = COLUMNS["points"]
    attacked = f"Under {name(study['robust_attacks'][0])}, %"
    columns = [replace(column, heading=attacked) if column.heading == UNDER_ATTACK else column for column in columns]
    return {
        **common,
        "looks": looks(attributions),
        "drawn": [name(attribution) for attribution in attributions],
        "parameters": parameters_of(study),
        "tables": tables(common, {**COLUMNS, "points": (caption, columns)}),
        "figures": {
            "accuracy": against("accuracy", "accuracy_correlations"),
            "robust": against("robust_accuracy", "robust_correlations"),
            "front": [
                figures.pareto_front(points, metric, identifier(prefix, "front", metric)) for metric in PAPER_SCORES
            ],
        },
    }
