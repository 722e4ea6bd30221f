"""What the page of Section 3.3 shows, prepared for its template."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reports.common import drawn_attributions, identifier, looks, of_attributions, parameters_of, prefix_of
from reports.drawing import Panel
from reports.evidence.published import SCORES
from reports.section import Judged
from reports.styles import name
from reports.tradeoff import figures

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "accuracy": "Score against test accuracy",
    "front": "Which networks are worth having",
    "robust": "Score against robust accuracy",
    "methods": "Is it robustness, smoothness or something else?",
    "tables": "Tables",
}
KEY_PANEL = ("front", 0)
NEEDS: dict[str, Callable[[Mapping[str, Any]], object]] = {"methods": lambda study: study["figures"]["methods"]}
"""What a heading stands above, where it may not be there: then there is no heading."""


def panels(judged: Judged) -> dict[str, Callable[[], list[Panel]]]:
    """What draws the figures' panels, by figure."""
    return {
        "accuracy": partial(_against, judged, "accuracy", "accuracy_correlations"),
        "robust": partial(_against, judged, "robust_accuracy", "robust_correlations"),
        "methods": partial(_by_method, judged),
        "overfitting": partial(_overfitting, judged),
        "front": partial(_front, judged),
    }


def _against(judged: Judged, field: str, correlations: str) -> list[Panel]:
    """Scores against an accuracy, a panel for every group of networks and score."""
    prefix, points, fits = prefix_of(judged), _shown(judged, "points"), _shown(judged, correlations)
    return [
        figures.score_against_accuracy(points, fits, group, metric, field, identifier(prefix, field, group, metric))
        for group in dict.fromkeys(row["group"] for row in fits)
        for metric in SCORES
    ]


def _overfitting(judged: Judged) -> list[Panel]:
    """Accuracies epoch by epoch, a panel for each training method of one step."""
    prefix, watched = prefix_of(judged), judged.tables["overfitting"].rows
    return [
        figures.overfitting(watched, method, identifier(prefix, "overfitting", method))
        for method in dict.fromkeys(row["method"] for row in watched)
    ]


def _front(judged: Judged) -> list[Panel]:
    prefix, points = prefix_of(judged), _shown(judged, "points")
    return [figures.pareto_front(points, metric, identifier(prefix, "front", metric)) for metric in SCORES]


def _by_method(judged: Judged) -> list[Panel]:
    """Scores against both accuracies, a line for each training method; none where there are only the paper's."""
    if not _other_methods(judged):
        return []
    prefix, points = prefix_of(judged), _shown(judged, "points")
    return [
        figures.score_by_method(
            points, metric, attribution, field, identifier(prefix, "methods", metric, attribution, field)
        )
        for metric in SCORES
        for attribution in drawn_attributions(judged.found.attributions)
        for field in ("accuracy", "robust_accuracy")
    ]


def _shown(judged: Judged, kind: str) -> list[dict]:
    """A table's rows of the attributions that figures show."""
    return of_attributions(judged.tables[kind].rows, drawn_attributions(judged.found.attributions))


def _other_methods(judged: Judged) -> set[str]:
    """Training methods beside those of the paper."""
    return {network.method for network in judged.found.networks} - {"standard", "adversarial"}


def shows(judged: Judged, characters: int) -> dict[str, Callable[[], object]]:
    """What gives what the template shows beside claims, tables and figures. characters: room for pictures."""
    attributions = drawn_attributions(judged.found.attributions)
    return {
        "beside_the_paper": lambda: judged.found.beside_the_paper,
        "looks": partial(looks, attributions),
        "drawn": lambda: [name(attribution) for attribution in attributions],
        "parameters": partial(parameters_of, judged.found.settings),
    }
