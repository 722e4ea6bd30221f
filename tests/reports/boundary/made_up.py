"""Made-up measurements of the toy with known answers."""

from collections.abc import Mapping

import numpy as np

from experiments.boundary.study import BoundaryStudy
from experiments.measurement import Measured
from experiments.store.values import Values
from tests.reports.as_values import as_values

SEEDS = 20


def measured(tilts: Mapping[float, float], study: BoundaryStudy | None = None, distance: float = 2.0) -> Measured:
    """Measurements of 20 seeds, which vary about a tilt for each training eps, and more with another seed of the study.

    distance: of attacked points to the other class.
    """
    study = study or BoundaryStudy()
    noise = np.random.default_rng(study.seed).normal(scale=0.5, size=(len(tilts), SEEDS))
    noise -= noise.mean(axis=1, keepdims=True)
    constant = {name: np.ones(SEEDS) for name in ("own_mahalanobis", "clean", "robust", "attacked")}
    strengths = {
        eps: {
            "tilt": value + own,
            "low_variance_share": value / 100 + own,
            "mahalanobis": distance + own,
            **constant,
            **picture(eps),
        }
        for own, (eps, value) in zip(noise, tilts.items(), strict=True)
    }
    return Measured(study, strengths)


def toy_values(tilts: Mapping[float, float], distance: float = 2.0, **options) -> Values:
    """The same as values. options: of the study, such as its seed or data set."""
    return as_values(measured(tilts, BoundaryStudy(**options), distance), "boundary", "boundary")


LABELS = np.array([0, 0, 0, 1, 1])
EXTENT = (-1.25, 1.25)


def picture(eps: float) -> dict[str, np.ndarray]:
    """What is drawn of a network: everything lies elsewhere for another eps.

    Three points of class zero, two of class one, and three attacked ones. The boundary is the line 2 x + y = -eps.
    """
    points = np.array([[-0.75, -0.25], [-0.5, -0.125], [-0.625, 0.0], [0.5, 0.25], [0.75, 0.125]])
    adversarial = np.array([[-0.25, 0.5], [-0.125, 0.375], [0.0, 0.625]])
    side = np.linspace(*EXTENT, 5)
    return {
        "points": points + np.array([0, eps / 4]),
        "labels": LABELS,
        "adversarial": adversarial + np.array([eps, 0]),
        "means": np.array([[0.625, 0.1875 + eps / 4], [-0.125 + eps, 0.5]]),
        "regions": 2 * side[None, :] + side[:, None] + eps,
        "extent": np.array(EXTENT),
    }


CENTRES = {
    "tilt": (30.0, 20.0, 10.0, -5.0),
    "low_variance_share": (0.8, 0.6, 0.4, 0.2),
    "mahalanobis": (9.0, 7.0, 5.0, 3.0),
    "own_mahalanobis": (1.2, 1.4, 1.6, 1.8),
    "clean": (0.97, 0.96, 0.95, 0.94),
    "robust": (0.75, 0.8, 0.85, 0.9),
    "attacked": (0.05, 0.15, 0.25, 0.35),
}
"""Means of every measure at the training eps of `STRENGTHS`."""
SPREADS = {
    "tilt": 2.0,
    "low_variance_share": 0.02,
    "mahalanobis": 0.5,
    "own_mahalanobis": 0.1,
    "clean": 0.005,
    "robust": 0.01,
    "attacked": 0.015,
}
"""How far two of four seeds lie below the mean, and two above it."""
STRENGTHS = (0.0, 0.1, 0.25, 0.5)
HALF = 3.1824463 / 3**0.5
"""Of an interval, over a spread: the t-quantile of 3 degrees of freedom times the error of a mean, 2 / sqrt(3) / 2."""


def known() -> Measured:
    """Four seeds, of which every number on the page can be told in advance, and from every other."""
    signs = np.array([-1.0, 1.0, 1.0, -1.0])
    strengths = {
        eps: {name: CENTRES[name][place] + SPREADS[name] * signs for name in CENTRES} | picture(eps)
        for place, eps in enumerate(STRENGTHS)
    }
    return Measured(BoundaryStudy(toy_seeds=4, toy_eps=(0.1,)), strengths)
