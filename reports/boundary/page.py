"""What the page of Section 2.2 shows, prepared for its template."""

from collections.abc import Callable, Mapping
from functools import partial
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
NEEDS: dict[str, Callable[[Mapping[str, Any]], object]] = {}
"""What a heading stands above, where it may not be there: then there is no heading."""

TRAINING = {
    "standard": "standard training",
    "weak": "weak adversarial training",
    "strong": "strong adversarial training",
}


def panels(judged: Judged) -> dict[str, Callable[[], list[Panel]]]:
    """What draws the figures' panels, by figure."""
    return {"regions": partial(_regions, judged), "strength": partial(_strength, judged)}


def _regions(judged: Judged) -> list[Panel]:
    prefix, drawn = prefix_of(judged), judged.found.pictured()
    data = [figures.points(arrays, f"{prefix}-data") for arrays in list(drawn.values())[:1]]
    return data + [
        figures.decision(arrays, TRAINING[network], f"{prefix}-regions-{network}") for network, arrays in drawn.items()
    ]


def _strength(judged: Judged) -> list[Panel]:
    prefix, rows = prefix_of(judged), judged.tables["strengths"].rows
    return [figures.against_strength(rows, measure, f"{prefix}-{measure}") for measure in figures.MEASURES]


def shows(judged: Judged, characters: int) -> dict[str, Callable[[], object]]:
    """What gives what the template shows beside claims, tables and figures. characters: room for pictures."""
    return {"drawn": partial(_drawn, judged)}


def _drawn(judged: Judged) -> int:
    """Points of each class."""
    drawn = [int((arrays["labels"] == 0).sum()) for arrays in judged.found.pictured().values()]
    return max(drawn, default=0)
