"""From scores and accuracies to what Section 3.3 asks of both."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.scores.arms import Arm
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import ATTRIBUTIONS, NORMS
from reports.evidence.statistics import beyond, correlated, correlation, estimate, function_estimate, trend
from reports.evidence.study import Network
from reports.roar.analysis import Scores
from reports.roar.controls import blurs

OVERLAP_POINTS = 50
"""Accuracies at which two series are compared."""


class Watched(NamedTuple):
    """What a training of one step withstood after an epoch, on training images.

    Attributes:
        network: that was trained.
        run: number of the training.
        epoch: from 1.
        one_step: accuracy under one step of the training's own size.
        several_steps: accuracy under several.
    """

    network: Network
    run: int
    epoch: int
    one_step: float
    several_steps: float


class TradeOffs(Scores):
    """The numbers of one study; every interval is over trainings with test images crossed, in accuracies too."""

    @property
    def robust_attack(self) -> str:
        """The one whose accuracy scores are set against."""
        return str(self.settings["robust_attacks"][0])

    @property
    def strongest_attack(self) -> str:
        """The last that is listed."""
        return str(self.settings["robust_attacks"][-1])

    @property
    def losses(self) -> list[str]:
        """Of adversarial training, each a panel of the paper's figures."""
        return list(self.settings["losses"])

    @property
    def paper_attributions(self) -> list[str]:
        """Those of the paper's that the study has."""
        return [name for name in ATTRIBUTIONS if name in self.attributions]

    @property
    def others(self) -> list[str]:
        """The study's attributions beside Gradient, with which they are compared if it is there."""
        return [name for name in self.attributions if name != "gradient"] if "gradient" in self.attributions else []

    @property
    def ignorant(self) -> list[str]:
        """The study's attributions that know nothing of the network: a control of those that do."""
        return [name for name in self.attributions if not self.knows_network(name)]

    # Accuracy

    def cost(self, family: str) -> Estimate:
        """Test accuracy that a family's strongest training costs, in the trainings in which it did not collapse.

        In all of them where it collapsed in all.
        """
        costs, collapsed = self._costs(family), self.collapsed_of(family)
        return estimate(costs if collapsed.all() else costs[~collapsed])

    def median_cost(self, family: str) -> Estimate:
        """As `cost`; of a mixture of collapsed and sound trainings the median over all of them, without an interval."""
        costs, collapsed = self._costs(family), self.collapsed_of(family)
        if collapsed.all() or not collapsed.any():
            return self.cost(family)
        by_training = costs.mean(axis=1)
        return Estimate(float(np.median(by_training)), None, None, by_training=tuple(by_training.tolist()))

    def collapsed_of(self, family: str) -> np.ndarray:
        """(trainings,) in which a family's strongest network is no better than chance."""
        strongest = self.strongest_of(family)
        return np.array([], bool) if strongest is None else self.collapsed(strongest)

    def _costs(self, family: str) -> np.ndarray:
        """(trainings, images); empty where there is no strongest network."""
        strongest = self.strongest_of(family)
        if strongest is None:
            return np.empty((0, 0))
        return self.accuracy(self.standard) - self.accuracy(strongest)

    def correlation_of_all(self, metric: str) -> Estimate:
        """Correlation of score with test accuracy, mean over the paper's series of the first panel and attributions."""
        parts = []
        for family in NORMS:
            if self.strongest_of(family) is None:
                return UNKNOWN
            specs = self.series(self.losses[0], family)
            parts += [(specs, attribution) for attribution in self.paper_attributions]
        if not parts:
            return UNKNOWN
        tables: list[np.ndarray] = []
        places: list[tuple[int, int]] = []
        for specs, attribution in parts:
            places.append((len(tables), len(specs)))
            tables += [self.accuracy(spec) for spec in specs]
            tables += [self.score(Arm(spec, attribution), metric) for spec in specs]

        def mean_correlation(means: np.ndarray) -> float:
            found = [correlation(means[at : at + k], means[at + k : at + 2 * k]) for at, k in places]
            return float(np.mean(found))

        return correlated(mean_correlation, tables)

    def slope(self, metric: str, group: str, family: str, attribution: str) -> Estimate:
        """Change of a series' score per unit of test accuracy, by least squares."""
        specs = self.series(group, family)
        accuracies = [self.accuracy(spec) for spec in specs]
        scores = [self.score(Arm(spec, attribution), metric) for spec in specs]
        return trend(accuracies, scores)

    def front(self, metric: str, attribution: str) -> list[Network]:
        """The networks that no other beats in both score and test accuracy."""
        scores = np.array([_mean(self.score(Arm(spec, attribution), metric)) for spec in self.networks])
        accuracies = np.array([_mean(self.accuracy(spec)) for spec in self.networks])
        on_front = on_pareto_front(scores, accuracies)
        return [spec for spec, there in zip(self.networks, on_front, strict=True) if there]

    # At equal accuracy

    def at_equal_accuracy(self, metric: str, group: str, attributions: Sequence[str]) -> Estimate:
        """Score of linf minus l2 training, averaged over the accuracies that both reach, and over attributions."""
        return self.between(self.series(group, "linf"), self.series(group, "l2"), metric, attributions)

    def between(
        self,
        first: Sequence[Network],
        second: Sequence[Network],
        metric: str,
        attributions: Sequence[str],
        accuracy: str = "clean",
    ) -> Estimate:
        """Score of the first series minus the second's, averaged over the accuracies that both reach, by interpolation.

        accuracy: "clean", or the name of an attack.
        """
        if min(len(first), len(second)) < 2:
            return UNKNOWN
        tables: list[np.ndarray] = []
        sizes: list[int] = []
        for attribution in attributions:
            for specs in (first, second):
                tables += [self.accuracy(spec, accuracy) for spec in specs]
                tables += [self.score(Arm(spec, attribution), metric) for spec in specs]
                sizes += [len(specs), len(specs)]

        def gap(means: np.ndarray) -> float:
            parts = np.split(means, np.cumsum(sizes)[:-1])
            return float(np.mean([_gap_at_equal_x(*parts[at : at + 4]) for at in range(0, len(parts), 4)]))

        return function_estimate(gap, tables)

    def attribution_gap(self, attribution: str, metric: str, specs: Sequence[Network] | None = None) -> Estimate:
        """Score of an attribution minus Gradient's, mean over networks: the same ones, so at equal accuracy.

        specs: the networks; all if it is None.
        """
        gap = self._over_networks(attribution, metric, specs) - self._over_networks("gradient", metric, specs)
        return estimate(gap)

    def beyond_ignorant(self, attribution: str, metric: str) -> Estimate:
        """Score of an attribution minus the best of those that know nothing of the network, mean over networks."""
        if not self.ignorant:
            return UNKNOWN
        return beyond(*(self._over_networks(name, metric) for name in (attribution, *self.ignorant)))

    def best_ignorant(self, metric: str) -> str:
        """The one of those that know nothing of the network that scores highest."""
        return max(self.ignorant, key=lambda name: self._over_networks(name, metric).mean())

    def beyond_own_blur(self, attribution: str) -> Estimate:
        """ROAR score of the standard network's attribution minus the best that a blur makes of it."""
        blurred = [self.roar(arm) for arm in blurs(self, attribution)]
        if not blurred:
            return UNKNOWN
        return beyond(self.score(Arm(self.standard, attribution), "roar"), *blurred)

    def _over_networks(self, attribution: str, metric: str, specs: Sequence[Network] | None = None) -> np.ndarray:
        """(trainings, images): a score, mean over networks."""
        chosen = self.networks if specs is None else specs
        return np.mean([self.score(Arm(spec, attribution), metric) for spec in chosen], axis=0)

    def mean_of_paper(self, spec: Network, metric: str) -> np.ndarray:
        """(trainings, images): a network's score, mean over the paper's attributions."""
        found = [self.score(Arm(spec, attribution), metric) for attribution in self.paper_attributions]
        return np.mean(found, axis=0)

    # Training

    def relative_seconds(self, spec: Network) -> float:
        """How long training took, relative to standard training; NaN where that is not known."""
        return self._training_seconds(spec) / self._training_seconds(self.standard)

    def _training_seconds(self, spec: Network) -> float:
        """Mean over the trainings of which they are known."""
        seconds = self.array("training_seconds")[:, self.place_of[spec]]
        known = seconds[seconds > 0]
        return float(known.mean()) if known.size else float("nan")

    def watched(self) -> list[Watched]:
        """Epoch by epoch the trainings of one step, as far as any was watched."""
        if not self.has("one_step_accuracy"):
            return []
        one_step, several_steps = self.array("one_step_accuracy"), self.array("several_steps_accuracy")
        return [
            Watched(spec, run, epoch + 1, float(one_step[place]), float(several_steps[place]))
            for spec in self.networks
            for run in self.runs
            for epoch in range(one_step.shape[2])
            if np.isfinite(one_step[place := (run, self.place_of[spec], epoch)])
        ]


