"""The claims of Section 2.2, judged, and what a reader must know before believing them."""

from collections.abc import Iterator

from experiments.boundary.analysis import Boundaries, over_seeds
from experiments.boundary.study import STANDARD, STRONG, WEAK
from experiments.claim import Claim, Estimate, judged
from experiments.settings.presets import protocol_study

CONVERGED = 0.99
"""Clean accuracy below which a training of this separable toy has not converged."""


def claims(found: Boundaries) -> list[Claim]:
    """All claims of the study."""
    return [
        *_standard(found),
        *_falls(found, "tilt", "tilt of the boundary", "degrees", "part of the tilt is gone", "no tilt is left"),
        *_falls(
            found,
            "low_variance_share",
            "share of the mean perturbation along the low-variance direction",
            "share",
            "the arrow turns towards the other class",
            "the arrow points at the other class",
        ),
        *_falls(
            found,
            "mahalanobis",
            "distance of attacked points to the other class",
            "Mahalanobis distance",
            "closer",
            "attacked points land on the other class",
        ),
    ]


def _standard(found: Boundaries) -> Iterator[Claim]:
    standard = found.strengths.get(STANDARD)
    if standard:
        yield _claim(
            found,
            "tilted",
            "The standard network's boundary is tilted along the low-variance direction",
            "yes, by eye",
            over_seeds(standard["tilt"]),
            "tilt in degrees, above 0 towards that direction",
        )
        yield _claim(
            found,
            "leaves-the-data",
            "Attacked points of the standard network leave the data",
            "yes, by eye",
            over_seeds(standard["mahalanobis"] - standard["own_mahalanobis"]),
            "Mahalanobis distance to the other class, attacked points minus that class's own",
        )


def _falls(
    found: Boundaries, measure: str, what: str, unit: str, weak_finding: str, strong_finding: str
) -> Iterator[Claim]:
    for name, verb, before, after, finding in (
        ("weak", "Weak adversarial training lowers", STANDARD, WEAK, weak_finding),
        ("strong", "Strong adversarial training lowers further", WEAK, STRONG, strong_finding),
    ):
        estimate = found.fall(measure, before, after)
        if estimate is not None:
            of = f"{unit}, eps {before:g} minus eps {after:g}"
            yield _claim(found, f"{name}-{measure}", f"{verb} the {what}", f"yes, by eye: {finding}", estimate, of)


def _claim(found: Boundaries, name: str, statement: str, paper: str, estimate: Estimate, of: str) -> Claim:
    return judged(
        estimate,
        id=f"{found.study.dataset}/boundary-{name}",
        statement=statement,
        section="2.2",
        paper=paper,
        n=found.study.toy_seeds,
        unit=f"{of}; seeds resampled",
    )


def alerts(found: Boundaries) -> list[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    return list(_alerts(found))


def _alerts(found: Boundaries) -> Iterator[str]:
    study, protocol = found.study, protocol_study("boundary", found.study.dataset)
    if any(study.value(name) != protocol.value(name) for name in ("toy_points", "toy_epochs")):
        yield (
            f"Not the paper's scale: {study.toy_points} points per class and {study.toy_epochs} epochs; "
            f"there {protocol.value('toy_points')} and {protocol.value('toy_epochs')}."
        )
    if study.toy_seeds < 5:
        yield f"{study.toy_seeds} seeds: intervals over so few understate how much trainings vary."
    for eps, arrays in found.strengths.items():
        if arrays["clean"].min() < CONVERGED:
            yield (
                f"eps {eps:g}: a network is right on only {arrays['clean'].min():.1%} of clean points, "
                "though the classes can be separated."
            )
