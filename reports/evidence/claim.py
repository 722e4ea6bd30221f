"""What a claim is, and the one rule that judges it."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

SUPPORTED, CONTRADICTED, INCONCLUSIVE, NOT_TESTED = "supported", "contradicted", "inconclusive", "not tested"
DECIDED = (SUPPORTED, CONTRADICTED)
VERDICTS = (SUPPORTED, INCONCLUSIVE, CONTRADICTED, NOT_TESTED)
LEVEL = 0.05


class Estimate(NamedTuple):
    """A number with its 95 % interval.

    Attributes:
        value: the number; NaN where it does not exist.
        low, high: the interval; None where there is none.
        p: two-sided, of the number being 0; None where nothing says how trainings differ.
        detectable: the smallest effect that would have been found in 80 % of such runs.
        by_training: the number in each training.
        image_error: what the choice of test images adds to its standard error.
        own_test: whether p, or the interval, is of another test than Student's over trainings.
    """

    value: float
    low: float | None
    high: float | None
    p: float | None = None
    detectable: float | None = None
    by_training: tuple[float, ...] = ()
    image_error: float = 0.0
    own_test: bool = False


UNKNOWN = Estimate(math.nan, None, None)


@dataclass(frozen=True)
class Claim:
    """A statement about the sign of an effect, and what was measured of it.

    Attributes:
        dataset: on which it was measured.
        id: among the data set's claims the same in every run, so that runs can be compared.
        statement: what is claimed.
        section: of the paper.
        paper: what the paper found of the same effect, or that it did not look.
        check: whether this is a check of our own rather than a claim of the paper's.
        primary: whether it is on the registered list (`reports/evidence/registered.py`).
        measured: the effect; None where it does not exist.
        ci_low, ci_high: its 95 % interval; None where there is none.
        p: two-sided, of no effect, at the look that gave the verdict; of a primary claim after Holm's correction over
            the claims registered for the data set, times the number of looks.
        detectable: the smallest effect that this run would have found; of a primary claim at the level of Holm's first
            step at one of the looks.
        needed: with how many trainings 80 % of such runs would find an effect of the measured size, or what else it
            takes, in words; "" where the claim is not open.
        look: number of trainings at the look that decided it, else at the last look that was reached; None where there
            was none.
        n: number of trainings behind the measured effect.
        unit: what was measured and resampled, in words.
        positive: whether the claim is that the effect lies above zero.
        premise: without which the claim says nothing, in words.
        reason: why it is not tested.
        by_training, image_error, own_test: as of `Estimate`, by which runs are pooled, or are not.
        verdict: what all that says.
    """

    dataset: str
    id: str
    statement: str
    section: str
    paper: str
    check: bool
    primary: bool
    measured: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    detectable: float | None
    needed: str
    look: int | None
    n: int
    unit: str
    positive: bool
    premise: str
    reason: str
    by_training: tuple[float, ...]
    image_error: float
    own_test: bool
    verdict: str

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "by_training": list(self.by_training)}

    @property
    def estimate(self) -> Estimate:
        """The effect with its interval."""
        return UNKNOWN if self.measured is None else Estimate(self.measured, self.ci_low, self.ci_high)


def judged(
    estimate: Estimate,
    *,
    dataset: str,
    id: str,
    statement: str,
    section: str,
    unit: str,
    paper: str = "not examined",
    check: bool = False,
    primary: bool = False,
    positive: bool = True,
    premise: str = "",
    reason: str = "",
) -> Claim:
    """A claim with its verdict; a reason says why nothing could be decided, whatever was measured."""
    known = math.isfinite(estimate.value)
    if not known:
        reason = reason or "the effect does not exist in this run"
    elif estimate.p is None and len(estimate.by_training) > 1:
        reason = reason or "all trainings gave the same number, and nothing says how others would differ"
    elif estimate.p is None:
        reason = reason or "one training: the numbers are about these networks, nothing says how another would differ"
    claim = Claim(
        dataset=dataset,
        id=id,
        statement=statement,
        section=section,
        paper=paper,
        check=check,
        primary=primary,
        measured=float(estimate.value) if known else None,
        ci_low=estimate.low if known else None,
        ci_high=estimate.high if known else None,
        p=estimate.p if known else None,
        detectable=estimate.detectable if known else None,
        needed="",
        look=None,
        n=len(estimate.by_training),
        unit=unit,
        positive=positive,
        premise=premise,
        reason=reason,
        by_training=estimate.by_training,
        image_error=estimate.image_error,
        own_test=estimate.own_test,
        verdict="",
    )
    return replace(claim, verdict=verdict(claim))


def verdict(claim: Claim) -> str:
    """Not tested for a reason; supported or contradicted where p is below 5 %, by the effect's side of zero."""
    if claim.reason or claim.p is None or claim.measured is None:
        return NOT_TESTED
    if claim.p >= LEVEL or claim.measured == 0:
        return INCONCLUSIVE
    return SUPPORTED if (claim.measured > 0) == claim.positive else CONTRADICTED


def corrected(claims: Sequence[Claim], family: int = 0, looks: int = 1) -> list[Claim]:
    """The claims with Holm's correction over the primary ones that were tested, judged again.

    family: how many hypotheses there are, the others of which are counted as not rejected: a section's verdicts then
        do not depend on which others were run. At least as many as were tested.
    looks: how often the study is judged; the level is split equally over them.
    """
    again = iter(adjusted([claim for claim in claims if claim.primary], family, looks))
    return [next(again) if claim.primary else claim for claim in claims]


def adjusted(claims: Sequence[Claim], family: int = 0, looks: int = 1) -> list[Claim]:
    """The claims with Holm's correction over all that were tested, judged again; family and looks as of `corrected`."""
    tested = [claim.verdict != NOT_TESTED for claim in claims]
    found = iter(holm([claim.p or 0.0 for claim, counts in zip(claims, tested, strict=True) if counts], family))
    again = [
        replace(claim, p=min(1.0, looks * next(found))) if counts else claim
        for claim, counts in zip(claims, tested, strict=True)
    ]
    return [replace(claim, verdict=verdict(claim)) for claim in again]


def holm(probabilities: Sequence[float], family: int = 0) -> list[float]:
    """Holm's (1979) adjusted p of each of several tests: the error of any of them stays below the level.

    family: of how many tests these are some, if of more; the others are taken to have a p of 1.
    """
    order = sorted(range(len(probabilities)), key=lambda index: probabilities[index])
    count = max(family, len(probabilities))
    adjusted, highest = [0.0] * len(probabilities), 0.0
    for place, index in enumerate(order):
        highest = max(highest, min(1.0, (count - place) * probabilities[index]))
        adjusted[index] = highest
    return adjusted
