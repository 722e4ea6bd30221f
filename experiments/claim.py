"""What a claim is, and the one rule that judges it."""

import math
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

SUPPORTED, CONTRADICTED, INCONCLUSIVE = "supported", "contradicted", "inconclusive"


class Estimate(NamedTuple):
    """A number with its 95 % interval; the interval is None where n is too small for one."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Claim:
    """A statement about the sign of an effect, and what was measured of it.

    Attributes:
        id: the same in every run, so that runs can be compared.
        statement: what is claimed.
        section: of the paper.
        paper: what the paper found, or that it did not look.
        check: whether this is a check of our own rather than a claim of the paper's.
        measured: the effect; None where it does not exist.
        ci_low, ci_high: its 95 % interval; None where n is too small for one.
        n: number of units resampled.
        unit: what was resampled, in words.
        positive: whether the claim is that the effect lies above zero.
        verdict: what the interval says of it.
    """

    id: str
    statement: str
    section: str
    paper: str
    check: bool
    measured: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    unit: str
    positive: bool
    verdict: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def judged(
    estimate: Estimate,
    *,
    id: str,
    statement: str,
    section: str,
    n: int,
    unit: str,
    paper: str = "not examined",
    check: bool = False,
    positive: bool = True,
) -> Claim:
    """A claim with its verdict. An estimate that is no number, or has no interval, decides nothing."""
    known = math.isfinite(estimate.value)
    low, high = (estimate.low, estimate.high) if known else (None, None)
    measured = estimate.value if known else None
    return Claim(
        id, statement, section, paper, check, measured, low, high, n, unit, positive, verdict(low, high, positive)
    )


def verdict(low: float | None, high: float | None, positive: bool = True) -> str:
    """Supported if the whole interval lies on the claimed side of zero, contradicted if on the other."""
    if low is None or high is None:
        return INCONCLUSIVE
    if not positive:
        low, high = -high, -low
    return SUPPORTED if low > 0 else CONTRADICTED if high < 0 else INCONCLUSIVE
