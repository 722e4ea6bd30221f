"""Section 3.2, ROAR and KAR: do the gradients of adversarially trained networks rank pixels better?"""

from collections.abc import Iterable

from experiments.data import Fingerprint
from experiments.experiment import Experiment, Findings, Measured
from experiments.piece import Piece
from experiments.roar.pieces import pieces
from experiments.roar.study import RoarStudy


class Roar(Experiment[RoarStudy]):
    """Removes or keeps the pixels that an attribution ranks highest, and retrains."""

    name = "roar"
    section = "3.2"
    title = "ROAR and KAR: are robust networks' gradients more interpretable?"
    study: type[RoarStudy] = RoarStudy

    def pieces(self, study: RoarStudy, data: Fingerprint) -> Iterable[Piece]:
        return pieces(study, data)

    def runner(self, study: RoarStudy, settings, store, progress):
        from experiments.roar.runner import RoarRunner

        return RoarRunner(study, settings, store, progress)

    def findings(self, measured: Measured[RoarStudy]) -> Findings | None:
        from experiments.roar.alerts import alerts
        from experiments.roar.analysis import Scores
        from experiments.roar.claims import claims
        from experiments.roar.tables import tables

        scores = Scores(measured)
        if not scores.anything:
            return None
        return Findings(tables(scores), claims(scores), alerts(scores), scores.pictures())


EXPERIMENT = Roar()
