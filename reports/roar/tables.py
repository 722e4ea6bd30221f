"""The tables of Section 3.2."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from experiments.scores.arms import BASELINE, Arm
from reports import formats
from reports.evidence.claim import UNKNOWN
from reports.evidence.published import Correlation, published_correlation
from reports.evidence.statistics import estimate as estimated
from reports.evidence.statistics import known_mean, rank_correlation
from reports.evidence.study import Network
from reports.roar import controls
from reports.roar.analysis import Scores, step_over_eps
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
        return estimate(key, heading, lambda network: estimated(scores.accuracy(network, attack)), 1, factor=100)

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
        number("one_step_accuracy", "Under one step", lambda n: float(scores.accuracy(n, "fgsm").mean()), points),
        number("zero_gradient_images", "All-zero gradients", lambda n: of_gradient(n, "zero_images"), formats.percent),
        unshown("zero_gradient_pixels", lambda network: of_gradient(network, "zero_pixels")),
        *counts(scores, repetitions=False),
        unshown("repetitions", lambda network: scores.settings["repeats"]),
    ]
    return table("networks", "Networks: accuracy on the test set, in percent", columns, scores.networks)


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
        if row.arm.network and not row.arm.blur:
            return scores.score(row.arm, row.metric)
        return scores.roar(row.arm) if row.metric == "roar" else scores.kar(row.arm)

    def roughness(row: Scored) -> float | None:
        return float(scores.of_maps(row.arm, "roughness").mean()) if row.arm.network else None

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
    """Whether scores were blurred before pixels were ranked."""

    def shown(row) -> str:
        return f"blurred, {row.arm.blur:g}" if row.arm.blur else "plain"

    return [unshown("blur", lambda row: row.arm.blur), words("ranking", "Ranking", shown)]


def _metrics_of(scores: Scores, arm: Arm) -> Iterator[str]:
    """The scores that were measured of an arm."""
    if arm.network is not None and not arm.blur:
        if arm.network in scores.networks:
            yield from scores.metrics
    elif arm != BASELINE and scores.is_there(arm, "remove") and (arm.network or scores.standard) in scores.networks:
        yield "roar"
        if arm.network is None and scores.is_there(arm, "keep"):
            yield "kar"


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
    caption = "Correlation of score with attack strength, beside the published ones (CIFAR-10, 21 networks each)"
    return correlations(scores, "correlations", caption, "3.2", "strength", [one for one in series if one.x])


def correlations(
    scores: Scores, kind: str, caption: str, section: str, correlated: str, about: Iterable[Series]
) -> Table:
    """Correlations and linear fits of scores, a series a row.

    Args:
        scores: of the study.
        kind, caption: of the table.
        section: whose published correlations stand beside them; "" for none.
        correlated: with what, in a word.
        about: the series.
    """
    fit = cache(lambda row: _Fit(scores, row))

    def paper(row: Series) -> Correlation | None:
        return published_correlation(section, row.metric, row.group, row.family, row.attribution)

    columns = [
        METRIC,
        words("group", "Trained on", lambda row: row.group, name),
        words("family", "Training", lambda row: row.family, name),
        ATTRIBUTION,
        estimate("linear", f"Linear, with {correlated}", lambda row: fit(row).linear, 2),
        number("paper_linear", "Paper", lambda row: getattr(paper(row), "linear", None), two_digits),
        number("p", "p", lambda row: fit(row).linear.p, formats.p_value),
        number("rank", "Rank", lambda row: fit(row).rank, two_digits),
        number("paper_rank", "Paper, rank", lambda row: getattr(paper(row), "rank", None), two_digits),
        unshown("slope", lambda row: fit(row).slope),
        unshown("intercept", lambda row: fit(row).intercept),
        number("n_networks", "Networks", lambda row: len(row.networks), formats.listing),
    ]
    return table(kind, caption, columns, about)


class _Fit:
    """Correlations and a line through a series' means. Two points lie on a line: no correlation of fewer than three."""

    def __init__(self, scores: Scores, series: Series):
        many = len(series.networks) > 2
        x = np.array([values.mean() for values in series.x])
        y = np.array([np.nanmean(scores.score(Arm(n, series.attribution), series.metric)) for n in series.networks])
        self.linear = scores.trend(series.networks, series.x, series.attribution, series.metric) if many else UNKNOWN
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
        return estimated(scores.correct(row.arm, row.occlusion)[:, :, place].mean(axis=1))

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


