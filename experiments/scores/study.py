"""What ROAR and KAR are run on, and at which scale. Defaults are the protocol's for CIFAR-10."""

from dataclasses import dataclass

from experiments import catalogue
from experiments.data import SOURCES
from experiments.errors import UsageError
from experiments.settings.options import ABOVE_0, COUNT, Range, between, option
from experiments.settings.studies import MOST_REPEATS, ImageStudy, VaeGanStudy


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
        "Also run the controls: masks alone, blurred scores, more random baselines. Of these survey has random "
        "baselines, whatever stands here.",
        "measure",
        "true",
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
        self._refuse_measures()
        for measure in self.measures:
            self._refuse_needs(measure)

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
