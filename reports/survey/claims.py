"""The claims of the survey, one for every conclusion and measure, and what to know before believing them."""

from collections.abc import Iterator

import numpy as np

from reports.evidence import overlap as shared
from reports.evidence.claim import Claim
from reports.evidence.starts import equal_starts
from reports.roar import alerts
from reports.survey.analysis import Comparison, Placing

FLAT = 0.01
"""Spread of a score over networks, attributions and trainings, as a share of its mean, that counts as none."""


def conclusions(found: Comparison) -> Iterator[Claim]:
    """Checks of our own: none is counted among the paper's."""
    for cell in found.cells:
        yield cell.claim


def at_chance(found: Comparison) -> Iterator[str]:
    """Measures that tell nothing from maps that know nothing."""
    for metric in found.scores.metrics:
        known = [placing for placing in found.placings if placing.metric == metric and np.isfinite(placing.value.value)]
        if known and all(map(_holds_chance, known)):
            yield (
                f"{found.in_claims(metric)}: by their intervals no network and attribution is told from "
                "maps that know nothing."
            )


def _holds_chance(placing: Placing) -> bool:
    _, low, high, *_ = placing.value
    return placing.chance is not None and low is not None and high is not None and low <= placing.chance <= high


def flat(found: Comparison) -> Iterator[str]:
    """Measures that give all maps about the same."""
    for metric in found.scores.metrics:
        means = found.means(metric)
        size, spread = abs(float(means.mean())), found.spread(metric)
        if spread <= FLAT * size:
            yield (
                f"{found.in_claims(metric)} hardly varies: over all networks, attributions and trainings "
                f"its standard deviation is {spread:.2g}, its mean {size:.3g}."
            )


def collapsed(found: Comparison) -> Iterator[str]:
    """Networks that learned nothing."""
    return alerts.collapsed(found.scores)


def scale(found: Comparison) -> Iterator[str]:
    """What the scale of a run means."""
    return alerts.scale(found.scores)


def overlap(found: Comparison) -> Iterator[str]:
    """How far trainings are of the same images."""
    return shared.overlap(found.scores)


def starts(found: Comparison) -> Iterator[str]:
    """Where trainings start alike."""
    return equal_starts(found.scores)
