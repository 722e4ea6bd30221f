"""Under which names distances and gradients are stored: all that determines them, nothing more."""

from experiments.data import Fingerprint
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.networks.keys import network_key, pictured, readable, vae_gan_key
from experiments.store.artefacts import Key


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
