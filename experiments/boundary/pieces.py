"""The pieces of the toy: the networks of every seed, trained side by side at one strength, and measured."""

from collections.abc import Iterator

from experiments.boundary.study import BoundaryStudy
from experiments.networks.keys import readable
from experiments.piece import Piece, Task
from experiments.store.artefacts import Key

EPOCH = 40_000
"""Network passes that an epoch of the toy takes as long as."""


def pieces(study: BoundaryStudy) -> Iterator[Piece]:
    """One for each training strength."""
    for eps in study.strengths():
        series = f"eps {eps:g}, {study.toy_seeds} networks"
        yield Piece(strength_key(study, eps), series, EPOCH * study.toy_epochs, eps, Task("strength", (eps,)), True)


def strength_key(study: BoundaryStudy, eps: float) -> Key:
    """Key of the toy networks of every seed trained at one strength, and of what was measured on them."""
    config = {
        "points": study.toy_points,
        "epochs": study.toy_epochs,
        "seeds": study.toy_seeds,
        "attack_eps": study.toy_attack_eps,
        "eps": eps,
        "seed": study.seed,
    }
    return Key("training strengths of the toy", readable("boundary", study.dataset, f"eps {eps:g}"), config)
