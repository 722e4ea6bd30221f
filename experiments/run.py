"""Runs one experiment and keeps its results."""

import importlib

from experiments.artefacts import Store
from experiments.errors import CellFailedError, NotStoredError
from experiments.quiet import import_tensorflow
from experiments.results import failures, is_whole, save
from experiments.settings import Settings
from experiments.strategy import distribution, is_chief
from experiments.work import missing_work


def run_experiment(settings: Settings, store: Store, progress) -> list[str]:
    """Writes an experiment's results, or nothing where nothing of it is stored.

    Args:
        settings: what to run.
        store: of the whole run. One that makes nothing leaves results that are whole as they are, and
            makes others again from the artefacts that are there.
        progress: told what is being done and how far it is.

    Returns:
        A sentence for each piece that failed.

    Raises:
        UsageError: something the user can mend stands in the way.
    """
    if store.stored_only and is_whole(store, settings.experiment):
        return []
    if not store.stored_only and missing_work([settings], store):
        import_tensorflow()
        distribution(settings.strategy)  # workers have to find each other before anything is computed
    store.used = {}
    experiment = importlib.import_module(f"experiments.{settings.experiment}")
    try:
        results = experiment.run(settings, store, progress)
    except NotStoredError:
        return []
    except CellFailedError as failure:
        return [f"{failure}."]
    if is_chief(settings.strategy):
        save(results, store)
    return failures(results)
