"""The claims of the survey, one for every conclusion and measure, and what to know before believing them."""

from collections.abc import Iterator

from experiments.claim import Claim
from experiments.roar.alerts import collapsed, scale_alerts
from experiments.roar.claims import metric_title
from experiments.survey.analysis import Comparison
from experiments.survey.tables import leaderboard_table

FLAT = 0.01
"""Spread of a score over networks, attributions and trainings, as a share of its mean, that counts as none."""


def claims(found: Comparison) -> list[Claim]:
    """Checks of our own: none is counted among the paper's."""
    return [cell.claim for cell in found.cells]


def alerts(found: Comparison) -> list[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    images = int(found.scores.data["train_images"])
    return [*_at_chance(found), *_flat(found), *collapsed(found.scores), *scale_alerts(found.study, images)]


def _at_chance(found: Comparison) -> Iterator[str]:
    rows = leaderboard_table(found)["rows"]
    for metric in found.scores.metrics:
        of_metric = [row for row in rows if row["metric"] == metric and row["value"] is not None]
        if of_metric and all(_holds_chance(row) for row in of_metric):
            yield (
                f"{metric_title(found.scores, metric)}: by their intervals no network and attribution is told from "
                "maps that know nothing."
            )


def _holds_chance(row: dict) -> bool:
    low, high = row["value_low"], row["value_high"]
    return row["chance"] is not None and low is not None and low <= row["chance"] <= high


def _flat(found: Comparison) -> Iterator[str]:
    for metric in found.scores.metrics:
        means = found.means(metric)
        size, spread = abs(float(means.mean())), found.spread(metric)
        if spread <= FLAT * size:
            yield (
                f"{metric_title(found.scores, metric)} hardly varies: over all networks, attributions and trainings "
                f"its standard deviation is {spread:.2g}, its mean {size:.3g}."
            )
