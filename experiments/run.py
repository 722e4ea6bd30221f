"""Runs one experiment and keeps its results."""

import contextlib
import importlib

from experiments.artefacts import NotStoredError, Store
from experiments.quiet import import_tensorflow
from experiments.results import is_whole, save
from experiments.settings import Settings
from experiments.work import missing_work


def run_experiment(settings: Settings, progress, stored_only: bool = False) -> None:
    """Writes an experiment's results, or nothing where nothing of it is stored.

    Args:
        settings: what to run.
        progress: told what is being done and how far it is.
        stored_only: compute nothing; results that are whole stay as they are, others are made again
            from the artefacts that are there.

    Raises:
        UsageError: something the user can mend stands in the way.
    """
    store = Store(settings.output_dir, stored_only)
    if stored_only and is_whole(store, settings.experiment):
        return
    if not stored_only and missing_work([settings], store):
        import_tensorflow()
    experiment = importlib.import_module(f"experiments.{settings.experiment}")
    with contextlib.suppress(NotStoredError):
        save(experiment.run(settings, store, progress), store)
