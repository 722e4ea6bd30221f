"""ROAR and KAR taken apart: the shape of masks, the class that they tell, and what belongs to this image."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from experiments.scores.arms import BASELINE, BASELINES, Arm
from measures.roar import PARTS, parts
from reports.evidence.published import SCORES
from reports.evidence.statistics import known_difference, known_sum
from reports.evidence.study import Network
from reports.roar.analysis import AREAS, OCCLUSIONS, Scores

WHOLE = "whole"
"""The score that is taken apart."""
THIS_IMAGE = PARTS[-1]


class Apart(NamedTuple):
    """A score of an attribution of a network."""

    network: Network
    attribution: str
    metric: str


def planned(scores: Scores, network: Network, attribution: str) -> bool:
    """Whether the study takes an attribution's scores on a network apart."""
    return all(arm in scores.arms for arm in _between(network, attribution))


def there(scores: Scores, row: Apart) -> bool:
    """Whether all retrainings behind the parts of a score are there."""
    arms = (BASELINE, *_between(row.network, row.attribution), Arm(row.network, row.attribution))
    return all(scores.is_there(arm, OCCLUSIONS[row.metric]) for arm in arms)


def _between(network: Network, attribution: str) -> list[Arm]:
    """The baselines between random pixels and an image's own ranks."""
    return [replace(Arm(network, attribution), baseline=baseline) for baseline in BASELINES]


def taken_apart(scores: Scores) -> list[Apart]:
    """Every score whose parts can be told, attribution by attribution, the standard network first."""
    rows = (Apart(n, a, metric) for a in scores.attributions for n in scores.networks for metric in _metrics(scores))
    return [row for row in rows if there(scores, row)]


def gained(scores: Scores) -> list[Apart]:
    """Of the strongest network of each family those whose parts can be told beside the standard network's."""
    rows = (
        Apart(network, attribution, metric)
        for network in scores.strongest
        for attribution in scores.explaining
        for metric in _metrics(scores)
    )
    return [row for row in rows if there(scores, row) and there(scores, row._replace(network=scores.standard))]


def _metrics(scores: Scores) -> list[str]:
    return [metric for metric in SCORES if metric in scores.metrics]


def tables_of(scores: Scores, row: Apart) -> dict[str, np.ndarray]:
    """(trainings, images) of the whole score and of each part, which add up to it.

    An image that is alone in its predicted class has no other whose ranks it could get: it is NaN in all of them.
    """
    own = Arm(row.network, row.attribution)
    arms = (BASELINE, *_between(row.network, row.attribution), own)
    random, shuffled, matched, ranked = (scores.by_percent(arm, OCCLUSIONS[row.metric]) for arm in arms)
    areas = parts(random, shuffled, matched, ranked, scores.percents, AREAS[row.metric])
    found = {name: area.mean(axis=1) for name, area in areas.items()}
    left = np.isnan(sum(found.values()))
    whole = {WHOLE: scores.retrained(own, row.metric)}
    return {name: np.where(left, np.nan, table) for name, table in {**whole, **found}.items()}


def gains_of(scores: Scores, row: Apart) -> dict[str, np.ndarray]:
    """(trainings, images): the whole score and its parts of a network minus the standard network's."""
    ours, standard = tables_of(scores, row), tables_of(scores, row._replace(network=scores.standard))
    return {name: known_difference(ours[name], standard[name]) for name in ours}


def mean_gain(scores: Scores, metric: str) -> dict[str, np.ndarray]:
    """(trainings, images): `gains_of`, mean over all networks and attributions; nothing where there are none."""
    tables = [gains_of(scores, row) for row in gained(scores) if row.metric == metric]
    names = tables[0] if tables else {}
    return {name: known_sum([table[name] / len(tables) for table in tables]) for name in names}
