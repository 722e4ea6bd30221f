"""The tables of Section 3.3."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from experiments.scores.arms import Arm
from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import SCORES
from reports.evidence.statistics import estimate as estimated
from reports.evidence.statistics import share
from reports.evidence.study import Network
from reports.roar.tables import ATTRIBUTION, METRIC, Series, correlations, counts, points, two_digits
from reports.styles import name
from reports.tables import Column, Table, estimate, network_columns, number, table, unshown, words
from reports.tradeoff.analysis import TradeOffs


class Point(NamedTuple):
    """A network by an attribution's score."""

    network: Network
    metric: str
    attribution: str


def point_table(found: TradeOffs) -> Table:
    """Score and accuracies of every network."""
    front = cache(found.front)

    def score(row: Point) -> Estimate:
        return estimated(found.score(Arm(row.network, row.attribution), row.metric))

    def on_front(row: Point) -> bool:
        return row.network in front(row.metric, row.attribution)

    columns = [
        *network_columns(lambda row: row.network),
        METRIC,
        ATTRIBUTION,
        estimate("score", "Value", score, 4),
        *_accuracies(found, found.robust_attack, lambda row: row.network),
        words("on_front", "On the front", on_front, lambda there: "yes" if there else "no"),
        *counts(found, repetitions=False),
        unshown("repetitions", lambda row: found.settings["repeats"]),
    ]
    about = [
        Point(network, metric, attribution)
        for metric in SCORES
        for attribution in found.attributions
        for network in found.networks
    ]
    return table("points", "Every network: score and accuracies", columns, about)


def _accuracies(found: TradeOffs, attack: str, of: Callable[[Any], Network]) -> list[Column]:
    """A network's accuracy on clean images, and under an attack. of: row -> network."""

    def accuracy(key: str, heading: str, attack: str) -> Column:
        return estimate(key, heading, lambda row: share(found.accuracy(of(row), attack)), 1, factor=100)

    clean = accuracy("accuracy", "Test accuracy, %", "clean")
    return [clean, accuracy("robust_accuracy", f"Under {name(attack)}, %", attack)]


def accuracy_correlations(found: TradeOffs) -> Table:
    """Score against accuracy on clean images, of which the paper's are."""
    caption = "Correlation of score with test accuracy"
    return correlations(found, "accuracy_correlations", caption, "3.3", "accuracy", _series(found, "clean"))


def robust_correlations(found: TradeOffs) -> Table:
    """Score against accuracy under attack."""
    caption = "Correlation of score with robust accuracy, which the paper does not give"
    about = _series(found, found.robust_attack)
    return correlations(found, "robust_correlations", caption, "", "robust accuracy", about)


def _series(found: TradeOffs, attack: str) -> list[Series]:
    """Every series of scores against an accuracy."""
    against = {
        (group, family): [found.accuracy(network, attack) for network in found.series(group, family)]
        for group, family in found.groups()
    }
    return [
        Series(metric, group, family, attribution, found.series(group, family), x)
        for metric in SCORES
        for (group, family), x in against.items()
        for attribution in found.attributions
    ]


class Way(NamedTuple):
    """Two things that are compared by a score, at equal test accuracy.

    Attributes:
        first, second: both attributions, or both families of training.
        metric: the score.
        group: of the networks that are compared; None for all.
        attribution: of the scores; None where attributions are compared.
    """

    first: str
    second: str
    metric: str
    group: str | None = None
    attribution: str | None = None


def way_table(found: TradeOffs) -> Table:
    """The two ways out of the trade-off that the paper proposes."""

    def difference(row: Way) -> Estimate:
        if row.group is None or row.attribution is None:
            return found.attribution_gap(row.first, row.metric)
        return found.at_equal_accuracy(row.metric, row.group, (row.attribution,))

    columns = [
        unshown("first", lambda row: row.first),
        unshown("second", lambda row: row.second),
        words("way", "Way", lambda row: f"{name(row.first)} minus {name(row.second)}"),
        METRIC,
        unshown("group", lambda row: row.group),
        words("group_name", "Trained on", lambda row: name(row.group) if row.group else "all networks"),
        unshown("attribution", lambda row: row.attribution),
        words("attribution_name", "Attribution", lambda row: name(row.attribution) if row.attribution else "both"),
        estimate("difference", "Difference", difference, 4, formats.signed),
    ]
    about = [way for metric in SCORES for way in _ways(found, metric)]
    return table("ways", "At equal test accuracy, what scores higher? Differences of score", columns, about)


def _ways(found: TradeOffs, metric: str) -> list[Way]:
    attributions = [Way(other, "gradient", metric) for other in found.others]
    trainings = [
        Way("linf", "l2", metric, group, attribution) for group in found.losses for attribution in found.attributions
    ]
    return [*attributions, *trainings]


def cost_table(found: TradeOffs) -> Table:
    """What the strongest training of each family costs; a row is about a family."""
    columns = [
        words("family", "Training", lambda family: family, name),
        estimate("cost", "Cost", found.median_cost, 1, formats.signed, factor=100),
        number("collapsed", "Collapsed", lambda family: int(found.collapsed_of(family).sum()), formats.listing),
        number("trainings", "Trainings", lambda family: len(found.runs), formats.listing),
    ]
    caption = "Test accuracy that the strongest training costs, in points; the median where some trainings collapsed"
    return table("costs", caption, columns, found.families())


def method_table(found: TradeOffs) -> Table:
    """Every network beside standard training: what it costs, what it withstands, what it scores."""

    def score(metric: str) -> Column:
        def value(network: Network) -> Estimate:
            return estimated(found.mean_of_paper(network, metric)) if found.paper_attributions else UNKNOWN

        return estimate(metric, name(metric), value, 4)

    def roughness(network: Network) -> float:
        return float(found.of_maps(Arm(network, found.attributions[0]), "roughness").mean())

    columns = [
        *network_columns(lambda network: network),
        number("passes", "Network passes", lambda network: network.passes / found.standard.passes, _times),
        number("seconds", "Seconds", found.relative_seconds, _times),
        *_accuracies(found, found.strongest_attack, lambda network: network),
        number(
            "one_step_accuracy",
            "Under one step, %",
            lambda network: float(found.accuracy(network, "fgsm").mean()),
            points,
        ),
        number("roughness", "Roughness", roughness, two_digits),
        *(score(metric) for metric in SCORES),
        unshown("trainings", lambda network: len(found.runs)),
    ]
    caption = "Training methods: what they cost, relative to standard training, what they withstand, what they score"
    return table("methods", caption, columns, found.networks)


def _times(value: float) -> str:
    return f"{formats.number(value, 1)} x"


def overfitting_table(found: TradeOffs) -> Table:
    """What trainings of one step withstood after every epoch."""
    columns = [
        *network_columns(lambda row: row.network),
        number("training", "Training", lambda row: row.run + 1, formats.listing),
        number("epoch", "Epoch", lambda row: row.epoch, formats.listing),
        number("one_step", "Under one step, %", lambda row: row.one_step, _whole_points),
        number("several_steps", "Under ten steps, %", lambda row: row.several_steps, _whole_points),
    ]
    caption = "Trainings of one step: accuracy on training images after every epoch"
    return table("overfitting", caption, columns, found.watched())


def _whole_points(share: float) -> str:
    """A share in percent, without the sign."""
    return formats.number(100 * share, 0)
