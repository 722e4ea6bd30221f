"""Under which name each network and measurement is stored: its whole configuration, nothing more."""

import re

from experiments.artefacts import Key
from experiments.grid import STANDARD, Arm, Cell, NetworkSpec
from experiments.plugins import identity
from experiments.settings import BoundaryStudy, Study


def data_key(study: Study) -> Key:
    """Key of what a report needs to know of the images."""
    return Key(_readable("data", study.dataset), {**_data(study), "sample_seed": study.seed})


def network_key(study: Study, spec: NetworkSpec) -> Key:
    """Key of a trained network."""
    return Key(_readable("network", study.dataset, spec.name), {**_training(study, spec), "seed": study.seed})


def evaluation_key(study: Study, spec: NetworkSpec) -> Key:
    """Key of a network's clean and attacked accuracy on the test set."""
    config = {
        "network": network_key(study, spec).folder,
        "robust_eps": study.robust_eps,
        "robust_steps": study.robust_steps,
        "step_size": study.l2_step_size,
    }
    if study.precision != "float32":
        config["checked_in"] = "float32"
    return Key(_readable("evaluation", study.dataset, spec.name), config)


def vae_gan_key(study: Study) -> Key:
    """Key of a trained VAE-GAN; it learns from the whole training set."""
    config = {
        "dataset": identity(study.dataset, "datasets"),
        "width": study.vae_gan_width,
        "epochs": study.vae_gan_epochs,
        "batch_size": study.batch_size,
        "seed": study.seed,
    }
    return Key(_readable("vae_gan", study.dataset), config)


def manifold_key(study: Study, kind: str, spec: NetworkSpec | None = None, loss: str | None = None) -> Key:
    """Key of a measurement of Section 2.1: "quality" of the VAE-GAN, an "attack", or "gradients"."""
    config = {
        "kind": kind,
        "vae_gan": vae_gan_key(study).folder,
        "data": _data(study),
        "seed": study.seed,
        "network": spec and network_key(study, spec).folder,
        "standard": spec and network_key(study, STANDARD).folder,
        "loss": loss,
        "eps": study.manifold_eps,
        "steps": study.manifold_steps,
        "step_size": study.l2_step_size,
        "projection": study.projection,
        "projection_steps": study.projection_steps if study.projection == "optimise" else None,
    }
    return Key(_readable("manifold", kind, study.dataset, spec.name if spec else "", loss or ""), config)


def boundary_key(study: BoundaryStudy, eps: float) -> Key:
    """Key of the toy networks of every seed trained at one strength, and of what was measured on them."""
    config = {
        "points": study.toy_points,
        "epochs": study.toy_epochs,
        "seeds": study.toy_seeds,
        "attack_eps": study.toy_attack_eps,
        "eps": eps,
        "seed": study.seed,
    }
    return Key(_readable("boundary", study.dataset, f"eps {eps:g}"), config)


def maps_key(study: Study, arm: Arm) -> Key:
    """Key of what is measured on, and shown of, an arm's attribution maps."""
    return Key(_readable("maps", study.dataset, arm.name), _ranking(study, arm))


def cell_key(study: Study, cell: Cell) -> Key:
    """Key of one retraining."""
    config = {
        **_training(study, STANDARD),
        "seed": retraining_seed(study, cell.repeat),
        "ranking": _ranking(study, cell.arm, cell.repeat),
        "metric": cell.metric,
        "percent": cell.percent,
    }
    name = _readable(cell.metric, study.dataset, cell.arm.name, f"{cell.percent}%", f"r{cell.repeat}")
    return Key(name, config)


def retraining_seed(study: Study, repeat: int) -> int:
    """Seed of a retraining's weights and order; the same in every arm, so that arms are paired."""
    return 1000 * (study.seed + 1) + repeat


def _readable(*parts: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", "-".join(parts)).strip("-.")[:80]


def _training(study: Study, spec: NetworkSpec) -> dict:
    attack = None
    if spec.norm is not None:
        step = study.l2_step_size if spec.norm == "l2" else study.linf_step_size
        attack = {"norm": spec.norm, "loss": spec.loss, "eps": spec.eps, "step": step, "steps": study.attack_steps}
    return {
        "data": _data(study),
        "network": identity(study.network, "network"),
        "width": study.width,
        "epochs": study.epochs,
        "batch_size": study.batch_size,
        "learning_rate": study.learning_rate,
        "precision": study.precision,
        "attack": attack,
    }


def _data(study: Study) -> dict:
    """The seed matters only where a subset is drawn."""
    subset = bool(study.train_size or study.test_size)
    return {
        "dataset": identity(study.dataset, "datasets"),
        "train_size": study.train_size,
        "test_size": study.test_size,
        "subset_seed": study.seed if subset else None,
    }


def _ranking(study: Study, arm: Arm, repeat: int = 0) -> dict:
    if arm.network is None:
        return {"attribution": arm.attribution, "seed": study.seed, "repeat": repeat}
    return {
        "attribution": identity(arm.attribution, "attributions"),
        "network": network_key(study, arm.network).folder,
        "blur_sigma": study.blur_sigma if arm.blurred else 0,
        "seed": study.seed,
    }
