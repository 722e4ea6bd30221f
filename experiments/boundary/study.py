"""The 2-D toy of Section 2.2, the same at every preset: it takes a minute. Defaults are the protocol's."""

from dataclasses import dataclass

from experiments.settings.options import ABOVE_0, COUNT, at_least, option
from experiments.settings.studies import Study

STANDARD, WEAK, STRONG = 0.0, 0.25, 0.5
"""Training eps of the paper's three networks. Source: protocol, Section 2.2."""


@dataclass(frozen=True)
class BoundaryStudy(Study):
    """Two Gaussian classes in the plane."""

    dataset: str = "two_gaussians"
    toy_points: int = option(3000, "Points of each class of the toy.", "toy", "3000", at_least(10))
    toy_epochs: int = option(10, "Passes over the toy's points.", "toy", "10", COUNT)
    toy_eps: tuple[float, ...] = option(
        (0.1, 0.25, 0.4, 0.5, 0.6),
        "Training attacks on the toy: l2 radii. The paper's 0.25 (weak) and 0.5 (strong) are always there.",
        "toy",
        "0.1,0.4",
        ABOVE_0,
    )
    toy_attack_eps: float = option(1.0, "l2 radius of the attack on class one.", "toy", "1", ABOVE_0)
    toy_seeds: int = option(20, "Draws of the toy, each with networks of its own.", "toy", "20", at_least(2))

    def strengths(self) -> list[float]:
        """Training eps of the networks: standard training (0), weak and strong training, and the sweep, ascending."""
        return sorted({STANDARD, WEAK, STRONG, *self.toy_eps})
