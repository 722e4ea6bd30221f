"""The claims of Section 2.2, judged, and what a reader must know before believing them."""

from collections.abc import Iterator

from experiments.boundary_analysis import Numbers, over_seeds
from experiments.grid import STRONG, WEAK
from experiments.settings import protocol_study
from experiments.statistics import Estimate
from reports.claims import Claim

STANDARD = 0.0
CONVERGED = 0.99
"""Clean accuracy below which a training of this separable toy has not converged."""


class Claims:
    """Claims and alerts from the numbers of the study."""

    def __init__(self, numbers: Numbers):
        self.numbers, self.measured, self.study = numbers, numbers.measured, numbers.study

    def claims(self) -> list[Claim]:
        return list(self._claims())

    def _claims(self) -> Iterator[Claim]:
        standard = self.measured.strengths.get(STANDARD)
        if standard:
            yield self._claim(
                "tilted",
                "The standard network's boundary is tilted along the low-variance direction",
                "yes, by eye",
                over_seeds(standard["tilt"]),
                "tilt in degrees, above 0 towards that direction",
            )
            yield self._claim(
                "leaves-the-data",
                "Attacked points of the standard network leave the data",
                "yes, by eye",
                over_seeds(standard["mahalanobis"] - standard["own_mahalanobis"]),
                "Mahalanobis distance to the other class, attacked points minus that class's own",
            )
        yield from self._falls("tilt", "tilt of the boundary", "degrees", "part of the tilt is gone", "no tilt is left")
        yield from self._falls(
            "low_variance_share",
            "share of the mean perturbation along the low-variance direction",
            "share",
            "the arrow turns towards the other class",
            "the arrow points at the other class",
        )
        yield from self._falls(
            "mahalanobis",
            "distance of attacked points to the other class",
            "Mahalanobis distance",
            "closer",
            "attacked points land on the other class",
        )

    def _falls(self, measure: str, what: str, unit: str, weak_finding: str, strong_finding: str) -> Iterator[Claim]:
        for name, verb, before, after, finding in (
            ("weak", "Weak adversarial training lowers", STANDARD, WEAK, weak_finding),
            ("strong", "Strong adversarial training lowers further", WEAK, STRONG, strong_finding),
        ):
            estimate = self.numbers.fall(measure, before, after)
            if estimate is not None:
                of = f"{unit}, eps {before:g} minus eps {after:g}"
                yield self._claim(f"{name}-{measure}", f"{verb} the {what}", f"yes, by eye: {finding}", estimate, of)

    def _claim(self, name: str, statement: str, paper: str, estimate: Estimate, of: str) -> Claim:
        return Claim(
            id=f"{self.study.dataset}/boundary-{name}",
            statement=statement,
            section="2.2",
            paper=paper,
            measured=estimate.value,
            ci_low=estimate.low,
            ci_high=estimate.high,
            n=self.study.toy_seeds,
            unit=f"{of}; seeds resampled",
        )

    def alerts(self) -> Iterator[str]:
        """What a reader must know before believing the numbers; each derived from them."""
        protocol = protocol_study("boundary", self.study.dataset)
        if (self.study.toy_points, self.study.toy_epochs) != (protocol.toy_points, protocol.toy_epochs):
            yield (
                f"Not the paper's scale: {self.study.toy_points} points per class and {self.study.toy_epochs} epochs; "
                f"there {protocol.toy_points} and {protocol.toy_epochs}."
            )
        if self.study.toy_seeds < 5:
            yield f"{self.study.toy_seeds} seeds: intervals over so few understate how much trainings vary."
        for eps, arrays in self.measured.strengths.items():
            if arrays["clean"].min() < CONVERGED:
                yield (
                    f"eps {eps:g}: a network is right on only {arrays['clean'].min():.1%} of clean points, "
                    "though the classes can be separated."
                )
