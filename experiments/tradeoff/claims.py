"""The claims of Section 3.3, judged, and what a reader must know before believing them."""

from collections.abc import Iterator
from typing import Any

from experiments.claim import Claim, Estimate, judged
from experiments.paper import published_correlation
from experiments.roar.claims import attribution_title, metric_title, scale_alerts, training_title
from experiments.statistics import MIN_NETWORKS
from experiments.tradeoff.analysis import SCORES, TradeOffs

POINTS = 0.1
"""Slopes are given per ten points of accuracy."""


def claims(found: TradeOffs) -> list[Claim]:
    """All claims of one study."""
    return [*_trade_offs(found), *_attributions(found), *_norms(found)]


def _trade_offs(found: TradeOffs) -> Iterator[Claim]:
    for metric in SCORES:
        for group, family in found.scores.groups():
            for attribution in found.study.attributions:
                published = published_correlation("3.3", metric, group, family, attribution)
                rises = published is not None and published.linear > 0
                slope = found.slope(metric, group, family, attribution)
                networks = len(found.scores.series(group, family))
                yield _claim(
                    found,
                    f"{metric}-{family}-{group}-{attribution}",
                    f"The {metric_title(found.scores, metric)} score of {attribution_title(attribution)} "
                    f"{'rises' if rises else 'falls'} with test accuracy under {training_title(family)} ({group})",
                    _scaled(slope),
                    f"change of score per 10 points of accuracy over {networks} networks",
                    paper="not published" if published is None else f"correlation {published.linear:.2f}",
                    check=family not in ("l2", "linf"),
                    positive=rises,
                )


def _scaled(slope: Estimate) -> Estimate:
    low, high = (None if bound is None else POINTS * bound for bound in slope[1:])
    return Estimate(POINTS * slope.value, low, high)


def _attributions(found: TradeOffs) -> Iterator[Claim]:
    if {"gradient", "gradient_x_input"} <= set(found.study.attributions):
        for metric in SCORES:
            yield _claim(
                found,
                f"gradient_x_input-{metric}",
                "A way out of the trade-off, global attributions: at equal test accuracy "
                f"{attribution_title('gradient_x_input')} has the higher {metric_title(found.scores, metric)} score",
                found.attribution_gap(metric),
                f"{attribution_title('gradient_x_input')} minus {attribution_title('gradient')}, mean over the same "
                f"{len(found.scores.networks)} networks",
                paper="proposed",
            )


def _norms(found: TradeOffs) -> Iterator[Claim]:
    for group in found.study.losses:
        for attribution in found.study.attributions:
            difference = found.at_equal_accuracy("kar", group, attribution)
            if difference is not None:
                yield _claim(
                    found,
                    f"linf-kar-{group}-{attribution}",
                    "A way out of the trade-off, linf training: at equal test accuracy it gives a higher KAR score "
                    f"than l2 training ({attribution_title(attribution)}, {group})",
                    difference,
                    "linf minus l2, mean over the accuracies that both reach, by linear interpolation",
                    paper="proposed",
                )


def _claim(found: TradeOffs, name: str, statement: str, estimate: Estimate, of: str, **about: Any) -> Claim:
    repeats = found.study.repeats
    return judged(
        estimate,
        id=f"{found.study.dataset}/tradeoff-{name}",
        statement=statement,
        section="3.3",
        n=int(found.scores.data["test_images"]),
        unit=f"{of}; test images and {repeats} repetition{'s' * (repeats > 1)} resampled",
        **about,
    )


def alerts(found: TradeOffs) -> list[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    return [*_spread(found), *scale_alerts(found.study, int(found.scores.data["train_images"]))]


def _spread(found: TradeOffs) -> Iterator[str]:
    accuracies = [float(found.accuracy(spec).mean()) for spec in found.scores.networks]
    spread = max(accuracies) - min(accuracies)
    if spread < 0.05:
        yield (
            f"Test accuracy spans only {100 * spread:.1f} points over all networks: there is little to trade. "
            "In the paper it spans 14."
        )
    for family in found.scores.families():
        count = max(len(found.scores.series(group, family)) for group, of in found.scores.groups() if of == family)
        if 1 < count < MIN_NETWORKS:
            yield f"{count} networks per {family} series: correlations get no interval below {MIN_NETWORKS}."
