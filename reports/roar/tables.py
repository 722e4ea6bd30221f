"""The tables of Section 3.2."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from experiments.scores.arms import BASELINE, Arm
from experiments.scores.study import MEAN
from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import Correlation, published_correlation
from reports.evidence.statistics import estimate as estimated
from reports.evidence.statistics import known_mean, rank_correlation, share
from reports.evidence.study import Network
from reports.roar.analysis import OCCLUSIONS, Scores, step_over_eps
from reports.styles import name
from reports.tables import Column, Table, estimate, network_columns, number, table, unshown, words


def two_digits(value: float) -> str:
    return formats.number(value, 2)


def points(share: float) -> str:
    """A share in percent, without the sign."""
    return formats.number(100 * share, 1)


ATTRIBUTION = words("attribution", "Attribution", lambda row: row.attribution, name)
METRIC = words("metric", "Score", lambda row: row.metric, name)


def counts(scores: Scores, repetitions: bool = True) -> list[Column]:
    """How many trainings, repetitions and images a row is about: the same in every row."""
    trainings = number("trainings", "Trainings", lambda row: len(scores.runs), formats.listing)
    each = number("repetitions", "Repetitions", lambda row: scores.settings["repeats"], formats.listing)
    images = number("n_images", "Images", lambda row: scores.test_images, formats.listing)
    return [trainings, each, images] if repetitions else [trainings, images]


def network_table(scores: Scores) -> Table:
    """A row is about a network."""
    first, *others = scores.settings["robust_attacks"]

    def of_gradient(network: Network, what: str) -> float:
        return float(scores.of_maps(Arm(network, scores.attributions[0]), what).mean())

    def accuracy(key: str, heading: str, attack: str) -> Column:
        return estimate(key, heading, lambda network: _typical(scores, network, attack), 1, factor=100)

    columns = [
        *network_columns(lambda network: network),
        number("eps_shown", "eps in [\N{MINUS SIGN}1, 1]", lambda network: network.strength, formats.listing),
        number("eps_255", "eps in 1/255", lambda n: n.strength and n.strength * 127.5, lambda e: formats.number(e, 1)),
        unshown("strength", scores.relative_strength),
        number("step_over_eps", "step / eps", step_over_eps, two_digits),
        accuracy("clean_accuracy", "Clean", "clean"),
        accuracy("robust_accuracy", f"Under {name(first)}", first),
        *(accuracy(f"robust_accuracy_{other}", f"Under {name(other)}", other) for other in others),
        *(
            [unshown("robust_accuracy_float32", lambda n: float(scores.accuracy(n, f"{first}_float32").mean()))]
            if scores.has_attack(f"{first}_float32")
            else []
        ),
        accuracy("one_step_accuracy", "Under one step", "fgsm"),
        number("at_chance", "Trainings at chance", scores.at_chance, formats.listing),
        number("zero_gradient_images", "All-zero gradients", lambda n: of_gradient(n, "zero_images"), formats.percent),
        unshown("zero_gradient_pixels", lambda network: of_gradient(network, "zero_pixels")),
        *counts(scores, repetitions=False),
        unshown("repetitions", lambda network: scores.settings["repeats"]),
    ]
    caption = "Networks: accuracy on the test set, in percent"
    if any(_mixed(scores, network) for network in scores.networks):
        caption += "; the median, without an interval, where some trainings are at chance and others are not"
    return table("networks", caption, columns, scores.networks)


def _mixed(scores: Scores, network: Network) -> bool:
    """Whether some of a network's trainings failed and others did not: their mean would be neither's."""
    return 0 < scores.at_chance(network) < len(scores.runs)


def _typical(scores: Scores, network: Network, attack: str) -> Estimate:
    """Accuracy of a network; of trainings that are a mixture the median."""
    found = share(scores.accuracy(network, attack))
    if not _mixed(scores, network):
        return found
    return Estimate(float(np.median(found.by_training)), None, None, by_training=found.by_training)


class Scored(NamedTuple):
    """An arm, by a score."""

    arm: Arm
    metric: str

    @property
    def attribution(self) -> str:
        return self.arm.ranking


def score_table(scores: Scores) -> Table:
    """Of every arm the scores that were measured."""

    def value(row: Scored) -> np.ndarray:
        return scores.score(*row) if row.arm.network and row.arm.is_plain else scores.retrained(*row)

    def roughness(row: Scored) -> float | None:
        own = row.arm.network and Arm(row.arm.network, row.attribution, row.arm.blur)
        return float(scores.of_maps(own, "roughness").mean()) if own else None

    def strength(row: Scored) -> float | None:
        return scores.relative_strength(row.arm.network) if row.arm.network else None

    columns = [
        *network_columns(lambda row: row.arm.network),
        ATTRIBUTION,
        *_ranking(),
        METRIC,
        unshown("strength", strength),
        estimate("score", "Value", lambda row: estimated(known_mean(value(row))), 4),
        number("roughness", "Roughness", roughness, two_digits),
        *counts(scores),
    ]
    about = [Scored(arm, metric) for arm in scores.arms for metric in _metrics_of(scores, arm)]
    return table("scores", "Scores of every arm", columns, about)


def _ranking() -> list[Column]:
    """How an arm differs from the paper's: blurred scores, another image's ranks, another fill."""

    def shown(row) -> str:
        arm = row.arm
        kinds = [f"blurred, {arm.blur:g}" if arm.blur else "", arm.baseline, arm.fill if arm.fill != MEAN else ""]
        return ", ".join(name(kind) for kind in kinds if kind) or "plain"

    return [
        unshown("plain", lambda row: row.arm.is_plain),
        unshown("blur", lambda row: row.arm.blur),
        unshown("baseline", lambda row: row.arm.baseline),
        unshown("fill", lambda row: row.arm.fill),
        words("ranking", "Ranking", shown),
    ]


def _metrics_of(scores: Scores, arm: Arm) -> Iterator[str]:
    """The scores that were measured of an arm."""
    if (arm.network or scores.standard) not in scores.networks:
        return
    if arm.network and arm.is_plain:
        yield from scores.metrics
    elif arm.network or (arm.is_plain and arm != BASELINE):  # not of those that others are compared with
        random = replace(BASELINE, fill=arm.fill)
        for metric, occlusion in OCCLUSIONS.items():
            if metric in scores.metrics and scores.is_there(arm, occlusion) and scores.is_there(random, occlusion):
                yield metric


class Gained(NamedTuple):
    """What training gives an attribution, by a score."""

    network: Network
    attribution: str
    metric: str


def gain_table(scores: Scores) -> Table:
    """What the strongest training of each family adds to every attribution's scores."""

    def score(network: Network, row: Gained):
        return estimated(known_mean(scores.score(Arm(network, row.attribution), row.metric)))

    def gain(row: Gained):
        return estimated(scores.known_gain(row.network, row.attribution, row.metric))

    columns = [
        *network_columns(lambda row: row.network),
        METRIC,
        ATTRIBUTION,
        estimate("standard", "Standard", lambda row: score(scores.standard, row), 4),
        estimate("robust", "Strongest", lambda row: score(row.network, row), 4),
        estimate("gain", "Gain", gain, 4, formats.signed),
        number("trainings", "Trainings", lambda row: len(scores.runs), formats.listing),
    ]
    strongest = [network for network in map(scores.strongest_of, scores.families()) if network is not None]
    about = [
        Gained(network, attribution, metric)
        for network in strongest
        for attribution in scores.explaining
        for metric in scores.metrics
    ]
    caption = "Scores of standard networks and of the strongest of each training, and the gain"
    return table("gains", caption, columns, about)


