"""The pieces of the distance to the manifold: networks, the VAE-GAN and its quality, attacks and gradients."""

from collections.abc import Iterator

from experiments.data import Fingerprint
from experiments.manifold.controls import NOISE_SHARES
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec, networks
from experiments.networks.keys import network_key, pictured, readable, vae_gan_key
from experiments.networks.pieces import network_pieces, vae_gan_piece
from experiments.piece import Piece, Task
from experiments.store.artefacts import Key

ATTACK_LOSSES = ("cross_entropy", "cw")
"""Every network is attacked with each. Source: protocol, Section 2.1."""

SEARCH_STEP = 3
"""Network passes that an image's step of --projection=optimise takes as long as: two on CIFAR-10, four on MNIST."""


def pieces(study: ManifoldStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it."""
    for run in range(study.training_seeds):
        yield from network_pieces(study, data, run)
        yield vae_gan_piece(study, data, run)
        key, cost = quality_key(study, data, run), (1 + len(NOISE_SHARES)) * projection_passes(study, data.test_images)
        yield Piece(key, "quality of the VAE-GAN", cost, ("quality", run), Task("quality", (run,)))
        for spec in networks(study):
            for loss in ATTACK_LOSSES:
                # The attacked images are projected, and noisy ones of equal size.
                cost = 2 * study.manifold_steps * data.test_images + 2 * projection_passes(study, data.test_images)
                key, arguments = attack_key(study, data, spec, loss, run), (spec, loss, run)
                yield Piece(key, f"{loss} on {spec.name}", cost, ("attack", *arguments), Task("attack", arguments))
            key = gradients_key(study, data, spec, run)
            yield Piece(key, spec.name, name=("gradients", spec, run), task=Task("gradients", (spec, run)))


def projection_passes(study: ManifoldStudy, images: int) -> int:
    """What projecting some images takes beyond the encoder's reconstruction, in network passes."""
    return SEARCH_STEP * study.projection_steps * images if study.searches else 0


def quality_key(study: ManifoldStudy, data: Fingerprint, run: int) -> Key:
    """Key of what distances are worth: of clean and of noisy test images."""
    config = {**_measured(study, data, run), **_projection(study), "noise_up_to": study.manifold_eps}
    return Key("checks of the VAE-GAN", readable("quality", study.dataset, f"t{run}"), config)


def attack_key(study: ManifoldStudy, data: Fingerprint, spec: NetworkSpec, loss: str, run: int) -> Key:
    """Key of the distances of a network's adversarial examples."""
    config = {
        **_measured(study, data, run),
        **_projection(study),
        "network": network_key(study, data, spec, run).folder,
        "standard": network_key(study, data, STANDARD, run).folder,
        "loss": loss,
        "eps": study.manifold_eps,
        "steps": study.manifold_steps,
        "step_size": study.l2_step_size,
    }
    return Key("attacks and their projections", readable("attack", study.dataset, spec.name, loss, f"t{run}"), config)


def gradients_key(study: ManifoldStudy, data: Fingerprint, spec: NetworkSpec, run: int) -> Key:
    """Key of how a network's gradients lie to the manifold."""
    config = {**_measured(study, data, run), "network": network_key(study, data, spec, run).folder}
    return Key("gradients on the manifold", readable("gradients", study.dataset, spec.name, f"t{run}"), config)


def _measured(study: ManifoldStudy, data: Fingerprint, run: int) -> dict:
    return {"vae_gan": vae_gan_key(study, data, run).folder, "test": data.test, "seed": study.seed, **pictured(study)}


def _projection(study: ManifoldStudy) -> dict:
    if not study.searches:
        return {"projection": study.projection, "projection_steps": None}
    return {"projection": study.projection, "projection_steps": study.projection_steps, "beside": "encode"}
