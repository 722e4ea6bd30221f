"""The pieces of the distance to the manifold: networks, the VAE-GAN and its quality, attacks and gradients."""

from collections.abc import Iterator
from functools import partial

from experiments.data import Fingerprint
from experiments.manifold.keys import attack_key, gradients_key, quality_key
from experiments.manifold.runner import ManifoldRunner
from experiments.manifold.study import ATTACK_LOSSES, NOISE_SHARES, ManifoldStudy, projection_passes
from experiments.networks.grid import networks
from experiments.networks.pieces import images_piece, network_pieces, starts_pieces, vae_gan_piece
from experiments.piece import Piece


def pieces(study: ManifoldStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it."""
    yield from starts_pieces(study, data, ManifoldRunner.equal_starts)
    for run in range(study.training_seeds):
        yield images_piece(study, data, run, partial(ManifoldRunner.training_images, run=run))
        yield from network_pieces(study, data, run)
        yield vae_gan_piece(study, data, run)
        key, cost = quality_key(study, data, run), (1 + len(NOISE_SHARES)) * projection_passes(study, data.test_images)
        yield Piece(key, "quality of the VAE-GAN", cost, ("quality", run), partial(ManifoldRunner.quality, run=run))
        for spec in networks(study):
            for loss in ATTACK_LOSSES:
                # The attacked images are projected, and noisy ones of equal size.
                cost = 2 * study.manifold_steps * data.test_images + 2 * projection_passes(study, data.test_images)
                key = attack_key(study, data, spec, loss, run)
                task = partial(ManifoldRunner.attack, spec=spec, loss=loss, run=run)
                yield Piece(key, f"{loss} on {spec.name}", cost, ("attack", spec, loss, run), task)
            key = gradients_key(study, data, spec, run)
            task = partial(ManifoldRunner.gradients, spec=spec, run=run)
            yield Piece(key, spec.name, name=("gradients", spec, run), task=task)
