"""What ranks the pixels of retrainings, and which retrainings a study consists of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from experiments.networks.grid import NetworkSpec, control_networks, networks
from experiments.scores.declared import retrainings_of
from experiments.scores.study import ScoresStudy

KINDS = {
    "remove": "retrainings, pixels removed",
    "keep": "retrainings, pixels kept",
    "mask": "retrainings, masks alone",
}
"""By occlusion: "mask" shows the network nothing but which pixels "remove" would take, and "keep" leave."""


class Named(Protocol):
    """A network, as whoever trains it or whoever reads of it describes it."""

    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Arm(Generic[N]):
    """What ranks the pixels of a series of retrainings.

    Attributes:
        network: None for random pixels.
        attribution: by which they are ranked.
        blur: standard deviation in pixels of the blur that scores get before they are ranked.
        draw: which of several draws of random pixels, from 1; 0 for those of a network.
    """

    network: N | None
    attribution: str
    blur: float = 0.0
    draw: int = 0

    @property
    def name(self) -> str:
        parts = [self.network.name] if self.network else []
        return " ".join([*parts, self.ranking, *([f"blurred {self.blur:g}"] if self.blur else [])])

    @property
    def ranking(self) -> str:
        """The attribution; of random pixels also which draw, but for the first."""
        return f"{self.attribution}_{self.draw}" if self.draw > 1 else self.attribution


BASELINE: Arm[Any] = Arm(None, "random", draw=1)
"""With which all others are compared."""


@dataclass(frozen=True)
class Retraining:
    """A standard network trained and tested on images that an arm's ranking occludes in one way.

    run is the number of the training whose networks are explained.
    """

    arm: Arm[NetworkSpec]
    occlusion: str
    percent: int
    repeat: int
    run: int


def arms(study: ScoresStudy) -> list[Arm]:
    """The random baseline, the paper's arms, then the controls."""
    plain = [Arm(spec, attribution) for spec in networks(study) for attribution in study.attributions]
    return [BASELINE, *plain, *(_controls(study) if study.controls else [])]


def _controls(study: ScoresStudy) -> list[Arm]:
    standard, *strongest = control_networks(study)
    sweep = sorted({study.blur_sigma, *study.blur_sweep})
    return [
        *other_random_arms(study),
        *(Arm(standard, attribution, sigma) for attribution in study.attributions for sigma in sweep),
        *(Arm(spec, attribution, study.blur_sigma) for spec in strongest for attribution in study.attributions),
    ]


def other_random_arms(study: ScoresStudy) -> list[Arm]:
    """The random baselines beside the first, with which scores are compared."""
    return [Arm(None, "random", draw=number) for number in range(2, study.random_baselines + 1)]


def retrainings(study: ScoresStudy, arm: Arm, run: int) -> Iterator[Retraining]:
    """Every retraining of an arm in one training."""
    for occlusion in occlusions(study, arm):
        for percent in study.percentiles:
            for repeat in range(study.repeats):
                yield Retraining(arm, occlusion, percent, repeat, run)


def occlusions(study: ScoresStudy, arm: Arm) -> list[str]:
    """Under which an arm's pixels are occluded."""
    if arm.blur:
        return ["remove"]
    wanted = [kind for name in study.measures for kind in retrainings_of(name)]
    with_masks = study.controls and (arm == BASELINE or arm.network in control_networks(study))
    return [*dict.fromkeys(wanted), *(["mask"] if with_masks else [])]
