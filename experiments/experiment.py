"""What an experiment is, and the one way to run one."""

import importlib
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from experiments.claim import Claim
from experiments.compute.executor import gather
from experiments.data import SOURCES, Fingerprint, fingerprint, unlike_published
from experiments.errors import AbsentError, NotStoredError, PieceFailedError
from experiments.piece import Piece
from experiments.settings.run import Settings
from experiments.settings.studies import ImageStudy, Study
from experiments.store.artefacts import Store
from experiments.store.fingerprints import remember, remembered
from experiments.store.provenance import provenance
from experiments.store.results import Results, images_of

if TYPE_CHECKING:
    import numpy as np

S = TypeVar("S", bound=Study)


@dataclass(frozen=True)
class Measured(Generic[S]):
    """What a study's pieces gave.

    Attributes:
        study: what was run.
        values: by the pieces' names.
        missing: what could not be had, and why.
    """

    study: S
    values: Mapping[Any, Any]
    missing: Sequence[AbsentError] = ()


@dataclass(frozen=True)
class Findings:
    """What an analysis makes of a study: plain JSON values, and arrays.

    Attributes:
        tables: as `experiments.store.results.table` makes them.
        claims: judged.
        alerts: sentences, what to know before believing the numbers.
        pictures: arrays that the report draws, by name; "<data set>/...".
    """

    tables: list[dict[str, Any]]
    claims: list[Claim]
    alerts: list[str]
    pictures: dict[str, "np.ndarray"]


class Experiment(ABC, Generic[S]):
    """A section of the paper. Its folder has the study, pieces, analysis and claims, and a runner where it computes.

    Attributes:
        name: of the folder and on the command line.
        section: of the paper.
        title: of its page.
        study: the kind of its studies.
    """

    name: ClassVar[str]
    section: ClassVar[str]
    title: ClassVar[str]
    study: type[S]

    @abstractmethod
    def pieces(self, study: S, data: Fingerprint) -> Iterable[Piece]:
        """Everything that a study consists of, in the order to do it. Loads no TensorFlow."""

    @abstractmethod
    def runner(self, study: S, settings: Settings[S], store: Store, progress) -> Any:
        """What has the methods that the pieces' tasks name, and `study`, `settings`, `store` and `progress`."""

    @abstractmethod
    def findings(self, measured: Measured[S]) -> Findings | None:
        """Tables, claims and pictures; None where too little was measured to say anything."""

    def all_pieces(self, settings: Settings[S], store: Store) -> list[Piece]:
        """Of all studies."""
        return [
            piece for study in settings.studies for piece in self.pieces(study, fingerprint_of(study, settings, store))
        ]

    def measure(self, study: S, settings: Settings[S], store: Store, progress) -> Measured[S]:
        """The values of a study's pieces, computed where the store does not have them."""
        runner = self.runner(study, settings, store, progress)
        pieces = [piece for piece in self.pieces(study, fingerprint_of(study, settings, store)) if piece.task]
        if not store.stored_only and any(piece.key not in store for piece in pieces):
            runner.check()
        values: dict[Any, Any] = {}
        missing: list[AbsentError] = []
        for side_by_side, jobs in ((False, 1), (True, settings.jobs)):
            tasks = {piece.name: piece.task for piece in pieces if piece.task and piece.side_by_side == side_by_side}
            made, absent = gather(runner, tasks, jobs)
            values |= made
            missing += absent
        return Measured(study, values, missing)

    def run(self, settings: Settings[S], store: Store, progress) -> Results:
        """Measures whatever the store lacks, analyses it, and says what came of it.

        Raises:
            NotStoredError: there is nothing at all to show.
            PieceFailedError: there is nothing because everything failed.
        """
        from experiments.correction import judged_together  # SciPy is not needed for --help and --plan

        started = time.time()
        measured = [self.measure(study, settings, store, progress) for study in settings.studies]
        found = {study.study.dataset: self.findings(study) for study in measured}
        told = {dataset: findings for dataset, findings in found.items() if findings}
        missing = {study.study.dataset: study.missing for study in measured}
        if not told:
            reasons = [absence.reason for absent in missing.values() for absence in absent if absence.reason]
            raise PieceFailedError(self.name, reasons[0]) if reasons else NotStoredError(self.name)
        for piece in self.all_pieces(settings, store):  # trainings whose measurements were stored were not fetched
            store.note(piece.key)
        claims = [claim for findings in told.values() for claim in findings.claims]
        data = {
            images_of(study.dataset): unlike_published(study.dataset, fingerprint_of(study, settings, store))
            for study in settings.studies
        }
        return Results(
            experiment=self.name,
            settings=settings.as_dict(),
            provenance={**provenance(started), **{name: words for name, words in data.items() if words}},
            tables=[table for findings in told.values() for table in findings.tables],
            claims=[claim.as_dict() for claim in judged_together(claims)],
            missing=[row for dataset in told for row in _missing(dataset, missing[dataset])],
            artefacts=store.used,
            alerts=[{"dataset": name, "text": text} for name, findings in told.items() for text in findings.alerts],
            pictures={name: array for findings in told.values() for name, array in findings.pictures.items()},
        )


def _missing(dataset: str, absent: Sequence[AbsentError]) -> list[dict[str, str]]:
    """Each artefact once, however many pieces want it."""
    reasons = {absence.artefact: absence.reason for absence in absent}
    return [{"dataset": dataset, "artefact": name, "reason": reason} for name, reason in reasons.items()]


def experiment_named(name: str) -> Experiment[Any]:
    """The experiment in a folder of that name."""
    return importlib.import_module(f"experiments.{name}").EXPERIMENT


def fingerprint_of(study: Study, settings: Settings, store: Store) -> Fingerprint:
    """Of the study's data; where nothing may be computed, as it was when something was."""
    if not isinstance(study, ImageStudy):
        return Fingerprint()
    choice = (study.dataset, study.train_size, study.test_size, study.seed, settings.data_dir)
    if store.stored_only:
        return remembered(store, choice) or _unknown(study)
    found = fingerprint(*choice)
    remember(store, choice, found)
    return found


def _unknown(study: ImageStudy) -> Fingerprint:
    """Nothing was made of this data yet: no artefact can be found, but of data sets that are known work can be told."""
    source = SOURCES.get(study.dataset)
    train, test = (source.train_images, source.test_images) if source else (0, 0)
    return Fingerprint(
        train_images=study.train_size or train, test_images=study.test_size or test, whole_train_images=train
    )
