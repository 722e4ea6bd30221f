"""What ROAR and KAR are run on, and at which scale. Defaults are the protocol's for CIFAR-10."""

from dataclasses import dataclass

from experiments import catalogue
from experiments.data import SOURCES
from experiments.errors import UsageError
from experiments.settings.options import ABOVE_0, ALL, COUNT, Range, between, one_of, option
from experiments.settings.studies import MOST_REPEATS, ImageStudy, VaeGanStudy

MEAN = "mean"
FILLS = (MEAN, "imputed")
PARTS_ON = ("all", "strongest")


@dataclass(frozen=True)
class ScoresStudy(ImageStudy):
    """One data set under ROAR, KAR and the measures beside them; `tradeoff` reads the same."""

    robust_eps: float = option(0.4, "l2 radius of the attacks behind robust accuracy.", "attack", "1", ABOVE_0)
    robust_steps: int = option(40, "Steps of those attacks.", "attack", "20", COUNT)
    robust_attacks: tuple[str, ...] = option(
        ("pgd", "apgd"),
        "Attacks that robust accuracy is measured with; the first one's stands in the figures: "
        f"{catalogue.known('robust_attacks')}.",
        "attack",
        "pgd",
    )
    attributions: tuple[str, ...] = option(
        ("gradient", "gradient_x_input"),
        f"Attribution methods to score: all, or some of {catalogue.known('attributions')}.",
        "attribution",
        "gradient,mine:saliency",
    )
    measures: tuple[str, ...] = option(
        ("roar",),
        "Measures of every network's attributions: all that fit the data set, or some of "
        f"{catalogue.known('measures')}. In roar and tradeoff roar (with KAR) must be among them; survey has all.",
        "measure",
        "roar,mine:sparseness",
    )
    percentiles: tuple[int, ...] = option(
        (10, 30, 50, 70, 90),
        "Percent of the pixels that are removed or kept, ascending.",
        "measure",
        "50,90",
        Range(lambda value: 1 <= value <= 99, "whole numbers from 1 to 99"),
    )
    repeats: int = option(
        3,
        "Retrainings of each kind in every training, each with a seed of its own.",
        "measure",
        "1",
        between(1, MOST_REPEATS),
    )
    random_baselines: int = option(
        3,
        "Rankings by random pixels: scores are differences to the first, the others show how far chance goes.",
        "measure",
        "3",
        between(1, 20),
    )
    controls: bool = option(
        True,
        "Also run the controls: another image's ranks, masks alone, blurred scores, other fills, more random "
        "baselines. `survey` always runs the random baselines, and none of the others, whatever this flag says.",
        "measure",
        "true",
    )
    parts_of: tuple[str, ...] = option(
        (ALL,),
        "Attributions whose ROAR and KAR scores are taken apart, by retraining with another image's ranks: all, or "
        "some of --attributions.",
        "measure",
        "gradient",
    )
    parts_on: str = option(
        "all",
        "Networks whose scores are taken apart: all, or the standard one and the strongest of each kind of training.",
        "measure",
        "strongest",
        one_of(PARTS_ON),
    )
    controls_of: tuple[str, ...] = option(
        (ALL,),
        "Attributions whose rankings are also blurred, and retrained with every fill of --fills: all, or some of "
        "--attributions.",
        "measure",
        "gradient",
    )
    fills: tuple[str, ...] = option(
        FILLS,
        "What stands in a removed pixel's place: the training images' mean colour, as in the paper, and beside it "
        "what its neighbours say (ROAD's noisy linear imputation), for the standard and the strongest networks.",
        "measure",
        "mean,imputed",
        one_of(FILLS),
    )
    blur_sigma: float = option(
        1.0, "Standard deviation of the blurred control of the strongest networks, in pixels.", "measure", "1", ABOVE_0
    )
    blur_sweep: tuple[float, ...] = option(
        (0.5, 1.0, 2.0),
        "Standard deviations of the blur of the standard network's scores, in pixels: how much blur alone gives.",
        "measure",
        "0.5,1,2",
        ABOVE_0,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("robust_attacks", "attributions", "percentiles"):
            self._refuse_empty(name)
        if list(self.percentiles) != sorted(self.percentiles):
            raise UsageError(f"--percentiles: {','.join(map(str, self.percentiles))} must ascend.")
        if "random" in self.attributions:
            raise UsageError("--attributions: random is the baseline of every run and cannot be listed.")
        if MEAN not in self.fills:
            raise UsageError(f"--fills: {MEAN} must be listed: scores are made with it, and others stand beside them.")
        for name in ("parts_of", "controls_of"):
            self._refuse_attributions(name)
        self._refuse_measures()
        for measure in self.measures:
            self._refuse_needs(measure)

    def attributions_of(self, flag: str) -> list[str]:
        """Those of --attributions that another flag names."""
        named = self.value(flag)
        return [name for name in self.attributions if ALL in named or name in named]

    def _refuse_attributions(self, flag: str) -> None:
        """A preset may name some that the command line leaves out of --attributions; nobody may name what is none."""
        known = catalogue.everything("attributions")
        for name in self.value(flag):
            if name != ALL and catalogue.is_built_in(name) and name not in known:
                raise UsageError(
                    f"--{flag}: {name!r} is unknown; allowed: {ALL}, or some of {catalogue.known('attributions')}."
                )

    @property
    def measured_images(self) -> int:
        """Test images that measures without retraining are computed on; 0 for all."""
        return 0

    def _refuse_measures(self) -> None:
        if "roar" not in self.measures:
            raise UsageError("--measures: roar must be listed; others may stand beside it, such as roar,mine:measure.")

    def _refuse_needs(self, measure: str) -> None:
        """Of data sets of the user's own it is their images that show, before anything is trained."""
        for need in catalogue.entry("measures", measure).declared.get("NEEDS", ()):
            if need == "manifold" and not isinstance(self, VaeGanStudy):
                raise UsageError(f"--measures: {measure} needs a manifold, which survey alone learns.")
            if self.dataset in SOURCES and need not in SOURCES[self.dataset].offers:
                having = ", ".join(name for name, source in SOURCES.items() if need in source.offers)
                raise UsageError(
                    f"--measures: {measure} needs a {need}, which {self.dataset} has not; --datasets that have one: "
                    f"{having}."
                )
