"""Applies Holm's correction to the registered claims of a data set."""

from collections.abc import Sequence
from dataclasses import replace

from reports.evidence.claim import INCONCLUSIVE, LEVEL, Claim, corrected
from reports.evidence.registered import family
from reports.evidence.statistics import detectable, trainings_needed

MOST_TRAININGS = 1000
"""More are not counted: nobody trains so many."""


def judged_together(claims: Sequence[Claim], looks: int = 1) -> list[Claim]:
    """A data set's claims, the registered ones after Holm's correction, and what would be found after it.

    looks: how often the study is judged; the level is split equally over them.
    """
    count = family(claims)
    together = corrected(claims, count, looks)
    return [found_among(claim, count * looks) if claim.primary else claim for claim in together]


def found_among(claim: Claim, count: int) -> Claim:
    """A claim with what would be found of it as the first of so many that are corrected for."""
    if claim.detectable is None or claim.own_test:
        return replace(claim, detectable=None)
    level = LEVEL / count
    least = detectable(claim.by_training, claim.image_error, level)
    return replace(claim, detectable=least, needed=_needed(claim, level) if claim.verdict == INCONCLUSIVE else "")


def _needed(claim: Claim, level: float) -> str:
    """What it takes to find an effect of the measured size, in words."""
    if not claim.measured:
        return ""
    trainings = trainings_needed(claim.by_training, claim.image_error, level, MOST_TRAININGS)
    if trainings is not None:
        return f"{trainings} trainings"
    if trainings_needed(claim.by_training, 0.0, level, MOST_TRAININGS) is not None:
        return "more test images: with these no number of trainings is enough"
    return f"more than {MOST_TRAININGS:,} trainings"
