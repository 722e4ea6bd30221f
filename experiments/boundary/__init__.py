"""Section 2.2, boundary tilting: what adversarial training does to the decision boundary of a 2-D toy."""

from collections.abc import Iterable

from experiments.boundary.pieces import pieces
from experiments.boundary.study import BoundaryStudy
from experiments.data import Fingerprint
from experiments.experiment import Experiment, Findings, Measured
from experiments.piece import Piece


class Boundary(Experiment[BoundaryStudy]):
    """Measures the tilt of the boundary and where attacked points go."""

    name = "boundary"
    section = "2.2"
    title = "Boundary tilting: what adversarial training does to the decision boundary"
    study = BoundaryStudy

    def pieces(self, study: BoundaryStudy, data: Fingerprint) -> Iterable[Piece]:
        return pieces(study)

    def runner(self, study: BoundaryStudy, settings, store, progress):
        from experiments.boundary.runner import BoundaryRunner

        return BoundaryRunner(study, settings, store, progress)

    def findings(self, measured: Measured[BoundaryStudy]) -> Findings | None:
        from experiments.boundary.analysis import Boundaries
        from experiments.boundary.claims import alerts, claims

        boundaries = Boundaries(measured)
        if not boundaries.strengths:
            return None
        return Findings(boundaries.tables(), claims(boundaries), alerts(boundaries), boundaries.pictures())


EXPERIMENT = Boundary()
