"""A measurement: what one kind of study measures, and the one way to run one."""

import importlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.compute.executor import gather
from experiments.data import SOURCES, Dataset, Fingerprint, fingerprint, load_dataset, unlike_published
from experiments.errors import AbsentError, NotStoredError, PieceFailedError
from experiments.piece import Piece
from experiments.settings.run import Settings
from experiments.settings.studies import ImageStudy, Study
from experiments.store.artefacts import Store
from experiments.store.designs import declare, declared
from experiments.store.fingerprints import remember, remembered
from experiments.store.provenance import provenance

if TYPE_CHECKING:
    import xarray

    from experiments.store.values import Values


class Measured(NamedTuple):
    """What a study's pieces gave.

    Attributes:
        study: what was run.
        values: by the pieces' names.
        seconds: that they took, by the pieces' names.
        missing: what could not be had, and why.
        left_out: attributions of `all` that the study is without, as they do not fit the network, and why.
    """

    study: Any
    values: Mapping[Any, Any]
    seconds: Mapping[Any, float] = {}
    missing: Sequence[AbsentError] = ()
    left_out: Mapping[str, str] = {}


@dataclass(frozen=True)
class Measurement:
    """A folder of `experiments/`: study.py, keys.py, runner.py, pieces.py, and values.py, which labels what they gave.

    Attributes:
        name: of the folder.
        study: the kind of its studies.
        pieces: everything that a study consists of, in the order to do it.
    """

    name: str
    study: type[Study]
    pieces: Callable[[Any, Fingerprint], Iterable[Piece]]

    def runner(self, study: Study, settings: Settings, store: Store, progress) -> Any:
        """What the pieces' tasks are given; has `study`, `settings`, `store` and `progress`."""
        return self._module("runner").RUNNER(study, settings, store, progress)

    def arrays(self, measured: Measured) -> "tuple[xarray.Dataset, dict[str, Any]] | None":
        """The labelled arrays, and what names in them mean; None where too little was measured to say anything."""
        return self._module("values").labelled(measured)

    def _module(self, file: str):
        """Loaded when it is needed: a plan runs nothing."""
        return importlib.import_module(f"experiments.{self.name}.{file}")


def measurement_named(name: str) -> Measurement:
    """The measurement in a folder of that name."""
    return importlib.import_module(f"experiments.{name}.measurement").MEASUREMENT


def pieces_of(settings: Settings, store: Store) -> list[Piece]:
    """Of all studies."""
    known = measurement_named(settings.measurement)
    return [
        piece for study in settings.studies for piece in known.pieces(study, fingerprint_of(study, settings, store))
    ]


def measure(study: Study, settings: Settings, store: Store, progress) -> Measured:
    """The values of a study's pieces, computed where the store does not have them."""
    known, left_out = measurement_named(settings.measurement), {}
    runner = known.runner(study, settings, store, progress)
    everything = list(known.pieces(study, fingerprint_of(study, settings, store)))
    if not store.stored_only:
        declare(store.root, settings.measurement, study)
    if not store.stored_only and any(piece.key not in store for piece in everything if piece.task):
        left_out = runner.check()
    if left_out:
        runner = runner.without(left_out)
        whole, everything = everything, list(known.pieces(runner.study, runner.fingerprint))
        for folder in {piece.key.folder for piece in whole} - {piece.key.folder for piece in everything}:
            progress.advance(store.expected.pop(folder, 0))
    pieces = [piece for piece in everything if piece.task]
    values: dict[Any, Any] = {}
    missing: list[AbsentError] = []
    for side_by_side, jobs in ((False, 1), (True, settings.jobs)):
        tasks = {piece.name: piece.task for piece in pieces if piece.task and piece.side_by_side == side_by_side}
        made, absent = gather(runner, tasks, jobs)
        values |= made
        missing += absent
    for piece in everything:  # trainings whose measurements were stored were not fetched
        store.note(piece.key)
    seconds = {
        piece.name: store.used[piece.key.folder]["seconds"] for piece in everything if piece.key.folder in store.used
    }
    return Measured(runner.study, values, seconds, missing, left_out)


def run(settings: Settings, store: Store, progress) -> "list[Values]":
    """Measures whatever the store lacks, and gives what each study measured.

    Raises:
        NotStoredError: there is nothing at all to show.
        PieceFailedError: there is nothing because everything failed.
    """
    from experiments.store.values import Values  # --help and --plan need no arrays

    started, found = time.monotonic(), []
    missing: list[AbsentError] = []
    for study in settings.studies:
        store.used = {}
        measured = measure(study, settings, store, progress)
        missing += measured.missing
        labelled = measurement_named(settings.measurement).arrays(measured)
        if labelled is None:
            continue
        arrays, words = labelled
        found.append(
            Values(
                measurement=settings.measurement,
                dataset=study.dataset,
                sections=settings.sections,
                preset=settings.preset,
                settings=measured.study.as_dict(),
                words={**words, "left_out": measured.left_out},
                images=unlike_published(study.dataset, fingerprint_of(study, settings, store)),
                provenance=provenance(time.monotonic() - started),
                declared=declared(store.root, settings.measurement, study),
                missing=_once(measured.missing),
                artefacts=store.used,
                arrays=arrays,
            )
        )
    if not found:
        reasons = [absence.reason for absence in missing if absence.reason]
        name = ", ".join(settings.sections)
        raise PieceFailedError(name, reasons[0]) if reasons else NotStoredError(name)
    return found


def _once(absent: Sequence[AbsentError]) -> list[dict[str, str]]:
    """Each artefact once, however many pieces want it."""
    reasons = {absence.artefact: absence.reason for absence in absent}
    return [{"artefact": name, "reason": reason} for name, reason in reasons.items()]


def data_of(study: ImageStudy, settings: Settings, training: int = 0) -> Dataset:
    """The images of one of a study's trainings."""
    return load_dataset(*_images(study, settings), training)


def _images(study: ImageStudy, settings: Settings) -> tuple[str, int, int, int, str | None]:
    return study.dataset, study.train_size, study.test_size, study.seed, settings.data_dir


def fingerprint_of(study: Study, settings: Settings, store: Store) -> Fingerprint:
    """Of the study's data; where nothing may be computed, as it was when something was."""
    if not isinstance(study, ImageStudy):
        return Fingerprint()
    choice = _images(study, settings)
    if store.stored_only:
        return remembered(store, choice) or _unknown(study)
    found = fingerprint(*choice, study.training_seeds)
    remember(store, choice, found)
    return found


def _unknown(study: ImageStudy) -> Fingerprint:
    """Nothing was made of this data yet: no artefact can be found, but of data sets that are known work can be told."""
    source = SOURCES.get(study.dataset)
    train, test = (source.train_images, source.test_images) if source else (0, 0)
    return Fingerprint(
        train_images=study.train_size or train, test_images=study.test_size or test, whole_train_images=train
    )
