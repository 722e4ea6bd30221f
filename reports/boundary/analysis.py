"""From the toy's arrays to the differences that Section 2.2 is about."""

from typing import Any

import numpy as np

from experiments.boundary.study import STANDARD, STRONG, WEAK
from experiments.store.values import Values
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.statistics import estimate
from reports.evidence.study import Study

PICTURED = {STANDARD: "standard", WEAK: "weak", STRONG: "strong"}
"""The paper's three networks, by training eps."""


class Boundaries(Study):
    """The numbers of the study; every interval is over its seeds.

    Attributes:
        strengths: training eps of the networks that are there, ascending; 0 is standard training.
    """

    def __init__(self, values: Values):
        super().__init__(values)
        self.strengths: list[float] = self.labels("strength")

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return bool(self.strengths)

    @property
    def seeds(self) -> int:
        return int(self.settings["toy_seeds"])

    def of(self, eps: float, measure: str) -> np.ndarray:
        """(seeds,) a measure at a training strength; see `experiments.boundary.values`."""
        return self.array(measure)[self.strengths.index(eps)]

    def mean(self, eps: float, measure: str) -> Estimate:
        return over_seeds(self.of(eps, measure))

    def fall(self, measure: str, before: float, after: float, size: bool = False) -> Estimate:
        """How far a measure, or its size without the sign, falls from one training eps to another, seed by seed."""
        if not {before, after} <= set(self.strengths):
            return UNKNOWN
        first, second = (self.of(eps, measure) for eps in (before, after))
        return over_seeds(np.abs(first) - np.abs(second) if size else first - second)

    def without_a_boundary(self, eps: float) -> int:
        """How many networks have no boundary between the classes."""
        return int(np.isnan(self.of(eps, "tilt")).sum())

    def pictured(self) -> dict[str, dict[str, Any]]:
        """Per pictured network that is there, the arrays of its picture."""
        shown = self.labels("shown")
        names = ("points", "adversarial", "means", "regions", "extent")
        return {
            PICTURED[eps]: {"labels": self.array("labels"), **{name: self.array(name)[place] for name in names}}
            for place, eps in enumerate(shown)
        }


def over_seeds(values: np.ndarray) -> Estimate:
    """The mean over seeds (R,), each a draw with a network of its own; those without a value are left out."""
    return estimate(values[np.isfinite(values)][:, None])
