"""The pieces of the toy: the networks of every seed, trained side by side at one strength, and measured."""

from collections.abc import Iterator
from functools import partial

from experiments.boundary.keys import strength_key
from experiments.boundary.runner import EPOCH, BoundaryRunner
from experiments.boundary.study import BoundaryStudy
from experiments.data import Fingerprint
from experiments.piece import Piece


def pieces(study: BoundaryStudy, data: Fingerprint) -> Iterator[Piece]:
    """One for each training strength. The toy has no data but its own."""
    for eps in study.strengths():
        key, cost = strength_key(study, eps), EPOCH * study.toy_epochs
        series, task = f"eps {eps:g}, {study.toy_seeds} networks", partial(BoundaryRunner.strength, eps=eps)
        yield Piece(key, series, cost, eps, task, side_by_side=True)
