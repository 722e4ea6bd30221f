"""The networks and VAE-GANs of a study as pieces: what measures with them makes them on the way."""

from collections.abc import Iterator

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import networks
from experiments.networks.keys import network_key, starts_key, training_images_key, vae_gan_key
from experiments.networks.values import EQUAL_STARTS
from experiments.piece import Piece, Task
from experiments.settings.studies import ImageStudy, VaeGanStudy

VAE_GAN_STEP = 40
"""Network passes that an image's step of the VAE-GAN takes as long as."""


def images_piece(study: ImageStudy, data: Fingerprint, run: int, task: Task) -> Piece:
    """Which images one of a study's trainings learns from.

    task: `training_images` of the study's runner.
    """
    key = training_images_key(study, data, run)
    return Piece(key, "which images each training learns from", name=("images", run), task=task)


def network_pieces(study: ImageStudy, data: Fingerprint, run: int) -> Iterator[Piece]:
    """Every network of one of a study's trainings."""
    for spec in networks(study):
        key = network_key(study, data, spec, run)
        cost = spec.passes * study.epochs * data.train_images
        yield Piece(key, f"{spec.name}, {spec.passes:g} passes an image", cost, ("network", spec, run))


def starts_pieces(study: ImageStudy, data: Fingerprint, task: Task) -> Iterator[Piece]:
    """How much of the initial weights is equal in two trainings, of a user's own network: others draw them all.

    task: `equal_starts` of the study's runner.
    """
    if not catalogue.is_built_in(study.network):
        yield Piece(starts_key(study, data), "how trainings start", name=EQUAL_STARTS, task=task)


def vae_gan_piece(study: VaeGanStudy, data: Fingerprint, run: int) -> Piece:
    """The VAE-GAN of one of a study's trainings."""
    cost = VAE_GAN_STEP * study.vae_gan_epochs * data.whole_train_images
    return Piece(vae_gan_key(study, data, run), f"{study.vae_gan_epochs} epochs on the whole training set", cost)
