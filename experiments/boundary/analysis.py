"""From the toy's arrays to the table, the claims' differences and the pictures of Section 2.2."""

import numpy as np

from experiments.boundary.study import STANDARD, STRONG, WEAK, BoundaryStudy
from experiments.claim import UNKNOWN, Estimate
from experiments.experiment import Measured
from experiments.statistics import estimate
from experiments.store.results import interval, table

MEASURES = ("tilt", "low_variance_share", "mahalanobis", "own_mahalanobis", "clean", "robust", "attacked")
PICTURED = {STANDARD: "standard", WEAK: "weak", STRONG: "strong"}


class Boundaries:
    """The numbers of the study; every interval is over its seeds.

    Attributes:
        strengths: per eps (0 is standard training) over seeds (R,): "tilt" (degrees, above 0 towards the
            low-variance direction), "low_variance_share", "mahalanobis" and "own_mahalanobis" (attacked
            points of class one, and class zero's own points, to class zero), "clean", "robust" and
            "attacked" (accuracies); of the first seed, for pictures: "points", "labels", "adversarial",
            "means" (of class one, clean and attacked), "regions" and "extent".
    """

    def __init__(self, measured: Measured[BoundaryStudy]):
        self.study = measured.study
        self.strengths: dict[float, dict[str, np.ndarray]] = dict(measured.values)

    def tables(self) -> list[dict]:
        """All tables, ready for JSON."""
        return [self.strength_table()]

    def strength_table(self) -> dict:
        rows = [
            {
                "network": PICTURED.get(eps, f"eps {eps:g}"),
                "eps": eps,
                **{name: value for measure in MEASURES for name, value in self._columns(eps, measure).items()},
                "n_seeds": self.study.toy_seeds,
                "without_boundary": self.without_a_boundary(eps),
            }
            for eps in self.strengths
        ]
        return table("strengths", "The boundary at every training strength", self.study.dataset, rows)

    def _columns(self, eps: float, measure: str) -> dict:
        return interval(measure, over_seeds(self.strengths[eps][measure]))

    def fall(self, measure: str, before: float, after: float, size: bool = False) -> Estimate:
        """How far a measure, or its size without the sign, falls from one training eps to another, seed by seed."""
        if not {before, after} <= self.strengths.keys():
            return UNKNOWN
        first, second = (self.strengths[eps][measure] for eps in (before, after))
        return over_seeds(np.abs(first) - np.abs(second) if size else first - second)

    def without_a_boundary(self, eps: float) -> int:
        """How many networks have no boundary between the classes."""
        return int(np.isnan(self.strengths[eps]["tilt"]).sum())

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/<network>/..."."""
        names = ("points", "labels", "adversarial", "means", "regions", "extent")
        return {
            f"{self.study.dataset}/{network}/{name}": self.strengths[eps][name]
            for eps, network in PICTURED.items()
            if eps in self.strengths
            for name in names
        }


def over_seeds(values: np.ndarray) -> Estimate:
    """The mean over seeds (R,), each a draw with a network of its own; those without a value are left out."""
    return estimate(values[np.isfinite(values)][:, None])
