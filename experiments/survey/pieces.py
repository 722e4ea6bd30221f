"""The pieces of the survey: ROAR's without its controls, the images' manifold, and what maps of noise score."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from experiments.data import Fingerprint
from experiments.networks.grid import NetworkSpec, networks
from experiments.networks.pieces import vae_gan_piece
from experiments.piece import Piece
from experiments.scores.arms import other_random_arms
from experiments.scores.declared import measured_images, without_retraining
from experiments.scores.pieces import arm_pieces
from experiments.scores.pieces import pieces as pieces_of_scores
from experiments.survey.declared import needs_manifold, own_passes
from experiments.survey.keys import noise_key
from experiments.survey.runner import SurveyRunner
from experiments.survey.study import SurveyStudy


def pieces(study: SurveyStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it."""
    if needs_manifold(study):
        for run in range(study.training_seeds):
            # Made before what is made side by side: a training in Keras's `fit` belongs into the main thread.
            task = partial(SurveyRunner.train_vae_gan, run=run)
            yield replace(vae_gan_piece(study, data, run), name=("vae_gan", run), task=task)
    yield from pieces_of_scores(replace(study, controls=False), data)
    for run in range(study.training_seeds):
        for arm in other_random_arms(study):
            yield from arm_pieces(replace(study, controls=False), data, arm, run)
        for spec in networks(study):
            for measure in without_retraining(study):
                yield _noise(study, data, spec, run, measure)


def _noise(study: SurveyStudy, data: Fingerprint, spec: NetworkSpec, run: int, measure: str) -> Piece:
    name = ("noise", spec, run, measure)
    task = partial(SurveyRunner.noise, spec=spec, run=run, measure=measure)
    cost = own_passes(study, measure) * measured_images(study, data.test_images)
    key = noise_key(study, data, spec, run, measure)
    return Piece(key, f"{measure} {spec.name}", cost, name, task, side_by_side=True)
