"""Other runs whose numbers stand beside this one's: a second seed, a second machine, another attack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments import SECTIONS
from experiments.errors import UsageError
from experiments.store.values import Values, in_order, load, plain, stored
from reports.evidence.claim import NOT_TESTED, Claim, Estimate
from reports.evidence.statistics import combined
from reports.section import Judged, judge


@dataclass(frozen=True)
class OtherRun:
    """A section of another run.

    Attributes:
        folder: as on the command line.
        studies: what its values say now; none where it did not measure this section.
        differences: from this run's settings, sentences.
        pools: whether the two runs differ in their seed, and in nothing else.
    """

    folder: str
    studies: Sequence[Judged]
    differences: Sequence[str] = ()
    pools: bool = False

    def same(self, claim: Claim) -> Claim | None:
        """Its claim of the same id on the same data set."""
        candidates = (other for judged in self.studies for other in judged.claims)
        return next((other for other in candidates if (other.dataset, other.id) == (claim.dataset, claim.id)), None)

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(judged.values.settings["seed"] for judged in self.studies)


def check_comparisons(folders: Sequence[str]) -> None:
    """Refuses folders without values.

    Raises:
        UsageError: a folder holds no values, or some that cannot be used.
    """
    for folder in folders:
        if not values_of(Path(folder)):
            raise UsageError(f"--compare: {folder} holds no values; name the --output_dir of a finished run.")


def values_of(folder: Path) -> list[Values]:
    """All that an output folder holds.

    Raises:
        UsageError: a file cannot be used.
    """
    return in_order(map(load, stored(folder)))


def other_runs(folders: Sequence[str], section: str, ours: Sequence[Judged]) -> list[OtherRun]:
    """A section in other runs, judged now from their values. A run that did not measure it appears with nothing."""
    return [_other_run(folder, section, [judged.values for judged in ours]) for folder in folders]


def _other_run(folder: str, section: str, ours: Sequence[Values]) -> OtherRun:
    measurement = SECTIONS[section].measurement
    theirs = [values for values in values_of(Path(folder)) if values.measurement == measurement]
    studies = judge(section, theirs)
    return OtherRun(folder, studies, list(_differences(ours, theirs)) if theirs else [], _pools(ours, theirs))


def _pools(ours: Sequence[Values], theirs: Sequence[Values]) -> bool:
    """Whether two runs differ in their seed, and in nothing else."""
    own, other = ([plain(values.settings) for values in run] for run in (ours, theirs))
    if len(own) != len(other):
        return False
    seeds = [[settings.pop("seed") for settings in run] for run in (own, other)]
    return own == other and all(a != b for a, b in zip(*seeds, strict=True))


@dataclass(frozen=True)
class Compared:
    """A claim beside the same one of other runs.

    Attributes:
        claim: this run's.
        others: of each other run; None where it has none.
        pooled: an estimate over the trainings of this run and of those that differ in their seed alone; no verdict, as
            it was not planned.
    """

    claim: Claim
    others: Sequence[Claim | None]
    pooled: Estimate | None


def compared(claim: Claim, others: Sequence[OtherRun]) -> Compared:
    """A claim with the same one in other runs, and pooled with those that differ in their seed alone."""
    same = [other.same(claim) for other in others]
    # A run named twice counts once.
    seeds = {other.seeds: found for other, found in zip(others, same, strict=True) if found and other.pools}
    return Compared(claim, same, pooled([claim, *seeds.values()]) if seeds else None)


def pooled(claims: Sequence[Claim]) -> Estimate | None:
    """An effect over the trainings of several runs; None where one did not test it, or not by Student's test."""
    if any(claim.verdict == NOT_TESTED or claim.own_test for claim in claims):
        return None
    by_training = tuple(effect for claim in claims for effect in claim.by_training)
    return combined(by_training, float(np.mean([claim.image_error for claim in claims])))


def _differences(ours: Sequence[Values], theirs: Sequence[Values]) -> Iterator[str]:
    """Settings of studies on the same data set that are not equal: sentences."""
    there = {values.dataset: plain(values.settings) for values in theirs}
    for values in ours:
        if values.dataset not in there:
            yield f"has no {values.dataset}"
            continue
        for name, value in plain(values.settings).items():
            other = there[values.dataset].get(name)
            if other != value:
                yield f"{values.dataset}: --{name} is {other} there, {value} here"