def blur_table(scores: Scores) -> Table:
    """How much of the gain blurs of the standard network's scores give, and what is left beyond them."""

    def gain(row: Gained) -> np.ndarray:
        return scores.gain(row.network, row.attribution, "roar")

    def blurs(row: Gained) -> list[np.ndarray]:
        return controls.blur_gains(scores, row.attribution)

    def largest(row: Gained) -> np.ndarray:
        return max(blurs(row), key=lambda values: values.mean())

    def roughness(network: Network, row: Gained) -> float:
        return float(scores.of_maps(Arm(network, row.attribution), "roughness").mean())

    def gained(key: str, heading: str, value) -> Column:
        return estimate(key, heading, value, show=formats.signed)

    columns = [
        *network_columns(lambda row: row.network),
        ATTRIBUTION,
        gained("gain", "Plain against plain", lambda row: estimated(gain(row))),
        gained("gain_from_blur", "Standard network's largest gain from blur", lambda row: estimated(largest(row))),
        gained("beyond_blur", "Beyond any blur", lambda row: controls.beyond_largest(gain(row), *blurs(row))),
        gained(
            "equal_roughness",
            "At equal roughness",
            lambda row: controls.at_equal_roughness(scores, row.network, row.attribution),
        ),
        gained(
            "both_blurred",
            "Blurred against blurred",
            lambda row: estimated(controls.both_blurred(scores, row.network, row.attribution)),
        ),
        number("roughness_standard", "Roughness, standard", lambda row: roughness(scores.standard, row), two_digits),
        number("roughness_robust", "Roughness, robust", lambda row: roughness(row.network, row), two_digits),
    ]
    about = [Gained(network, name, "roar") for network in scores.strongest for name in scores.explaining]
    caption = "Gains in ROAR score over the standard network, and what is left of them beyond blur"
    return table("controls", caption, columns, about)


def mask_table(scores: Scores) -> Table:
    """KAR gains beside the gains of networks that saw the masks alone."""

    def gain(row: Gained) -> np.ndarray:
        return scores.gain(row.network, row.attribution, "kar")

    def masks(row: Gained) -> np.ndarray:
        return controls.mask_gain(scores, row.network, row.attribution)

    def accuracy(arm: Arm, kind: str) -> float:
        """At the first percentage."""
        return float(scores.correct(arm, kind)[:, :, 0].mean())

    def own(kind: str):
        return lambda row: accuracy(Arm(row.network, row.attribution), kind)

    def gained(key: str, heading: str, value) -> Column:
        return estimate(key, heading, value, 4, formats.signed)

    columns = [
        *network_columns(lambda row: row.network),
        ATTRIBUTION,
        gained("gain", "Gain", lambda row: estimated(gain(row))),
        gained("gain_of_masks", "Gain of the masks alone", lambda row: estimated(masks(row))),
        gained("beyond_masks", "Beyond the masks", lambda row: controls.beyond_largest(gain(row), masks(row))),
        number("percent", "% kept", lambda row: scores.percents[0], formats.listing),
        number("kept_accuracy", "Accuracy, kept pixels", own("keep"), formats.percent),
        number("masks_accuracy", "Masks alone", own("mask"), formats.percent),
        number("random_masks_accuracy", "Random masks", lambda row: accuracy(BASELINE, "mask"), formats.percent),
    ]
    about = [Gained(network, attribution, "kar") for network, attribution in controls.masked(scores)]
    caption = "Gains in KAR score over the standard network, and what is left of them beyond the masks alone"
    return table("masks", caption, columns, about)


def null_table(scores: Scores) -> Table:
    """Scores of rankings by other random pixels: what chance gives."""
    known = controls.chance_scores(scores)
    columns = [
        words("arm", "Ranking", lambda row: row.arm.ranking, name),
        METRIC,
        estimate("score", "Score", lambda row: estimated(known[row.metric](row.arm)), 4, formats.signed),
    ]
    about = [Scored(arm, metric) for arm in controls.random_arms(scores) for metric in known]
    return table("null", "Scores of rankings by other random pixels: what chance gives", columns, about)
