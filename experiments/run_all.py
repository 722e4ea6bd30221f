"""Runs what was asked for, one experiment after the other, the quickest first."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

from experiments.compute.strategy import distribution, is_chief
from experiments.compute.tensorflow_import import import_tensorflow
from experiments.errors import NotStoredError, PieceFailedError, UsageError
from experiments.experiment import experiment_named
from experiments.settings.run import Settings
from experiments.store.artefacts import Store
from experiments.store.results import any_results, failures, is_whole, save, set_aside_damaged


def run_all(chosen: Sequence[Settings], store: Store, progress, show: Callable[[Sequence[str]], None]) -> list[str]:
    """Runs every experiment that can be run.

    Args:
        chosen: what to run.
        store: of the whole run.
        progress: told what is being done and how far it is.
        show: draws the results that there are; called with the names of the experiments still to come before one
            that has something to compute, and at the end.

    Returns:
        A sentence for each piece that failed, and for each experiment that could not be run.
    """
    store.progress, told = progress, []
    set_aside_damaged(store, lambda sentence: print(sentence, file=sys.stderr))
    if not store.stored_only:
        store.expected = missing(chosen, store)
        progress.expect(sum(store.expected.values()))
    finished = False
    for settings, waiting, cost in quickest_first(chosen, store):
        if finished and cost and not store.stored_only and _may_show(settings, store):
            show([settings.experiment, *waiting])
        try:
            told += run_one(settings, store, progress)
        except UsageError as error:  # what the other experiments give is worth having
            told.append(str(error))
            progress.stage(f"{settings.experiment}: {error}")
        finished = True
    if _may_show(chosen[0], store):
        show([])
    return list(dict.fromkeys(told))


def missing(chosen: Iterable[Settings], store: Store) -> dict[str, float]:
    """Network passes that the store does not spare these experiments, by artefact's folder."""
    pieces = (
        piece for settings in chosen for piece in experiment_named(settings.experiment).all_pieces(settings, store)
    )
    return {piece.key.folder: piece.cost for piece in pieces if piece.key not in store}


def missing_cost(chosen: Iterable[Settings], store: Store) -> float:
    """All that is missing; what they share counts once."""
    return sum(missing(chosen, store).values())


def _may_show(settings: Settings, store: Store) -> bool:
    return any_results(store) and is_chief(settings.strategy)


def quickest_first(chosen: Sequence[Settings], store: Store) -> Iterator[tuple[Settings, list[str], float]]:
    """Each run as its turn comes, with the names of those still waiting and its own cost: least to do comes first.

    What one has made may leave little to do for another, so they are asked anew each time.
    """
    waiting = list(chosen)
    while waiting:
        costs = [missing_cost([settings], store) for settings in waiting]
        settings = waiting.pop(costs.index(min(costs)))
        yield settings, [other.experiment for other in waiting], min(costs)


def run_one(settings: Settings, store: Store, progress) -> list[str]:
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
    if not store.stored_only and missing_cost([settings], store):
        import_tensorflow()
        distribution(settings.strategy)  # workers have to find each other before anything is computed
    store.used = {}
    try:
        results = experiment_named(settings.experiment).run(settings, store, progress)
    except NotStoredError:
        return []
    except PieceFailedError as failure:
        return [f"{failure}."]
    if is_chief(settings.strategy):
        save(results, store)
    return failures(results)
