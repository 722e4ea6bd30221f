"""What the page of the survey shows, prepared for its template: do conclusions depend on the measure?"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from experiments.scores.arms import Arm
from reports import formats
from reports.common import identifier, parameters_of, prefix_of
from reports.drawing import Panel
from reports.evidence.study import Network
from reports.gallery import Gallery, as_fit, drawn_how, maps_of
from reports.intervals import side
from reports.roar.analysis import Scores
from reports.section import Judged
from reports.sentences import counted, joined, shares
from reports.shown import shown_networks
from reports.styles import name
from reports.survey import figures
from reports.survey.conclusions import matrix
from reports.survey.tables import LEANING, ROAR, took

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "matrix": "Do the paper's conclusions depend on the measure?",
    "agreement": "Do the measures rank alike?",
    "leaderboard": "What each measure ranks first",
    "null_block": "Do maps stay off what says nothing?",
    "cost": "What can replace retraining?",
}
KEY_PANEL = ("agreement", 0)
NEEDS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "claims": lambda study: any(study[told] for told in ("claims", "alerts", "not_measured", "missing", "images")),
    "matrix": lambda study: study["tables"]["conclusions"].rows,
    "agreement": lambda study: study["tables"]["agreement"].rows,
    "leaderboard": lambda study: study["tables"]["leaderboard"].rows,
    "null_block": lambda study: study["tables"]["null_block"].rows,
    "cost": lambda study: study["tables"]["cost"].rows,
}
"""What a heading stands above, where it may not be there: then there is no heading."""


def panels(judged: Judged) -> dict[str, Callable[[], list[Panel]]]:
    """What draws the figures' panels, by figure."""
    return {
        "agreement": partial(_agreement, judged),
        "leaderboard": partial(_boards, judged, "leaderboard"),
        "null_block": partial(_boards, judged, "null_block"),
        "cost": partial(_cost, judged),
    }


def _agreement(judged: Judged) -> list[Panel]:
    pairs = judged.tables["agreement"].rows
    return [figures.agreement(pairs, f"{prefix_of(judged)}-agreement")] if pairs else []


def _cost(judged: Judged) -> list[Panel]:
    costs = judged.tables["cost"].rows
    return [figures.cost(costs, f"{prefix_of(judged)}-cost")] if any(map(figures.has_cost, costs)) else []


def _boards(judged: Judged, kind: str) -> list[Panel]:
    """A panel for every score of a table of placings."""
    scores = judged.found.scores
    networks = [network.name for network in shown_networks(scores.networks)]
    rows = [row for row in judged.tables[kind].rows if row["network"] in networks]
    return [
        figures.leaderboard(
            [row for row in rows if row["metric"] == score],
            networks,
            scores.attributions,
            identifier(prefix_of(judged), "leaderboard", score),
        )
        for score in dict.fromkeys(row["metric"] for row in rows)
    ]


def shows(judged: Judged, characters: int) -> dict[str, Callable[[], object]]:
    """What gives what the template shows beside claims, tables and figures. characters: room for pictures."""
    scores, conclusions = judged.found.scores, cache(lambda: matrix(judged.found.cells))
    return {
        "matrix": conclusions,
        "leaning": lambda: LEANING,
        "titles": lambda: {metric: judged.found.title(metric) for metric in scores.metrics},
        "ordered": lambda: any(map(judged.found.order_of, scores.metrics)),
        "answer": lambda: conclusions().answer if conclusions().conclusions else "",
        "agreement": lambda: agreement(judged.tables["agreement"].rows),
        "cost": lambda: replacements(judged.tables["cost"].rows),
        "null_block": lambda: null_block(judged.tables["null_block"].rows),
        "parameters": partial(parameters_of, scores.settings),
        "samples": partial(_samples, judged, characters),
        "stored_samples": lambda: len(scores.array("sample_image")) if judged.tables["null_block"].rows else 0,
        "drawn_how": partial(drawn_how, scores),
    }


