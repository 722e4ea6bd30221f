"""Section 2.1, distance to the image manifold: do adversarial examples of robust networks lie closer?"""

from collections.abc import Iterable

from experiments.data import Fingerprint
from experiments.experiment import Experiment, Findings, Measured
from experiments.manifold.pieces import pieces
from experiments.manifold.study import ManifoldStudy
from experiments.piece import Piece


class Manifold(Experiment[ManifoldStudy]):
    """Measures how far adversarial examples lie from what a VAE-GAN can generate."""

    name = "manifold"
    section = "2.1"
    title = "Distance to the image manifold: do robust networks' adversarial examples stay close?"
    study = ManifoldStudy

    def pieces(self, study: ManifoldStudy, data: Fingerprint) -> Iterable[Piece]:
        return pieces(study, data)

    def runner(self, study: ManifoldStudy, settings, store, progress):
        from experiments.manifold.runner import ManifoldRunner

        return ManifoldRunner(study, settings, store, progress)

    def findings(self, measured: Measured[ManifoldStudy]) -> Findings | None:
        from experiments.manifold.analysis import Distances
        from experiments.manifold.claims import alerts, claims
        from experiments.manifold.tables import tables

        distances = Distances(measured)
        if not distances.anything:
            return None
        return Findings(tables(distances), claims(distances), alerts(distances), distances.pictures())


EXPERIMENT = Manifold()
