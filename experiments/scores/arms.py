"""What ranks the pixels of retrainings, and which retrainings a study consists of."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from experiments.networks.grid import NetworkSpec, control_networks, networks
from experiments.scores.declared import retrainings_of
from experiments.scores.study import MEAN, ScoresStudy

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
        baseline: whose ranks each image gets: "" for its own, "shuffled" for another image's, "matched" for those of
            another image of the same predicted class.
        fill: what stands in a removed pixel's place, one of `FILLS`.
    """

    network: N | None
    attribution: str
    blur: float = 0.0
    draw: int = 0
    baseline: str = ""
    fill: str = MEAN

    @property
    def name(self) -> str:
        """Unique among a study's arms."""
        parts = [self.network.name] if self.network else []
        parts += [self.ranking, *([f"blurred {self.blur:g}"] if self.blur else [])]
        return " ".join([*parts, *filter(None, [self.baseline]), *([self.fill] if self.fill != MEAN else [])])

    @property
    def is_plain(self) -> bool:
        """Whether it is one of the paper's: own ranks, as they are, and the mean colour in a removed pixel's place."""
        return not self.blur and not self.baseline and self.fill == MEAN

    @property
    def ranking(self) -> str:
        """The attribution; of random pixels also which draw, but for the first."""
        return f"{self.attribution}_{self.draw}" if self.draw > 1 else self.attribution


BASELINES = ("shuffled", "matched")
"""Between random pixels and an image's own ranks: they take a score apart (`measures.roar.parts`)."""
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
    """The random baseline, the paper's arms, each followed by those with its maps, then the other controls."""
    imputed = [fill for fill in study.fills if fill != MEAN and study.controls and study.attributions_of("controls_of")]
    found = [BASELINE, *(replace(BASELINE, fill=fill) for fill in imputed)]
    for spec in networks(study):
        for attribution in study.attributions:
            own = Arm(spec, attribution)
            found += [own, *(_with_its_maps(study, own) if study.controls else [])]
    return [*found, *(_other_controls(study) if study.controls else [])]


def _with_its_maps(study: ScoresStudy, own: Arm[NetworkSpec]) -> Iterator[Arm]:
    """Controls that use an arm's maps as they are: another image's, or with another fill."""
    strongest = own.network in control_networks(study)
    if own.attribution in study.attributions_of("parts_of") and (strongest or study.parts_on == "all"):
        yield from (replace(own, baseline=baseline) for baseline in BASELINES)
    if own.attribution in study.attributions_of("controls_of") and strongest:
        yield from (replace(own, fill=fill) for fill in study.fills if fill != MEAN)


def _other_controls(study: ScoresStudy) -> list[Arm]:
    standard, *strongest = control_networks(study)
    sweep = sorted({study.blur_sigma, *study.blur_sweep})
    controlled = study.attributions_of("controls_of")
    return [
        *other_random_arms(study),
        *(Arm(standard, attribution, sigma) for attribution in controlled for sigma in sweep),
        *(Arm(spec, attribution, study.blur_sigma) for spec in strongest for attribution in controlled),
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
    return [*dict.fromkeys(wanted), *(["mask"] if _has_masks(study, arm) else [])]


def _has_masks(study: ScoresStudy, arm: Arm) -> bool:
    """Whether networks also see an arm's masks alone: of what is taken apart or controlled, beside random masks."""
    looked_into = {*study.attributions_of("parts_of"), *study.attributions_of("controls_of")}
    if not study.controls or not looked_into or not arm.is_plain:
        return False
    return arm == BASELINE or (arm.network in control_networks(study) and arm.attribution in looked_into)