def on_pareto_front(scores: np.ndarray, accuracies: np.ndarray) -> np.ndarray:
    """(K,) of K networks whether no other is at least as good in score and accuracy and better in one."""
    score, accuracy = scores[:, None], accuracies[:, None]
    as_good = (scores >= score) & (accuracies >= accuracy)
    better = (scores > score) | (accuracies > accuracy)
    return (as_good & better).sum(axis=1) == 0


def _mean(values: np.ndarray) -> float:
    """As an estimate has it: over images, then over trainings."""
    return float(values.mean(axis=1).mean())


def _gap_at_equal_x(x_a: np.ndarray, y_a: np.ndarray, x_b: np.ndarray, y_b: np.ndarray) -> float:
    """Mean of the first curve minus the second where their x overlap; NaN where they do not."""
    low, high = max(x_a.min(), x_b.min()), min(x_a.max(), x_b.max())
    if low >= high:
        return float("nan")
    x = np.linspace(low, high, OVERLAP_POINTS)
    return float((_interpolate(x, x_a, y_a) - _interpolate(x, x_b, y_b)).mean())


def _interpolate(x: np.ndarray, known_x: np.ndarray, known_y: np.ndarray) -> np.ndarray:
    order = np.argsort(known_x)
    return np.interp(x, known_x[order], known_y[order])
