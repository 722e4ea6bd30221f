"""What the page of Section 3.3 shows, prepared for its template."""

import numpy as np

from reports import formats, tradeoff_figures
from reports.figures import name
from reports.roar_figures import METRICS
from reports.roar_page import correlation_columns
from reports.tables import estimate, number, words
from reports.view import ATTRIBUTION, METRIC, NETWORK, study_view, tables

TITLE = "Interpretability against accuracy: what does a high score cost?"
SECTION = "3.3"
HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "accuracy": "Score against test accuracy",
    "front": "Which networks are worth having",
    "robust": "Score against robust accuracy",
    "tables": "Tables",
}
KEY_PANEL = ("front", 0)

COLUMNS = {
    "accuracy_correlations": (
        "Correlation of score with test accuracy, beside the published ones (CIFAR-10, 21 networks each)",
        correlation_columns("accuracy"),
    ),
    "robust_correlations": (
        "Correlation of score with robust accuracy, which the paper does not give",
        correlation_columns("robust accuracy"),
    ),
    "ways": (
        "At equal test accuracy, what scores higher? Differences of score",
        [
            words("Way", lambda row: " minus ".join(map(name, row["way"].split(" minus ")))),
            METRIC,
            words("Trained on", lambda row: name(row["loss"]) if row["loss"] else "all networks"),
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
            estimate("Under PGD, %", "robust_accuracy", 1, factor=100),
            words("On the front", lambda row: "yes" if row["on_front"] else "no"),
            number("Images", "n_images", formats.listing),
            number("Repetitions", "repetitions", formats.listing),
        ],
    ),
}


def study_page(study: dict, results: dict, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """One data set: its tables by kind and its figures' panels."""
    common = study_view(study, results, others)
    rows, prefix = common["rows"], common["prefix"]

    def against(field: str, correlations: str) -> list:
        return [
            tradeoff_figures.score_against_accuracy(
                rows["points"], rows[correlations], loss, metric, field, f"{prefix}-{field}-{loss}-{metric}"
            )
            for loss in study["losses"]
            for metric in METRICS
        ]

    return {
        **common,
        "tables": tables(common, COLUMNS),
        "figures": {
            "accuracy": against("accuracy", "accuracy_correlations"),
            "robust": against("robust_accuracy", "robust_correlations"),
            "front": [
                tradeoff_figures.pareto_front(rows["points"], metric, f"{prefix}-front-{metric}") for metric in METRICS
            ],
        },
    }
