"""The tables of the survey."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.styles import name
from reports.survey.analysis import Comparison, Placing
from reports.tables import Column, Table, estimate, network_columns, number, table, unshown, words

ROAR = "roar"
NULL_BLOCK = "null_block_share"
"""The measure that has a table of its own: there is a right answer to it."""
LEANING = {1: "leans to better", -1: "leans to worse", 0: ""}
"""What is said of an effect that is open, by the side of 0 on which its uncorrected interval lies."""


def took(seconds: float) -> str:
    """As `formats.duration`, with a decimal below ten seconds."""
    return f"{seconds:.1f} s" if seconds < 10 else formats.duration(seconds)


def conclusion_table(found: Comparison) -> Table:
    """The matrix of conclusions and measures; a row is about a cell. Effects are above 0 where better."""
    columns = [
        unshown("conclusion", lambda cell: cell.conclusion.id),
        words("statement", "Conclusion", lambda cell: cell.conclusion.statement),
        *_measure(found, lambda cell: cell.metric),
        words("verdict", "Verdict", lambda cell: cell.claim.verdict),
        estimate("effect", "Effect", lambda cell: cell.claim.estimate, 4, formats.signed),
        number("standardised", "Standardised", lambda cell: cell.standardised, lambda value: formats.signed(value, 2)),
        unshown("leaning", lambda cell: LEANING[cell.leaning]),
        number("p", "p", lambda cell: cell.claim.p, formats.p_value),
        words("positive", "Claimed", lambda cell: cell.claim.positive, lambda above: "above 0" if above else "below 0"),
        words("reason", "Why not tested", lambda cell: cell.claim.reason),
    ]
    caption = "Every conclusion by every measure; effects are positive where they are better by that measure"
    return table("conclusions", caption, columns, found.cells)


def agreement_table(found: Comparison) -> Table:
    """A row is about two scores."""
    columns = [
        words("metric_a", "One", lambda pair: pair[0], found.title),
        words("metric_b", "Other", lambda pair: pair[1], found.title),
        unshown("metric_a_name", lambda pair: found.title(pair[0])),
        unshown("metric_b_name", lambda pair: found.title(pair[1])),
        estimate("tau", "Tau", lambda pair: found.agreement(*pair), 2),
        number("n", "Rankings", lambda pair: len(found.arms), formats.listing),
        _trainings(found),
    ]
    return table("agreement", "Kendall's tau of every two measures", columns, found.pairs())


def first_table(found: Comparison) -> Table:
    """What each measure ranks first; a row is about a placing."""
    first = [placing for placing in found.placings if placing.rank == 1 and placing.metric != NULL_BLOCK]
    columns = [*_measure(found, _metric), unshown("rank", _rank), *_placed(found)]
    return table("first", "First by each measure", columns, shared(first))


def leaderboard_table(found: Comparison) -> Table:
    """The best by each measure first; a row is about a placing."""
    placings = [placing for placing in found.placings if placing.metric != NULL_BLOCK]
    columns = [*_measure(found, _metric), number("rank", "Rank", _rank, formats.listing), *_placed(found)]
    return table("leaderboard", "Every network and attribution by every measure", columns, _by_rank(placings))


def null_block_table(found: Comparison) -> Table:
    """The best first; a row is about a placing."""
    placings = [placing for placing in found.placings if placing.metric == NULL_BLOCK]
    measure = [
        unshown("metric", _metric),
        unshown("metric_name", lambda p: name(p.metric)),
        unshown("measure", _metric),
    ]
    columns = [*measure, number("rank", "Rank", _rank, formats.listing), *_placed(found)]
    caption = "Share of every map that lies in the null block; a map that knows nothing has one half"
    return table("null_block", caption, columns, _by_rank(placings))


def cost_table(found: Comparison) -> Table:
    """What every score costs, and how far a cheap one stands in for ROAR; a row is about a score."""

    def with_roar(metric: str) -> Estimate:
        return found.agreement(metric, ROAR) if metric != ROAR and ROAR in found.scores.metrics else UNKNOWN

    def passes(metric: str) -> float | None:
        return found.declared(metric)["passes"]

    columns = [
        *_measure(found, lambda metric: metric),
        number("passes", "Network passes per image", passes, lambda value: formats.number(value, 0)),
        number("retrainings", "Networks retrained", found.retrainings, lambda count: f"{count:,}"),
        number("seconds", "Computing time", found.seconds, took),
        estimate("tau", "Tau with ROAR", with_roar, 2),
    ]
    caption = "What each measure takes, and how far it agrees with ROAR"
    return table("cost", caption, columns, found.scores.metrics)


# Columns


def _measure(found: Comparison, of: Callable[[Any], str]) -> list[Column]:
    """The score, and the measure that gives it. of: row -> score."""
    return [
        words("metric", "Measure", of, found.title),
        unshown("metric_name", lambda row: found.title(of(row))),
        unshown("measure", lambda row: found.scores.metrics[of(row)]),
    ]


def _metric(placing: Placing) -> str:
    return placing.metric


def _rank(placing: Placing) -> int | None:
    return placing.rank


def _trainings(found: Comparison) -> Column:
    return number("trainings", "Trainings", lambda row: len(found.scores.runs), formats.listing)


def _placed(found: Comparison) -> list[Column]:
    """What a table says of a placing beside its measure and rank."""

    def more_is_better(placing: Placing) -> bool:
        return found.more_is_better(placing.metric)

    def unit(placing: Placing) -> str | None:
        return found.declared(placing.metric)["unit"]

    return [
        *network_columns(lambda placing: placing.network, nobody="several alike"),
        words("attribution", "Attribution", lambda placing: placing.attribution, name),
        estimate("value", "Value", lambda placing: placing.value, 4),
        number("chance", "Chance", lambda placing: placing.chance, lambda value: formats.number(value, 4)),
        unshown("chance_measured", lambda placing: placing.chance_measured),
        words("more_is_better", "Better", more_is_better, lambda more: "more" if more else "less"),
        words("unit", "In", unit),
        _trainings(found),
        number("n_images", "Images", lambda placing: placing.images, formats.listing),
    ]


# Rows


def _by_rank(placings: Iterable[Placing]) -> list[Placing]:
    """Measures in their order, each with its first first, and what has no rank at its end."""
    rows = list(placings)
    order = {metric: place for place, metric in enumerate(dict.fromkeys(placing.metric for placing in rows))}
    return sorted(rows, key=lambda placing: (order[placing.metric], placing.rank or len(rows)))


def shared(first: Iterable[Placing]) -> list[Placing]:
    """One placing for an attribution that is first on several networks alike, as one that knows nothing of them is."""
    kept: dict[tuple[str, str], list[Placing]] = {}
    for placing in first:
        kept.setdefault((placing.metric, placing.attribution), []).append(placing)
    return [same[0] if len(same) == 1 else replace(same[0], network=None) for same in kept.values()]
