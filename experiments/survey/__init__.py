"""A survey of measures, beside Section 3.2: do the paper's conclusions depend on what is measured?"""

from collections.abc import Iterable

from experiments.data import Fingerprint
from experiments.experiment import Findings, Measured
from experiments.piece import Piece
from experiments.roar import Roar
from experiments.roar.study import RoarStudy
from experiments.survey.pieces import pieces
from experiments.survey.study import SurveyStudy


class Survey(Roar):
    """Takes ROAR's and KAR's measurements, made first where they are missing, and those of other measures."""

    name = "survey"
    section = "Beyond the paper"
    title = "Measures: do the conclusions depend on what is measured?"
    study = SurveyStudy

    def pieces(self, study: RoarStudy, data: Fingerprint) -> Iterable[Piece]:
        assert isinstance(study, SurveyStudy)
        return pieces(study, data)

    def runner(self, study: RoarStudy, settings, store, progress):
        from experiments.survey.runner import SurveyRunner

        return SurveyRunner(study, settings, store, progress)

    def findings(self, measured: Measured[RoarStudy]) -> Findings | None:
        from experiments.survey.analysis import Comparison
        from experiments.survey.claims import alerts, claims
        from experiments.survey.tables import tables

        found = Comparison(measured)
        if not found.scores.anything:
            return None
        return Findings(tables(found), claims(found), alerts(found), found.pictures())


EXPERIMENT = Survey()
