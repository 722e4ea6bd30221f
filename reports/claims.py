"""What a claim is, and the one rule that judges it."""

from dataclasses import asdict, dataclass

SUPPORTED, CONTRADICTED, INCONCLUSIVE = "supported", "contradicted", "inconclusive"


@dataclass(frozen=True)
class Claim:
    """A statement about the sign of an effect, and what was measured of it.

    Attributes:
        id: the same in every run, so that runs can be compared.
        statement: what is claimed.
        section: of the paper.
        paper: what the paper found, or that it did not look.
        measured: the effect.
        ci_low, ci_high: its 95 % interval; None where n is too small for one.
        n: number of units resampled.
        unit: what was resampled, in words.
        positive: whether the claim is that the effect lies above zero.
    """

    id: str
    statement: str
    section: str
    paper: str
    measured: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    unit: str
    positive: bool = True

    @property
    def verdict(self) -> str:
        return verdict(self.ci_low, self.ci_high, self.positive)

    def as_dict(self) -> dict:
        return {**asdict(self), "verdict": self.verdict}


def verdict(low: float | None, high: float | None, positive: bool = True) -> str:
    """Supported if the whole interval lies on the claimed side of zero, contradicted if on the other."""
    if low is None or high is None:
        return INCONCLUSIVE
    if not positive:
        low, high = -high, -low
    return SUPPORTED if low > 0 else CONTRADICTED if high < 0 else INCONCLUSIVE
