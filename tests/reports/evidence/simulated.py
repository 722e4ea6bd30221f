"""Simulated runs, from effects of trainings and images to verdicts, many at once."""

import dataclasses

import numpy as np
from scipy import special

from reports.evidence.claim import Estimate
from reports.evidence.looks import judged_at_looks
from reports.evidence.registered import OF_THE_PAPER, TOY, primary
from tests.reports.boundary.made_up import toy_values

NAMES = [name for name, known in OF_THE_PAPER.items() if known.section != TOY]
"""The claims of the paper's about images."""
IMAGE_ERROR = 0.2
"""What the choice of images adds to the error of an effect, of which trainings have a standard deviation of 1."""


def crossed_p(by_training: np.ndarray, image_error: np.ndarray | float) -> np.ndarray:
    """p as `combined` has them, of many effects at once: Student's chances, averaged over what images may add.

    Args:
        by_training: (..., T).
        image_error: (...), of each effect.
    """
    trainings = by_training.shape[-1]
    distance, of_rows = np.abs(by_training.mean(axis=-1)), by_training.std(axis=-1, ddof=1) / np.sqrt(trainings)
    p = np.zeros(distance.shape)
    for place, weight in zip(_PLACES, _WEIGHTS, strict=True):
        p += 2 * weight * special.stdtr(trainings - 1, (place * image_error - distance) / of_rows)
    return p


_PLACES = np.linspace(-7, 7, 81)
_WEIGHTS = np.exp(-(_PLACES**2) / 2) / np.exp(-(_PLACES**2) / 2).sum()


def verdicts(looks: tuple[int, ...], effects: np.ndarray, runs: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """What the whole rule says of the claims in simulated runs, and at which look.

    Args:
        looks: numbers of trainings.
        effects: (K,) true effects of the K claims about images, in standard deviations of a training.
        runs: R of them.

    Returns:
        (R, K) verdicts and numbers of trainings at the looks.
    """
    rng = np.random.default_rng(seed)
    images = rng.normal(0, IMAGE_ERROR, (runs, len(effects), 1))  # the same at all looks
    drawn = np.asarray(effects)[:, None] + images + rng.normal(size=(runs, len(effects), looks[-1]))
    settings = {"looks": list(looks), "training_seeds": looks[-1]}
    values = dataclasses.replace(toy_values({0.0: 1.0}), settings=settings)
    p = {look: crossed_p(drawn[..., :look], IMAGE_ERROR) for look in looks}
    found, at = [], []
    for run in range(runs):
        claims = {look: list(map(_claim, NAMES, drawn[run, :, :look], p[look][run])) for look in looks}
        judged = judged_at_looks(claims[looks[-1]], claims, values)
        found.append([claim.verdict for claim in judged])
        at.append([claim.look for claim in judged])
    return np.array(found), np.array(at)


def _claim(name: str, by_training: np.ndarray, p: float):
    positive = 1 if OF_THE_PAPER[name].positive else -1
    estimate = Estimate(positive * float(by_training.mean()), 0.0, 0.0, float(p))
    return primary(name, "mnist", estimate, closer="", stronger="")
