"""Tables of scores taken apart, by network, and of what the strongest training adds to each part."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from measures.roar import PARTS
from reports import formats
from reports.evidence.claim import Estimate
from reports.evidence.statistics import estimate as estimated
from reports.evidence.statistics import known_mean
from reports.roar import parts
from reports.roar.analysis import Scores
from reports.roar.parts import Apart
from reports.roar.tables import ATTRIBUTION, METRIC
from reports.styles import name
from reports.tables import Column, Table, estimate, network_columns, number, table


def part_table(scores: Scores) -> Table:
    """A row is about a score of an attribution of a network."""
    tables = cache(partial(parts.tables_of, scores))

    def left(row: Apart) -> float:
        return float(np.isnan(tables(row)[parts.WHOLE]).sum(axis=1).mean())

    columns = [
        *_columns(lambda row, part: estimated(known_mean(tables(row)[part])), "Whole score", formats.number),
        number("images_left", "Images left out", left, lambda count: formats.number(count, 1)),
    ]
    caption = "ROAR and KAR taken apart: the three parts add up to the score"
    return table("parts", caption, columns, parts.taken_apart(scores))


def part_gain_table(scores: Scores) -> Table:
    """A row is about what the strongest training of a family adds to a score of an attribution."""
    gains = cache(partial(parts.gains_of, scores))
    columns = _columns(lambda row, part: estimated(gains(row)[part]), "Whole gain", formats.signed)
    caption = "What the strongest training adds to each part: its network's minus the standard network's"
    return table("part_gains", caption, columns, parts.gained(scores))


def _columns(found: Callable[[Apart, str], Estimate], whole: str, show: Callable[..., str]) -> list[Column]:
    """found: row and part -> what is known of it."""

    def part(key: str, heading: str) -> Column:
        return estimate(key, heading, lambda row: found(row, key), 4, show)

    return [
        *network_columns(lambda row: row.network),
        ATTRIBUTION,
        METRIC,
        part(parts.WHOLE, whole),
        *(part(key, f"{name(key)[:1].upper()}{name(key)[1:]}") for key in PARTS),
    ]
