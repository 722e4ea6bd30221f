"""From the toy's arrays to the table, the claims' differences and the pictures of Section 2.2."""

import numpy as np

from experiments.boundary import Measurements
from experiments.grid import STRONG, WEAK
from experiments.results import interval, table
from experiments.statistics import Estimate, mean_estimate

MEASURES = ("tilt", "low_variance_share", "mahalanobis", "own_mahalanobis", "clean", "robust", "attacked")
PICTURED = {0.0: "standard", WEAK: "weak", STRONG: "strong"}


class Numbers:
    """The numbers of the study; every interval resamples its seeds."""

    def __init__(self, measured: Measurements):
        self.measured, self.study = measured, measured.study
        self.anything = bool(measured.strengths)

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
            }
            for eps in self.measured.strengths
        ]
        return table("strengths", "The boundary at every training strength", self.study.dataset, rows)

    def _columns(self, eps: float, measure: str) -> dict:
        return interval(measure, over_seeds(self.measured.strengths[eps][measure]))

    def fall(self, measure: str, before: float, after: float) -> Estimate | None:
        """How far a measure falls from one training eps to another, seed by seed; None where one is missing."""
        if not {before, after} <= self.measured.strengths.keys():
            return None
        return over_seeds(self.measured.strengths[before][measure] - self.measured.strengths[after][measure])

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/<network>/..."."""
        names = ("points", "labels", "adversarial", "means", "regions", "extent")
        return {
            f"{self.study.dataset}/{network}/{name}": self.measured.strengths[eps][name]
            for eps, network in PICTURED.items()
            if eps in self.measured.strengths
            for name in names
        }


def over_seeds(values: np.ndarray) -> Estimate:
    """The mean over seeds (R,), with the seeds resampled."""
    return mean_estimate(values[:, None])
