"""From roar's scores and accuracies to the tables of Section 3.3."""

from collections.abc import Sequence

import numpy as np

from experiments.claim import UNKNOWN, Estimate
from experiments.networks.grid import STANDARD, NetworkSpec, network_columns
from experiments.paper import ATTRIBUTIONS, NORMS, SCORES
from experiments.roar.analysis import Scores
from experiments.roar.controls import blurs
from experiments.roar.pieces import Arm, knows_network
from experiments.roar.tables import correlation_row
from experiments.statistics import beyond, clipped, correlation, estimate, function_estimate
from experiments.store.results import interval, table

OVERLAP_POINTS = 50
"""Accuracies at which two series are compared."""


class TradeOffs:
    """The numbers of one study; every interval is over trainings with test images crossed, in accuracies too."""

    def __init__(self, scores: Scores):
        self.scores, self.study = scores, scores.study
        self.robust_attack, self.strongest_attack = scores.study.robust_attacks[0], scores.study.robust_attacks[-1]

    def tables(self) -> list[dict]:
        """All tables, ready for JSON."""
        return [
            self.point_table(),
            self.correlation_table("accuracy_correlations", "clean"),
            self.correlation_table("robust_correlations", self.robust_attack),
            self.ways_table(),
            self.cost_table(),
            self.method_table(),
            self.overfitting_table(),
        ]

    @property
    def paper_attributions(self) -> tuple[str, ...]:
        """Those of the paper's that the study has."""
        return tuple(name for name in ATTRIBUTIONS if name in self.study.attributions)

    @property
    def others(self) -> tuple[str, ...]:
        """The study's attributions beside Gradient, with which they are compared if it is there."""
        names = self.study.attributions
        return tuple(name for name in names if name != "gradient") if "gradient" in names else ()

    @property
    def ignorant(self) -> list[str]:
        """The study's attributions that know nothing of the network: a control of those that do."""
        return [name for name in self.study.attributions if not knows_network(name)]

    # Estimates

    def cost(self, family: str) -> Estimate:
        """Test accuracy that a family's strongest training costs."""
        strongest = self.scores.strongest_of(family)
        if strongest is None:
            return UNKNOWN
        return estimate(self.scores.accuracy(STANDARD) - self.scores.accuracy(strongest))

    def correlation_of_all(self, metric: str) -> Estimate:
        """Correlation of score with test accuracy, mean over the paper's series of the first panel and attributions."""
        scores, parts = self.scores, []
        for family in NORMS:
            if scores.strongest_of(family) is None:
                return UNKNOWN
            specs = scores.series(self.study.losses[0], family)
            parts += [(specs, attribution) for attribution in self.paper_attributions]
        if not parts:
            return UNKNOWN
        tables: list[np.ndarray] = []
        places: list[tuple[int, int]] = []
        for specs, attribution in parts:
            places.append((len(tables), len(specs)))
            tables += [scores.accuracy(spec) for spec in specs]
            tables += [scores.score(Arm(spec, attribution), metric) for spec in specs]

        def mean_correlation(means: np.ndarray) -> float:
            found = [correlation(means[at : at + k], means[at + k : at + 2 * k]) for at, k in places]
            return float(np.mean(found))

        return clipped(function_estimate(mean_correlation, tables), -1.0, 1.0)

    def slope(self, metric: str, group: str, family: str, attribution: str) -> Estimate:
        """Change of a series' score per unit of test accuracy, by least squares."""
        specs = self.scores.series(group, family)
        accuracies = [self.scores.accuracy(spec) for spec in specs]
        scores = [self.scores.score(Arm(spec, attribution), metric) for spec in specs]
        return function_estimate(lambda means: _slope(*np.split(means, 2)), [*accuracies, *scores])

    def at_equal_accuracy(self, metric: str, group: str, attributions: Sequence[str]) -> Estimate:
        """Score of linf minus l2 training, averaged over the accuracies that both reach, and over attributions."""
        return self.between(self.scores.series(group, "linf"), self.scores.series(group, "l2"), metric, attributions)

    def between(
        self,
        first: Sequence[NetworkSpec],
        second: Sequence[NetworkSpec],
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
                tables += [self.scores.accuracy(spec, accuracy) for spec in specs]
                tables += [self.scores.score(Arm(spec, attribution), metric) for spec in specs]
                sizes += [len(specs), len(specs)]

        def gap(means: np.ndarray) -> float:
            parts = np.split(means, np.cumsum(sizes)[:-1])
            return float(np.mean([_gap_at_equal_x(*parts[at : at + 4]) for at in range(0, len(parts), 4)]))

        return function_estimate(gap, tables)

    def attribution_gap(self, attribution: str, metric: str, specs: Sequence[NetworkSpec] | None = None) -> Estimate:
        """Score of an attribution minus Gradient's, mean over networks: the same ones, so at equal accuracy.

        specs: the networks; all if it is None.
        """
        return estimate(self._mean(attribution, metric, specs) - self._mean("gradient", metric, specs))

    def beyond_ignorant(self, attribution: str, metric: str) -> Estimate:
        """Score of an attribution minus the best of those that know nothing of the network, mean over networks."""
        if not self.ignorant:
            return UNKNOWN
        return beyond(*(self._mean(name, metric) for name in (attribution, *self.ignorant)))

    def best_ignorant(self, metric: str) -> str:
        """The one of those that know nothing of the network that scores highest."""
        return max(self.ignorant, key=lambda name: self._mean(name, metric).mean())

    def beyond_own_blur(self, attribution: str) -> Estimate:
        """ROAR score of the standard network's attribution minus the best that a blur makes of it."""
        blurred = [self.scores.roar(arm) for arm in blurs(self.scores, attribution)]
        if not blurred:
            return UNKNOWN
        return beyond(self.scores.score(Arm(STANDARD, attribution), "roar"), *blurred)

    def _mean(self, attribution: str, metric: str, specs: Sequence[NetworkSpec] | None = None) -> np.ndarray:
        """(trainings, images): a score, mean over networks."""
        chosen = self.scores.networks if specs is None else specs
        return np.mean([self.scores.score(Arm(spec, attribution), metric) for spec in chosen], axis=0)

    def mean_of_paper(self, spec: NetworkSpec, metric: str) -> np.ndarray:
        """(trainings, images): a network's score, mean over the paper's attributions."""
        found = [self.scores.score(Arm(spec, attribution), metric) for attribution in self.paper_attributions]
        return np.mean(found, axis=0)

    # Tables

    def point_table(self) -> dict:
        rows: list[dict] = [
            {
                **network_columns(spec),
                "metric": metric,
                "attribution": attribution,
                **interval("accuracy", estimate(self.scores.accuracy(spec))),
                **interval("robust_accuracy", estimate(self.scores.accuracy(spec, self.robust_attack))),
                **interval("score", estimate(self.scores.score(Arm(spec, attribution), metric))),
                "n_images": int(self.scores.data["test_images"]),
                "trainings": len(self.scores.runs),
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
        section = "3.3" if accuracy == "clean" else ""
        rows = []
        for metric in SCORES:
            for group, family in self.scores.groups():
                specs = self.scores.series(group, family)
                x = [self.scores.accuracy(spec, accuracy) for spec in specs]
                for attribution in self.study.attributions:
                    rows.append(correlation_row(self.scores, section, specs, x, metric, group, family, attribution))
        title = "Correlation of score with " + ("test accuracy" if accuracy == "clean" else "robust accuracy")
        return table(kind, title, self.study.dataset, rows)

    def ways_table(self) -> dict:
        """The two ways out of the trade-off that the paper proposes."""
        rows = []
        for metric in SCORES:
            for other in self.others:
                way = {"way": f"{other} minus gradient", "metric": metric, "group": None, "attribution": None}
                rows.append({**way, **interval("difference", self.attribution_gap(other, metric))})
            for group in self.study.losses:
                for attribution in self.study.attributions:
                    way = {"way": "linf minus l2", "metric": metric, "group": group, "attribution": attribution}
                    difference = self.at_equal_accuracy(metric, group, (attribution,))
                    rows.append({**way, **interval("difference", difference)})
        return table("ways", "At equal test accuracy, what scores higher?", self.study.dataset, rows)

    def cost_table(self) -> dict:
        """What the strongest training of each family costs."""
        rows = [
            {"family": family, **interval("cost", self.cost(family)), "trainings": len(self.scores.runs)}
            for family in self.scores.families()
        ]
        return table("costs", "Test accuracy that the strongest training costs", self.study.dataset, rows)

    def method_table(self) -> dict:
        """Every network beside standard training: what it costs, what it withstands, what it scores."""
        rows = [
            {
                **network_columns(spec),
                "passes": spec.passes / STANDARD.passes,
                **interval("accuracy", estimate(self.scores.accuracy(spec))),
                **interval("robust_accuracy", estimate(self.scores.accuracy(spec, self.strongest_attack))),
                "one_step_accuracy": float(self.scores.accuracy(spec, "fgsm").mean()),
                "roughness": float(self.scores.of_maps(Arm(spec, self.study.attributions[0]), "roughness").mean()),
                **{part: value for metric in SCORES for part, value in self._mean_score(spec, metric).items()},
                "trainings": len(self.scores.runs),
            }
            for spec in self.scores.networks
        ]
        return table("methods", "Training methods: cost, accuracy, robustness and scores", self.study.dataset, rows)

    def overfitting_table(self) -> dict:
        """What trainings of one step withstood after every epoch, one step of their own size and several."""
        rows = [
            {
                **network_columns(spec),
                "training": run + 1,
                "epoch": epoch,
                "one_step": float(one_step),
                "several_steps": float(several),
            }
            for spec in self.scores.networks
            for run in self.scores.runs
            if (watched := self.scores.values.get(("overfitting", spec, run)))
            for epoch, (one_step, several) in enumerate(
                zip(watched["one_step"], watched["several_steps"], strict=True), start=1
            )
        ]
        return table("overfitting", "Trainings of one step, epoch by epoch", self.study.dataset, rows)

    def _mean_score(self, spec: NetworkSpec, metric: str) -> dict:
        return interval(metric, estimate(self.mean_of_paper(spec, metric)) if self.paper_attributions else None)


def on_pareto_front(row: dict, rivals: list[dict]) -> bool:
    """Whether no rival is at least as good in score and accuracy and better in one."""
    return not any(
        r["score"] >= row["score"]
        and r["accuracy"] >= row["accuracy"]
        and (r["score"] > row["score"] or r["accuracy"] > row["accuracy"])
        for r in rivals
    )


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    """Least-squares slope; NaN where x is constant."""
    x = x - x.mean()
    with np.errstate(invalid="ignore", divide="ignore"):
        return float((x * y).sum() / (x**2).sum())


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
