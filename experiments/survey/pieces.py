"""The pieces of the survey: ROAR's without its controls, the images' manifold, and what maps of noise score."""

from collections.abc import Iterator
from dataclasses import replace

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import NetworkSpec, networks
from experiments.networks.keys import network_key, readable, vae_gan_key
from experiments.networks.pieces import vae_gan_piece
from experiments.piece import Piece, Task
from experiments.roar.pieces import arm_pieces, measured_images, needs_of, other_random_arms, without_retraining
from experiments.roar.pieces import pieces as roar_pieces
from experiments.settings.studies import arguments
from experiments.store.artefacts import Key
from experiments.survey.study import SurveyStudy


def pieces(study: SurveyStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it."""
    if needs_manifold(study):
        for run in range(study.training_seeds):
            # Made before what is made side by side: a training in Keras's `fit` belongs into the main thread.
            task = Task("train_vae_gan", (run,))
            yield replace(vae_gan_piece(study, data, run), name=("vae_gan", run), task=task)
    yield from roar_pieces(replace(study, controls=False), data)
    for run in range(study.training_seeds):
        for arm in other_random_arms(study):
            yield from arm_pieces(replace(study, controls=False), data, arm, run)
        for spec in networks(study):
            for measure in without_retraining(study):
                yield _noise(study, data, spec, run, measure)


def needs_manifold(study: SurveyStudy) -> bool:
    """Whether one of the study's measures needs the images' manifold."""
    return any("manifold" in needs_of(name) for name in study.measures)


def _noise(study: SurveyStudy, data: Fingerprint, spec: NetworkSpec, run: int, measure: str) -> Piece:
    name, task = ("noise", spec, run, measure), Task("noise", (spec, run, measure))
    cost = own_passes(study, measure) * measured_images(study, data.test_images)
    key = noise_key(study, data, spec, run, measure)
    return Piece(key, f"{measure} {spec.name}", cost, name, task, side_by_side=True)


def own_passes(study: SurveyStudy, measure: str) -> float:
    """Network passes per image that a measure takes where maps cost nothing."""
    return catalogue.passes("measures", measure, arguments(study, "measures", measure), without=0)


def noise_key(study: SurveyStudy, data: Fingerprint, spec: NetworkSpec, run: int, measure: str) -> Key:
    """Key of a measure of maps of noise, on a network."""
    config = {
        "noise": [study.seed, run],
        "network": network_key(study, data, spec, run).folder,
        "test": data.test,
        "images": study.measured_images,
        "measure": catalogue.identity("measures", measure),
        "parameters": arguments(study, "measures", measure),
        "seed": study.seed,
    }
    if "manifold" in needs_of(measure):
        config["manifold"] = vae_gan_key(study, data, run).folder
    return Key("measures of noise", readable("noise", measure, study.dataset, spec.name, f"t{run}"), config)
