"""Runs what was asked for, one measurement after the other, the quickest first."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments import SECTIONS
from experiments.compute.strategy import distribution, is_chief
from experiments.compute.tensorflow_import import import_tensorflow
from experiments.errors import NotStoredError, PieceFailedError, UsageError
from experiments.measurement import pieces_of, run
from experiments.settings.run import Settings
from experiments.settings.studies import Study
from experiments.store.artefacts import Store

if TYPE_CHECKING:
    from experiments.store.values import Values


def run_all(
    chosen: Sequence[Settings], store: Store, progress, show: Callable[[Sequence[str]], None], given: Sequence[str] = ()
) -> list[str]:
    """Runs every measurement that can be run.

    Args:
        chosen: what to run.
        store: of the whole run.
        progress: told what is being done and how far it is.
        show: draws the pages of the values that there are; called with the names of the sections still to come before
            a measurement that has something to compute, and at the end.
        given: names of the settings that the command line gives; values that are only shown must have been measured
            with these.

    Returns:
        A sentence for each piece that failed, and for each measurement that could not be run.
    """
    from experiments.store.values import set_aside_damaged, stored

    store.progress, told = progress, []
    if not store.stored_only:
        set_aside_damaged(store.root, lambda sentence: print(sentence, file=sys.stderr))
        store.expected = missing(chosen, store)
        progress.expect(sum(store.expected.values()))
    finished = False

    def may_show(settings: Settings) -> bool:
        return bool(stored(store.root)) and is_chief(settings.strategy)

    for settings, waiting, cost in quickest_first(chosen, store):
        if finished and cost and not store.stored_only and may_show(settings):
            with contextlib.suppress(UsageError):  # what is there so far may say nothing yet
                show([*settings.sections, *waiting])
        try:
            told += run_one(settings, store, progress, given)
        except UsageError as error:  # what the other measurements give is worth having
            told.append(str(error))
            progress.stage(f"{', '.join(settings.sections)}: {error}")
        finished = True
    if may_show(chosen[0]):
        try:
            show([])
        except UsageError as error:
            told = told or [str(error)]  # why there is too little says more than that there is
    return list(dict.fromkeys(told))


def missing(chosen: Iterable[Settings], store: Store) -> dict[str, float]:
    """Network passes that the store does not spare these measurements, by artefact's folder."""
    pieces = (piece for settings in chosen for piece in pieces_of(settings, store))
    return {piece.key.folder: piece.cost for piece in pieces if piece.key not in store}


def missing_cost(chosen: Iterable[Settings], store: Store) -> float:
    """All that is missing; what they share counts once."""
    return sum(missing(chosen, store).values())


def quickest_first(chosen: Sequence[Settings], store: Store) -> Iterator[tuple[Settings, list[str], float]]:
    """Each run as its turn comes, with the names of sections still waiting and its own cost: least to do comes first.

    What one has made may leave little to do for another, so they are asked anew each time.
    """
    waiting = list(chosen)
    while waiting:
        costs = [missing_cost([settings], store) for settings in waiting]
        settings = waiting.pop(costs.index(min(costs)))
        later = {section for other in waiting for section in other.sections}
        yield settings, [name for name in SECTIONS if name in later], min(costs)


def run_one(settings: Settings, store: Store, progress, given: Sequence[str] = ()) -> list[str]:
    """Writes a measurement's values, or nothing where nothing of it is stored.

    Args:
        settings: what to run.
        store: of the whole run. One that makes nothing leaves values that are whole as they are, and makes others
            again from the artefacts that are there.
        progress: told what is being done and how far it is.
        given: as of `run_all`.

    Returns:
        A sentence for each piece that failed.

    Raises:
        UsageError: something the user can mend stands in the way.
    """
    from experiments.store.values import save

    if store.stored_only:
        studies = tuple(study for study in settings.studies if not _is_whole(study, settings.measurement, store, given))
        if not studies:
            return []
        settings = replace(settings, studies=studies)
    if not store.stored_only and missing_cost([settings], store):
        import_tensorflow()
        distribution(settings.strategy)  # workers have to find each other before anything is computed
    try:
        measured = run(settings, store, progress)
    except NotStoredError:
        return []
    except PieceFailedError as failure:
        return [f"{failure}."]
    if is_chief(settings.strategy):
        for values in measured:
            save(values, store.root)
    return [
        f"{entry['artefact']} failed: {entry['reason']}."
        for one in measured
        for entry in one.missing
        if entry["reason"]
    ]


def _is_whole(study: Study, measurement: str, store: Store, given: Sequence[str]) -> bool:
    """Whether values of this study are stored and nothing is missing from them.

    Raises:
        UsageError: they cannot be used, or were measured with other settings than those that the command line gives.
    """
    from experiments.store.values import load, path_of

    path = store.root / path_of(measurement, study.dataset)
    if not path.is_file():
        return False
    values = load(path)
    _refuse_others(study, values, store, given)
    return not values.missing


def _refuse_others(study: Study, values: "Values", store: Store, given: Sequence[str]) -> None:
    from experiments.store.values import plain

    asked, left_out = plain(study.as_dict()), values.words.get("left_out", {})
    if left_out:
        asked["attributions"] = [name for name in asked["attributions"] if name not in left_out]
    for name in given:
        if name in asked and asked[name] != values.settings.get(name):
            raise UsageError(
                f"--{name}: {store.root / values.path} was measured with {_typed(values.settings.get(name))}, not "
                f"{_typed(asked[name])}; leave the flag out, or name the --output_dir of the run that you mean."
            )


def _typed(value: Any) -> str:
    """A setting as it is typed."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
