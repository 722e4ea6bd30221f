"""The networks and retrainings that a study consists of. Plain data: no TensorFlow."""

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.settings import BoundaryStudy, Study

NORMS = ("l2", "linf")
RANDOM, SECOND_RANDOM = "random", "random_2"
WEAK, STRONG = 0.25, 0.5
"""Training eps of the toy. Source: protocol, Section 2.2."""


@dataclass(frozen=True)
class NetworkSpec:
    """How a network is trained; norm, loss and eps are None for the standard one."""

    norm: str | None = None
    loss: str | None = None
    eps: float | None = None

    @property
    def name(self) -> str:
        return "standard" if self.norm is None else f"{self.norm} eps {self.eps:g} {self.loss}"


STANDARD = NetworkSpec()


@dataclass(frozen=True)
class Arm:
    """What ranks the pixels of a series of retrainings.

    network is None for the random baselines; blurred scores are smoothed before ranking.
    """

    network: NetworkSpec | None
    attribution: str
    blurred: bool = False

    @property
    def name(self) -> str:
        parts = [self.network.name] if self.network else []
        return " ".join([*parts, self.attribution, *(["blurred"] if self.blurred else [])])


@dataclass(frozen=True)
class Cell:
    """One retraining. metric: "roar" removes, "kar" keeps, "mask" shows the network the masks alone."""

    arm: Arm
    metric: str
    percent: int
    repeat: int


def networks(study: Study) -> list[NetworkSpec]:
    """The standard network, then every norm, loss and eps."""
    radii = {"l2": study.l2_eps, "linf": study.linf_eps}
    trained = [NetworkSpec(norm, loss, eps) for norm in NORMS for loss in study.losses for eps in radii[norm]]
    return [STANDARD, *trained]


def control_networks(study: Study) -> list[NetworkSpec]:
    """The networks whose arms are run with controls: the standard one and each norm's strongest."""
    radii = {"l2": study.l2_eps, "linf": study.linf_eps}
    return [STANDARD, *(NetworkSpec(norm, study.losses[0], max(radii[norm])) for norm in NORMS if radii[norm])]


def cells(study: Study) -> list[Cell]:
    """Every retraining: the random baseline, the paper's arms, then the controls."""
    return list(_cells(study))


def _cells(study: Study) -> Iterator[Cell]:
    def series(arm: Arm, *metrics: str) -> Iterator[Cell]:
        for metric in metrics:
            for percent in study.percentiles:
                for repeat in range(study.repeats):
                    yield Cell(arm, metric, percent, repeat)

    yield from series(Arm(None, RANDOM), "roar", "kar")
    for network in networks(study):
        for attribution in study.attributions:
            yield from series(Arm(network, attribution), "roar", "kar")
    if study.controls:
        yield from series(Arm(None, SECOND_RANDOM), "roar")
        for network in control_networks(study):
            for attribution in study.attributions:
                yield from series(Arm(network, attribution, blurred=True), "roar")
                yield from series(Arm(network, attribution), "mask")


def training_eps(study: BoundaryStudy) -> list[float]:
    """Of the toy's networks: standard training (0), the paper's weak and strong training, and the sweep, ascending."""
    return sorted({0.0, WEAK, STRONG, *study.toy_eps})
