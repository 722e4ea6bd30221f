"""The claims of Section 2.2, judged, and what a reader must know before believing them."""

from collections.abc import Iterator

import numpy as np

from experiments.boundary.analysis import Boundaries, over_seeds
from experiments.boundary.study import STANDARD, STRONG, WEAK
from experiments.claim import UNKNOWN, Claim, Estimate, judged
from experiments.paper import primary
from experiments.settings.presets import protocol_study
from experiments.statistics import majority

CONVERGED = 0.99
"""Clean accuracy below which a training of this separable toy has not converged."""


TILT_MARGIN = 2.0
"""Degrees of tilt that count as none. Ours, fixed beforehand: the paper's pictures show no finer."""
LANDED = 3.0
"""Mahalanobis distance, in standard deviations, within which a point belongs to a class."""


def claims(found: Boundaries) -> list[Claim]:
    """All claims of the study, those of the registered list first."""
    return [*_registered(found), *_secondary(found)]


def _registered(found: Boundaries) -> Iterator[Claim]:
    standard, strong = found.strengths.get(STANDARD), found.strengths.get(STRONG)
    effects = {
        "tilt": over_seeds(standard["tilt"]) if standard else UNKNOWN,
        "tilt-removed": found.fall("tilt", STANDARD, WEAK, size=True),
        "tilt-further-removed": found.fall("tilt", WEAK, STRONG, size=True),
        "lands": majority(strong["mahalanobis"] <= LANDED) if strong else UNKNOWN,
    }
    for name, effect in effects.items():
        yield primary(name, found.study.dataset, effect, rows=_rows(found))


def _secondary(found: Boundaries) -> Iterator[Claim]:
    standard, strong = found.strengths.get(STANDARD), found.strengths.get(STRONG)
    if standard:
        yield _claim(
            found,
            "leaves-the-data",
            "Attacked points of the standard network leave the data",
            over_seeds(standard["mahalanobis"] - standard["own_mahalanobis"]),
            "Mahalanobis distance to the other class, attacked points minus that class's own",
            paper="yes, by eye",
        )
    if strong:
        yield _claim(
            found,
            "no-tilt-left",
            f"Strong training leaves no tilt, which is less than {TILT_MARGIN:g} degrees either way",
            over_seeds(TILT_MARGIN - np.abs(strong["tilt"])),
            f"{TILT_MARGIN:g} degrees minus the tilt without its sign",
            paper="yes, by eye",
        )
    for measure, what, unit in (
        ("low_variance_share", "share of the mean perturbation along the low-variance direction", "share"),
        ("mahalanobis", "distance of attacked points to the other class", "Mahalanobis distance"),
    ):
        for name, verb, before, after in (
            ("weak", "Weak adversarial training lowers", STANDARD, WEAK),
            ("strong", "Strong adversarial training lowers further", WEAK, STRONG),
        ):
            of = f"{unit}, eps {before:g} minus eps {after:g}"
            fall = found.fall(measure, before, after)
            yield _claim(found, f"{name}-{measure}", f"{verb} the {what}", fall, of, paper="yes, by eye")


def _rows(found: Boundaries) -> str:
    return f"{found.study.toy_seeds} seeds, each with points, weights and batches of its own"


def _claim(found: Boundaries, name: str, statement: str, value: Estimate, of: str, paper: str) -> Claim:
    return judged(
        value,
        id=f"{found.study.dataset}/boundary-{name}",
        statement=statement,
        section="2.2",
        paper=paper,
        unit=f"{of}; {_rows(found)}",
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
        if missing := found.without_a_boundary(eps):
            yield (
                f"eps {eps:g}: {missing} of {study.toy_seeds} networks have no boundary between the classes; they have "
                "no tilt and are left out of it."
            )