@dataclass(frozen=True, eq=False)
class Series:
    """The scores of networks of one group and family, against something that each of them has.

    Attributes:
        metric, group, family, attribution: of the scores.
        networks: K of them.
        x: K tables (trainings, images), whose means the scores are set against; none where that is not known.
    """

    metric: str
    group: str
    family: str
    attribution: str
    networks: list[Network]
    x: list[np.ndarray]


def correlation_table(scores: Scores) -> Table:
    """Score against attack strength, the standard network included at strength 0."""
    series = [
        Series(metric, group, family, attribution, *scores.strengths(group, family))
        for metric in scores.metrics
        for group, family in scores.groups()
        for attribution in scores.explaining
    ]
    return correlations(
        scores,
        "correlations",
        "Correlation of score with attack strength",
        "3.2",
        "strength",
        [one for one in series if one.x],
    )


def correlations(
    scores: Scores, kind: str, caption: str, section: str, correlated: str, about: Iterable[Series]
) -> Table:
    """Correlations and linear fits of scores, a series a row.

    Args:
        scores: of the study.
        kind, caption: of the table.
        section: whose published correlations stand beside them, where ours are the same quantity; "" for none.
        correlated: with what, in a word.
        about: the series.
    """
    fit = cache(lambda row: _Fit(scores, row))

    def paper(row: Series) -> Correlation | None:
        return published_correlation(section, row.metric, row.group, row.family, row.attribution)

    published = bool(section) and scores.beside_the_paper

    def of_the_paper(key: str, heading: str, field: str) -> list[Column]:
        """A column of published correlations, where they are of the same quantity."""
        column = number(key, heading, lambda row: getattr(paper(row), field, None), two_digits)
        return [column] if published else []

    columns = [
        METRIC,
        words("group", "Trained on", lambda row: row.group, name),
        words("family", "Training", lambda row: row.family, name),
        ATTRIBUTION,
        estimate("linear", f"Linear, with {correlated}", lambda row: fit(row).linear, 2),
        *of_the_paper("paper_linear", "Paper", "linear"),
        number("rank", "Rank", lambda row: fit(row).rank, two_digits),
        *of_the_paper("paper_rank", "Paper, rank", "rank"),
        estimate("trend", f"Slope, with {correlated}", lambda row: fit(row).trend, 3, formats.signed),
        unshown("slope", lambda row: fit(row).slope),
        unshown("intercept", lambda row: fit(row).intercept),
        number("n_networks", "Networks", lambda row: len(row.networks), formats.listing),
    ]
    if published:
        caption += ", beside the published ones (CIFAR-10, 21 networks each)"
    return table(kind, caption, columns, about)


