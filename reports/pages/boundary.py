"""What the page of Section 2.2 shows, prepared for its template."""

import numpy as np

from experiments.store.results import Results
from reports import formats
from reports.figures import boundary as figures
from reports.pages.common import study_view, tables
from reports.tables import estimate, number, words

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "regions": "The decision regions",
    "strength": "Against the strength of training",
}
KEY_PANEL = ("regions", 1)

PICTURED = {
    "standard": "standard training",
    "weak": "weak adversarial training",
    "strong": "strong adversarial training",
}

COLUMNS = {
    "strengths": (
        "Every training strength, means over seeds",
        [
            words("Training", lambda row: row["network"]),
            number("eps", "eps", formats.listing),
            estimate("Tilt, degrees", "tilt", 1),
            estimate("Share along low variance", "low_variance_share", 2),
            estimate("Attacked points to class zero", "mahalanobis", 1),
            estimate("Class zero's own points", "own_mahalanobis", 2),
            estimate("Accuracy, clean, %", "clean", 1, factor=100),
            estimate("Under weak attack, %", "robust", 1, factor=100),
            estimate("Class one, attacked, %", "attacked", 1, factor=100),
            number("Without a boundary", "without_boundary", formats.listing),
            number("Seeds", "n_seeds", formats.listing),
        ],
    ),
}


def study_page(study: dict, results: Results, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """The toy: its table and its figures' panels."""
    common = study_view(study, results, others)
    prefix = common["prefix"]
    drawn = {network: _of_network(pictures, study["dataset"], network) for network in PICTURED}
    there = {network: arrays for network, arrays in drawn.items() if arrays}
    return {
        **common,
        "tables": tables(common, COLUMNS),
        "drawn": max((int(sum(arrays["labels"] == 0)) for arrays in there.values()), default=0),
        "figures": {
            "regions": [
                *(figures.points(arrays, f"{prefix}-data") for arrays in list(there.values())[:1]),
                *(
                    figures.decision(arrays, PICTURED[network], f"{prefix}-regions-{network}")
                    for network, arrays in there.items()
                ),
            ],
            "strength": [
                figures.against_strength(common["rows"]["strengths"], measure, f"{prefix}-{measure}")
                for measure in figures.MEASURES
            ],
        },
    }


def _of_network(pictures: dict[str, np.ndarray], dataset: str, network: str) -> dict[str, np.ndarray]:
    start = f"{dataset}/{network}/"
    return {name.removeprefix(start): array for name, array in pictures.items() if name.startswith(start)}