def _samples(judged: Judged, characters: int) -> list[Gallery]:
    """Every network's maps of the sample images, the null block outlined; as many as fit."""
    scores: Scores = judged.found.scores
    if not judged.tables["null_block"].rows or not scores.has("sample_null_on_top"):  # some of them have none
        return []
    networks = shown_networks(scores.networks)

    def maps(network: Network, attribution: str) -> np.ndarray | None:
        return scores.shown("map", Arm(network, attribution))

    halves = ["upper" if on_top else "lower" for on_top in scores.array("sample_null_on_top")]
    return as_fit((maps_of(scores, networks, maps, i, half) for i, half in enumerate(halves)), characters)


# Sentences


def agreement(rows: Sequence[dict]) -> str:
    """How many pairs of measures rank alike, and which is closest to ROAR and which farthest."""
    if not rows:
        return ""
    told = [row["tau"] > 0 for row in rows if side(row, "tau")]
    parts = [
        (sum(told), "ranks alike (the interval of tau lies above 0)", "rank alike (the interval of tau lies above 0)"),
        (len(told) - sum(told), "ranks the other way round", "rank the other way round"),
        (len(rows) - len(told), "is open", "are open"),
    ]
    sentence = f"Of {counted(len(rows), 'pair')} of measures, {joined(shares(parts))}."
    with_roar = [row for row in rows if ROAR in (row["metric_a"], row["metric_b"]) and row["tau"] is not None]
    if len(with_roar) < 2:
        return sentence
    farthest, *_, closest = sorted(with_roar, key=lambda row: row["tau"])
    return f"{sentence} Closest to ROAR is {_beside_roar(closest)}, farthest {_beside_roar(farthest)}."


def _beside_roar(row: dict) -> str:
    other = row["metric_a_name" if row["metric_b"] == ROAR else "metric_b_name"]
    return f"{other} ({formats.number(row['tau'], 2)})"


def replacements(rows: Sequence[dict]) -> str:
    """Which measures that retrain nothing rank as ROAR does, which do not, and in what time."""
    free = sorted((row for row in rows if not row["retrainings"] and row["tau"] is not None), key=lambda r: -r["tau"])
    if not free:
        return ""
    told = [row for row in free if side(row, "tau")]
    kinds = [
        ([row for row in told if row["tau"] > 0], "ranks as ROAR does", "rank as ROAR does"),
        ([row for row in told if row["tau"] < 0], "ranks the other way round", "rank the other way round"),
        ([row for row in free if row not in told], "is open", "are open"),
    ]
    parts = [
        f"{part}: {joined([_with_time(row) for row in found])}"
        for found, one, several in kinds
        for part in shares([(len(found), one, several)])
    ]
    roar = next((row["seconds"] for row in rows if row["metric"] == ROAR), None)
    end = f" ROAR itself took {took(roar)}." if roar else ""
    return f"Of {counted(len(free), 'measure')} without retraining, by the interval of tau, {'; '.join(parts)}.{end}"


def _with_time(row: dict) -> str:
    """Such as "ROAD (0.61, 1 min 20 s)"."""
    known = [formats.number(row["tau"], 2), *([took(row["seconds"])] if row["seconds"] else [])]
    return f"{row['metric_name']} ({', '.join(known)})"


def null_block(rows: Sequence[dict]) -> str:
    """How many maps keep off the null block, how many point at it, and which keeps off most."""
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return ""
    sides = [side(row, "value", row["chance"]) for row in known]
    parts = [
        (sides.count(-1), "puts less into it than chance", "put less into it than chance"),
        (sides.count(1), "puts more into it", "put more into it"),
        (sides.count(0), "is open", "are open"),
    ]
    least = min(known, key=lambda row: row["value"])
    return (
        f"Of {counted(len(known), 'pair')} of network and attribution, by their intervals, {joined(shares(parts))}. "
        f"Least has {least['network_name']}, {name(least['attribution'])}: {formats.percent(least['value'])} "
        f"(chance {formats.percent(least['chance'], 0)})."
    )
