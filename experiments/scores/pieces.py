"""The pieces of ROAR and KAR: networks, their evaluations, maps and measures, and every retraining."""

from collections.abc import Iterator
from functools import partial

from experiments.data import Fingerprint
from experiments.networks.grid import STANDARD, networks
from experiments.networks.pieces import images_piece, network_pieces, starts_pieces
from experiments.piece import Piece
from experiments.scores.arms import Arm, arms, retrainings
from experiments.scores.declared import (
    attack_steps,
    attribution_passes,
    measure_passes,
    measured_images,
    without_retraining,
)
from experiments.scores.keys import data_key, evaluation_key, maps_key, measure_key, overfitting_key, retraining_key
from experiments.scores.runner import ScoresRunner
from experiments.scores.study import MEAN, ScoresStudy


def pieces(study: ScoresStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it: one independent training after the other."""
    yield Piece(data_key(study, data), "facts and pictures", name="data", task=ScoresRunner.data_facts)
    yield from starts_pieces(study, data, ScoresRunner.equal_starts)
    for run in range(study.training_seeds):
        yield images_piece(study, data, run, partial(ScoresRunner.training_images, run=run))
        yield from network_pieces(study, data, run)
        for spec in networks(study):
            # The attacks of many steps, and a single one.
            steps = 1 + sum(attack_steps(study, name) for name in study.robust_attacks)
            cost = 2.0 * data.test_images * steps
            key = evaluation_key(study, data, spec, run)
            yield Piece(
                key, spec.name, cost, ("evaluation", spec, run), partial(ScoresRunner.evaluation, spec=spec, run=run)
            )
            if spec.one_step_eps:
                key = overfitting_key(study, data, spec, run)
                yield Piece(
                    key, spec.name, 0, ("overfitting", spec, run), partial(ScoresRunner.overfitting, spec=spec, run=run)
                )
    for run in range(study.training_seeds):
        for arm in arms(study):
            yield from arm_pieces(study, data, arm, run)


def arm_pieces(study: ScoresStudy, data: Fingerprint, arm: Arm, run: int) -> Iterator[Piece]:
    """What one training has of an arm: its maps, their measures, its retrainings."""
    if arm.network is not None and not arm.baseline and arm.fill == MEAN:
        key = maps_key(study, data, arm, run)
        cost = 0 if arm.blur else attribution_passes(study, arm.attribution) * data.test_images
        yield Piece(
            key, arm.name, cost, ("maps", arm, run), partial(ScoresRunner.maps, arm=arm, run=run), side_by_side=True
        )
        for measure in [] if arm.blur else without_retraining(study):
            key, task = (
                measure_key(study, data, arm, run, measure),
                partial(ScoresRunner.measure, arm=arm, run=run, measure=measure),
            )
            cost = (measure_passes(study, measure, arm.attribution) or 0) * measured_images(study, data.test_images)
            yield Piece(key, f"{measure} {arm.name}", cost, ("measure", arm, run, measure), task, side_by_side=True)
    for retraining in retrainings(study, arm, run):
        key = retraining_key(study, data, retraining)
        cost = STANDARD.passes * study.epochs * data.train_images
        yield Piece(
            key, arm.name, cost, retraining, partial(ScoresRunner.retrain, retraining=retraining), side_by_side=True
        )
