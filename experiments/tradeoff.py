"""Score against test accuracy (Section 3.3): what does interpretability cost? Trains nothing that roar would not."""

import time

from experiments.artefacts import Store
from experiments.results import results
from experiments.roar import measure
from experiments.settings import Settings


def run(settings: Settings, store: Store, progress) -> dict:
    """Takes roar's measurements, made first where missing; returns `experiments.results.results`."""
    from experiments.roar_analysis import Numbers as Scores
    from experiments.tradeoff_analysis import Numbers
    from experiments.tradeoff_claims import Claims

    started = time.time()
    judged = [Claims(Numbers(Scores(measure(study, settings, store, progress)))) for study in settings.studies]
    return results(settings, judged, store, started)
