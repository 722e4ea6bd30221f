"""What the survey of measures is run on, and at which scale."""

from dataclasses import dataclass

from experiments.errors import UsageError
from experiments.scores.declared import retrainings_of
from experiments.scores.study import ScoresStudy
from experiments.settings.options import COUNT_FROM_0, option
from experiments.settings.studies import VaeGanStudy


@dataclass(frozen=True)
class SurveyStudy(ScoresStudy, VaeGanStudy):
    """One data set under many measures; what they share with ROAR and KAR is the same."""

    measured_images: int = option(
        0,
        "In survey: test images, at most, that measures without retraining are computed on, each class in proportion; "
        "0 takes all.",
        "measure",
        "300",
        COUNT_FROM_0,
    )
    retraining: bool = option(
        True, "In survey: also the measures that need networks retrained, such as ROAR.", "measure", "true"
    )

    def _refuse_measures(self) -> None:
        self._refuse_empty("measures")
        needing = [name for name in self.measures if retrainings_of(name)]
        if needing and not self.retraining:
            raise UsageError(
                f"--noretraining: {', '.join(needing)} cannot be measured without networks retrained; leave it out of "
                "--measures, or --noretraining."
            )
