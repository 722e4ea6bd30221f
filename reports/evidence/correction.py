"""Applies Holm's correction across a run's registered claims."""

from collections.abc import Sequence
from dataclasses import replace

from reports.evidence.claim import LEVEL, Claim, corrected
from reports.evidence.registered import family
from reports.evidence.statistics import detectable


def judged_together(claims: Sequence[Claim]) -> list[Claim]:
    """A run's claims, the registered ones after Holm's correction, and what would have been found after it."""
    count = family(claims)
    return [found_among(claim, count) if claim.primary else claim for claim in corrected(claims, count)]


def found_among(claim: Claim, count: int) -> Claim:
    """A claim with the effect that would have been found of it as the first of so many that are corrected for."""
    if claim.detectable is None:
        return claim
    least = None if claim.own_test else detectable(claim.by_training, claim.image_error, LEVEL / count)
    return replace(claim, detectable=least)