class _Fit:
    """Correlations and a line through a series' means. Two points lie on a line: no correlation of fewer than three."""

    def __init__(self, scores: Scores, series: Series):
        many = len(series.networks) > 2
        x = np.array([values.mean() for values in series.x])
        y = np.array([np.nanmean(scores.score(Arm(n, series.attribution), series.metric)) for n in series.networks])
        about = series.networks, series.x, series.attribution, series.metric
        self.linear, self.trend = (scores.linear(*about), scores.trend(*about)) if many else (UNKNOWN, UNKNOWN)
        self.rank = float(rank_correlation(x, y)) if many else None
        slope, intercept = np.polyfit(x, y, 1) if np.ptp(x) else (0.0, np.mean(y))
        self.slope, self.intercept = float(slope), float(intercept)


class Occluded(NamedTuple):
    """An arm's retrainings under an occlusion, at a percentage of the pixels."""

    arm: Arm
    occlusion: str
    percent: int

    @property
    def attribution(self) -> str:
        return self.arm.ranking


def curve_table(scores: Scores) -> Table:
    """Accuracy at every percentage."""

    def accuracy(row: Occluded):
        place = scores.percents.index(row.percent)
        return share(known_mean(scores.correct(row.arm, row.occlusion)[:, :, place].mean(axis=1)))

    columns = [
        *network_columns(lambda row: row.arm.network),
        ATTRIBUTION,
        *_ranking(),
        words("occlusion", "Pixels", lambda row: row.occlusion, name),
        number("percent", "% of pixels", lambda row: row.percent, formats.listing),
        estimate("accuracy", "Accuracy", accuracy, 1, factor=100),
        *(unshown(column.key, column.value) for column in counts(scores)),
    ]
    about = [
        Occluded(arm, occlusion, percent)
        for arm in scores.arms
        if (arm.network or scores.standard) in scores.networks
        for occlusion in scores.labels("occlusion")
        if scores.is_there(arm, occlusion)
        for percent in scores.percents
    ]
    caption = "Accuracy of every retraining in percent, averaged over trainings and repetitions"
    return table("curves", caption, columns, about)
