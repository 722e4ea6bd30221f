"""The claims of a run judged together, as what was tested beside them bids."""

from collections.abc import Sequence
from dataclasses import replace

from experiments.claim import LEVEL, Claim, corrected
from experiments.paper import family
from experiments.statistics import detectable


def judged_together(claims: Sequence[Claim]) -> list[Claim]:
    """A run's claims, the registered ones after Holm's correction, and what would have been found after it."""
    count = family(claims)

    def found_after(claim: Claim) -> Claim:
        if not claim.primary or claim.detectable is None:
            return claim
        level = LEVEL / count  # of the first of the list, which has to be found before any other
        least = None if claim.own_test else detectable(claim.by_training, claim.image_error, level)
        return replace(claim, detectable=least)

    return [found_after(claim) for claim in corrected(claims, count)]
