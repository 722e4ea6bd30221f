"""The claims of Section 3.3, judged, and what a reader must know before believing them."""

from collections.abc import Iterator

import numpy as np

from experiments.roar_analysis import METRICS
from experiments.roar_claims import Claims as ScoreClaims
from experiments.roar_claims import label
from experiments.statistics import MIN_NETWORKS, Estimate
from experiments.tradeoff_analysis import Numbers
from reports.claims import Claim
from reports.paper_values import published_correlation

POINTS = 0.1
"""Slopes are given per ten points of accuracy."""


class Claims:
    """Claims and alerts from the numbers of one study."""

    def __init__(self, numbers: Numbers):
        self.numbers, self.measured, self.study = numbers, numbers.measured, numbers.study

    def claims(self) -> list[Claim]:
        return [*self._trade_off_claims(), *self._attribution_claims(), *self._norm_claims()]

    def _trade_off_claims(self) -> Iterator[Claim]:
        for metric, loss, norm, attribution in self.numbers.groups():
            published = published_correlation("3.3", metric, loss, norm, attribution)
            rises = published is not None and published.linear > 0
            slope = self.numbers.slope(metric, loss, norm, attribution)
            networks = len(self.numbers.scores.series(norm, loss))
            scaled = Estimate(*(None if part is None else POINTS * part for part in slope))
            yield self._claim(
                f"{metric}-{norm}-{loss}-{attribution}",
                f"The {label(metric)} score of {label(attribution)} {'rises' if rises else 'falls'} with test accuracy "
                f"under {norm} training ({loss})",
                "not published" if published is None else f"correlation {published.linear:.2f}",
                scaled,
                f"change of score per 10 points of accuracy over {networks} networks",
                positive=rises,
            )

    def _attribution_claims(self) -> Iterator[Claim]:
        if {"gradient", "gradient_x_input"} <= set(self.study.attributions):
            for metric in METRICS:
                yield self._claim(
                    f"gradient_x_input-{metric}",
                    "A way out of the trade-off, global attributions: at equal test accuracy Gradient*Input has the "
                    f"higher {label(metric)} score",
                    "proposed",
                    self.numbers.attribution_gap(metric),
                    f"Gradient*Input minus Gradient, mean over the same {len(self.numbers.scores.networks)} networks",
                )

    def _norm_claims(self) -> Iterator[Claim]:
        for loss in self.study.losses:
            for attribution in self.study.attributions:
                difference = self.numbers.at_equal_accuracy("kar", loss, attribution)
                if difference is not None:
                    yield self._claim(
                        f"linf-kar-{loss}-{attribution}",
                        "A way out of the trade-off, linf training: at equal test accuracy it gives a higher KAR score "
                        f"than l2 training ({label(attribution)}, {loss})",
                        "proposed",
                        difference,
                        "linf minus l2, mean over the accuracies that both reach, by linear interpolation",
                    )

    def _claim(
        self, name: str, statement: str, paper: str, estimate: Estimate, of: str, positive: bool = True
    ) -> Claim:
        return Claim(
            id=f"{self.study.dataset}/tradeoff-{name}",
            statement=statement,
            section="3.3",
            paper=paper,
            measured=estimate.value if np.isfinite(estimate.value) else None,
            ci_low=estimate.low,
            ci_high=estimate.high,
            n=int(self.measured.data["test_images"]),
            unit=f"{of}; test images and {self.study.repeats} repetition{'s' * (self.study.repeats > 1)} resampled",
            positive=positive,
        )

    def alerts(self) -> Iterator[str]:
        """What a reader must know before believing the numbers; each derived from them."""
        accuracies = [float(self.numbers.accuracy(spec).mean()) for spec in self.numbers.scores.networks]
        spread = max(accuracies) - min(accuracies)
        if spread < 0.05:
            yield (
                f"Test accuracy spans only {100 * spread:.1f} points over all networks: there is little to trade. "
                "In the paper it spans 14."
            )
        for norm in ("l2", "linf"):
            count = len(self.numbers.scores.series(norm, self.study.losses[0]))
            if 1 < count < MIN_NETWORKS:
                yield f"{count} networks per {norm} series: correlations get no interval below {MIN_NETWORKS}."
        yield from ScoreClaims(self.numbers.scores).scale_alerts()
