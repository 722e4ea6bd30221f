"""What the page of Section 2.2 shows, prepared for its template."""

from typing import Any

from reports.boundary import figures
from reports.common import prefix_of
from reports.drawing import Panel
from reports.section import Judged

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "regions": "The decision regions",
    "strength": "Against the strength of training",
}
KEY_PANEL = ("regions", 1)

TRAINING = {
    "standard": "standard training",
    "weak": "weak adversarial training",
    "strong": "strong adversarial training",
}


def panels(judged: Judged) -> dict[str, list[Panel]]:
    """The figures' panels, by figure."""
    prefix, drawn = prefix_of(judged), judged.found.pictured()
    rows = judged.tables["strengths"].rows
    return {
        "regions": [
            *(figures.points(arrays, f"{prefix}-data") for arrays in list(drawn.values())[:1]),
            *(
                figures.decision(arrays, TRAINING[network], f"{prefix}-regions-{network}")
                for network, arrays in drawn.items()
            ),
        ],
        "strength": [figures.against_strength(rows, measure, f"{prefix}-{measure}") for measure in figures.MEASURES],
    }


def shows(judged: Judged, characters: int) -> dict[str, Any]:
    """What the template shows beside claims, tables and figures. characters: room that is left for pictures."""
    drawn = [int((arrays["labels"] == 0).sum()) for arrays in judged.found.pictured().values()]
    return {"drawn": max(drawn, default=0)}
