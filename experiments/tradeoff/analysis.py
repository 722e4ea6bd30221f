"""From roar's scores and accuracies to the tables of Section 3.3."""

import numpy as np

from experiments.claim import Estimate
from experiments.networks.grid import NetworkSpec, network_columns
from experiments.roar.analysis import Scores, correlation_row
from experiments.roar.pieces import Arm
from experiments.statistics import mean_estimate, resampled_means
from experiments.store.results import interval, table

SCORES = ("roar", "kar")
"""That Section 3.3 sets against accuracy."""
OVERLAP_POINTS = 50
"""Accuracies at which two series are compared."""
MIN_OVERLAPPING = 0.95
"""Share of bootstrap draws in which two series must share accuracies for an interval to be given."""


class TradeOffs:
    """The numbers of one study. Intervals resample retrainings and test images, of accuracies too."""

    def __init__(self, scores: Scores):
        self.scores, self.study = scores, scores.study
        self.robust_attack = scores.study.robust_attacks[0]

    def tables(self) -> list[dict]:
        """All tables, ready for JSON."""
        return [
            self.point_table(),
            self.correlation_table("accuracy_correlations", "clean"),
            self.correlation_table("robust_correlations", self.robust_attack),
            self.ways_table(),
        ]

    # Estimates

    def accuracy(self, spec: NetworkSpec, kind: str = "clean") -> np.ndarray:
        """(1, images): whether a network is right on clean images, or under an attack."""
        return self.scores.evaluations[spec][kind][None]

    def slope(self, metric: str, group: str, family: str, attribution: str) -> Estimate:
        """Change of a series' score per unit of test accuracy, by least squares."""
        specs = self.scores.series(group, family)
        accuracies = _with_draws([self.accuracy(spec) for spec in specs])
        scores = _with_draws([self.scores.score(Arm(spec, attribution), metric) for spec in specs])
        return _estimate(_slope(accuracies, scores))

    def at_equal_accuracy(self, metric: str, group: str, attribution: str) -> Estimate | None:
        """Score of linf minus l2 training, averaged over the accuracies that both reach by interpolation."""
        series = [self.scores.series(group, family) for family in ("linf", "l2")]
        if any(len(specs) < 2 for specs in series):
            return None
        accuracies = [_with_draws([self.accuracy(spec) for spec in specs]) for specs in series]
        scores = [
            _with_draws([self.scores.score(Arm(spec, attribution), metric) for spec in specs]) for specs in series
        ]
        draws = zip(*accuracies, *scores, strict=True)
        return _estimate(np.array([_gap_at_equal_x(*draw) for draw in draws]))

    def attribution_gap(self, metric: str) -> Estimate:
        """Score of Gradient*Input minus Gradient, mean over networks: the same ones, so at equal accuracy."""
        gaps = [
            self.scores.score(Arm(spec, "gradient_x_input"), metric) - self.scores.score(Arm(spec, "gradient"), metric)
            for spec in self.scores.networks
        ]
        return mean_estimate(np.mean(gaps, axis=0))

    # Tables

    def point_table(self) -> dict:
        rows = [
            {
                **network_columns(spec),
                "metric": metric,
                "attribution": attribution,
                **interval("accuracy", mean_estimate(self.accuracy(spec))),
                **interval("robust_accuracy", mean_estimate(self.accuracy(spec, self.robust_attack))),
                **interval("score", mean_estimate(self.scores.score(Arm(spec, attribution), metric))),
                "n_images": self.accuracy(spec).size,
                "repetitions": self.study.repeats,
            }
            for metric in SCORES
            for attribution in self.study.attributions
            for spec in self.scores.networks
        ]
        for row in rows:
            rivals = [r for r in rows if (r["metric"], r["attribution"]) == (row["metric"], row["attribution"])]
            row["on_front"] = on_pareto_front(row, rivals)
        return table("points", "Score and accuracy of every network", self.study.dataset, rows)

    def correlation_table(self, kind: str, accuracy: str) -> dict:
        """Score against accuracy; the paper's are of clean accuracy."""
        section, rows = "3.3" if accuracy == "clean" else "", []
        for metric in SCORES:
            for group, family in self.scores.groups():
                specs = self.scores.series(group, family)
                x = [float(self.accuracy(spec, accuracy).mean()) for spec in specs]
                for attribution in self.study.attributions:
                    scores = self.scores.mean_scores(specs, metric, attribution)
                    rows.append(correlation_row(section, x, scores, metric, group, family, attribution))
        title = "Correlation of score with " + ("test accuracy" if accuracy == "clean" else "robust accuracy")
        return table(kind, title, self.study.dataset, rows)

    def ways_table(self) -> dict:
        """The two ways out of the trade-off that the paper proposes."""
        rows = []
        for metric in SCORES:
            if {"gradient", "gradient_x_input"} <= set(self.study.attributions):
                way = {"way": "gradient_x_input minus gradient", "metric": metric, "group": None, "attribution": None}
                rows.append({**way, **interval("difference", self.attribution_gap(metric))})
            for group in self.study.losses:
                for attribution in self.study.attributions:
                    way = {"way": "linf minus l2", "metric": metric, "group": group, "attribution": attribution}
                    rows.append({**way, **interval("difference", self.at_equal_accuracy(metric, group, attribution))})
        return table("ways", "At equal test accuracy, what scores higher?", self.study.dataset, rows)


def on_pareto_front(row: dict, rivals: list[dict]) -> bool:
    """Whether no rival is at least as good in score and accuracy and better in one."""
    return not any(
        r["score"] >= row["score"]
        and r["accuracy"] >= row["accuracy"]
        and (r["score"] > row["score"] or r["accuracy"] > row["accuracy"])
        for r in rivals
    )


def _with_draws(tables: list[np.ndarray]) -> np.ndarray:
    """(1 + samples, K): the means of K tables, first as measured, then of every bootstrap draw."""
    return np.stack([np.concatenate([[values.mean()], resampled_means(values)]) for values in tables], axis=-1)


def _estimate(draws: np.ndarray) -> Estimate:
    """From a statistic of the measurement (first) and of every draw; NaN where it does not exist."""
    known = draws[1:][np.isfinite(draws[1:])]
    if len(known) < MIN_OVERLAPPING * len(draws[1:]):
        return Estimate(float(draws[0]), None, None)
    low, high = np.quantile(known, (0.025, 0.975))
    return Estimate(float(draws[0]), float(low), float(high))


def _slope(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Least-squares slope along the last axis; NaN where x is constant."""
    x = x - x.mean(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (x * y).sum(axis=-1) / (x**2).sum(axis=-1)


def _gap_at_equal_x(x_a: np.ndarray, x_b: np.ndarray, y_a: np.ndarray, y_b: np.ndarray) -> float:
    """Mean of the first curve minus the second where their x overlap; NaN where they do not."""
    low, high = max(x_a.min(), x_b.min()), min(x_a.max(), x_b.max())
    if low >= high:
        return float("nan")
    x = np.linspace(low, high, OVERLAP_POINTS)
    return float((_interpolate(x, x_a, y_a) - _interpolate(x, x_b, y_b)).mean())


def _interpolate(x: np.ndarray, known_x: np.ndarray, known_y: np.ndarray) -> np.ndarray:
    order = np.argsort(known_x)
    return np.interp(x, known_x[order], known_y[order])
