"""The claims of Section 2.2, judged, and what a reader must know before believing them."""

from collections.abc import Iterator

import numpy as np

from experiments.boundary.study import STANDARD, STRONG, WEAK
from experiments.settings.presets import protocol_study
from reports.boundary.analysis import Boundaries, over_seeds
from reports.evidence.claim import UNKNOWN, Claim, Estimate, judged
from reports.evidence.registered import primary
from reports.evidence.statistics import majority

CONVERGED = 0.99
"""Clean accuracy below which a training of this separable toy has not converged."""


TILT_MARGIN = 2.0
"""Degrees of tilt that count as none. Ours, fixed beforehand: the paper's pictures show no finer."""
LANDED = 3.0
"""Mahalanobis distance, in standard deviations, within which a point belongs to a class."""


def registered(found: Boundaries) -> Iterator[Claim]:
    """Those of the registered list."""
    has_standard, has_strong = (eps in found.strengths for eps in (STANDARD, STRONG))
    effects = {
        "tilt": found.mean(STANDARD, "tilt") if has_standard else UNKNOWN,
        "tilt-removed": found.fall("tilt", STANDARD, WEAK, size=True),
        "tilt-further-removed": found.fall("tilt", WEAK, STRONG, size=True),
        "lands": majority(found.of(STRONG, "mahalanobis") <= LANDED) if has_strong else UNKNOWN,
    }
    for name, effect in effects.items():
        yield primary(name, found.dataset, effect, rows=_rows(found))


def secondary(found: Boundaries) -> Iterator[Claim]:
    """More of what the paper shows in pictures."""
    if STANDARD in found.strengths:
        yield _claim(
            found,
            "leaves-the-data",
            "Attacked points of the standard network leave the data",
            over_seeds(found.of(STANDARD, "mahalanobis") - found.of(STANDARD, "own_mahalanobis")),
            "Mahalanobis distance to the other class, attacked points minus that class's own",
            paper="yes, by eye",
        )
    if STRONG in found.strengths:
        yield _claim(
            found,
            "no-tilt-left",
            f"Strong training leaves no tilt, which is less than {TILT_MARGIN:g} degrees either way",
            over_seeds(TILT_MARGIN - np.abs(found.of(STRONG, "tilt"))),
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
    return f"{found.seeds} seeds, each with points, weights and batches of its own"


def _claim(found: Boundaries, name: str, statement: str, value: Estimate, of: str, paper: str) -> Claim:
    return judged(
        value,
        dataset=found.dataset,
        id=f"boundary-{name}",
        statement=statement,
        section="2.2",
        paper=paper,
        unit=f"{of}; {_rows(found)}",
    )


def alerts(found: Boundaries) -> Iterator[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    settings, protocol = found.settings, protocol_study("boundary", found.dataset)
    if any(settings[name] != protocol.value(name) for name in ("toy_points", "toy_epochs")):
        yield (
            f"Not the paper's scale: {settings['toy_points']} points per class and {settings['toy_epochs']} epochs; "
            f"there {protocol.value('toy_points')} and {protocol.value('toy_epochs')}."
        )
    if found.seeds < 5:
        yield f"{found.seeds} seeds: intervals over so few understate how much trainings vary."
    for eps in found.strengths:
        if (lowest := found.of(eps, "clean").min()) < CONVERGED:
            yield (
                f"eps {eps:g}: a network is right on only {lowest:.1%} of clean points, "
                "though the classes can be separated."
            )
        if missing := found.without_a_boundary(eps):
            yield (
                f"eps {eps:g}: {missing} of {found.seeds} networks have no boundary between the classes; they have "
                "no tilt and are left out of it."
            )
