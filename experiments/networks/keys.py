"""Under which name networks and what is measured of them are stored: all that determines them, nothing more."""

import re

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.settings.studies import MOST_REPEATS, ImageStudy, VaeGanStudy
from experiments.store.artefacts import Key

WATCHED = {"images": 100, "steps": 10}
"""On what trainings of one step are watched for catastrophic overfitting after every epoch."""

OWN_NETWORK_FORMAT = 1
"""Part of the keys of users' own networks. Raise it when a change to the code changes what these compute and no other.

1: the seed generators of layers are reset, saved and restored with the weights.
"""


def readable(*parts: str) -> str:
    """A name for people that is safe as part of a file name."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", "-".join(parts)).strip("-.")[:80]


def training(study: ImageStudy, data: Fingerprint, spec: NetworkSpec, run: int, seed: int) -> dict:
    """What determines a network: architecture, images, schedule, method with its parameters, the training's seed."""
    return {
        "data": data.train_of(run),
        **_architecture(study),
        "width": study.width,
        "epochs": study.epochs,
        "batch_size": study.batch_size,
        "learning_rate": study.learning_rate,
        "precision": study.precision,
        **_identified(spec),
        **({"watched": WATCHED} if spec.one_step_eps else {}),
        "training_seed": seed,
    }


def _architecture(study: ImageStudy) -> dict:
    own = {} if catalogue.is_built_in(study.network) else {"own_network": OWN_NETWORK_FORMAT}
    return {"network": catalogue.identity("network", study.network), **own}


def _identified(spec: NetworkSpec) -> dict:
    """Method and parameters, with the user's own files told apart by their text.

    A switch that is off is left out: a method that gets one keeps the networks that it had.
    """
    parameters = {
        name: _identified(value) if isinstance(value, NetworkSpec) else value
        for name, value in spec.parameters
        if value is not False
    }
    loss = {"loss": catalogue.identity("losses", spec.loss)} if spec.loss else {}
    return {"method": catalogue.identity("training", spec.method), "parameters": {**parameters, **loss}}


def pictured(study: ImageStudy) -> dict[str, list[int]]:
    """What a key holds of the test images shown in pictures: nothing where the seed draws them."""
    return {"pictures": list(study.pictures)} if study.pictures else {}


def network_key(study: ImageStudy, data: Fingerprint, spec: NetworkSpec, run: int) -> Key:
    """Key of the network of one training. run: its number among the study's independent trainings."""
    name = readable("network", study.dataset, spec.name, f"t{run}")
    return Key("networks", name, training(study, data, spec, run, training_seed(study, run)))


def starts_key(study: ImageStudy, data: Fingerprint) -> Key:
    """Key of how much of the initial weights is equal in two trainings."""
    seeds = [training_seed(study, run) for run in range(2)]
    config = {"data": data.train_of(0), **_architecture(study), "width": study.width, "precision": study.precision}
    return Key("initial weights", readable("starts", study.dataset), {**config, "training_seeds": seeds})


def training_images_key(study: ImageStudy, data: Fingerprint, run: int) -> Key:
    """Key of which images a training learns from, and their mean colour."""
    config = {"train": data.train_of(run), "whole": data.whole_train}
    return Key("images of trainings", readable("images", study.dataset, f"t{run}"), config)


def vae_gan_key(study: VaeGanStudy, data: Fingerprint, run: int) -> Key:
    """Key of a trained VAE-GAN; it learns from the whole training set, and is validated on the whole test set."""
    config = {
        "train": data.whole_train,
        "test": data.whole_test,
        "recipe": study.dataset,
        "width": study.vae_gan_width,
        "epochs": study.vae_gan_epochs,
        "batch_size": study.batch_size,
        "training_seed": training_seed(study, run),
    }
    return Key("VAE-GANs", readable("vae_gan", study.dataset, f"t{run}"), config)


def training_seed(study: ImageStudy, run: int) -> int:
    """Seed of a training's weights and order; the same for every network of a run, so that they are paired."""
    return study.seed + 2_000_001 * run


def retraining_config(study: ImageStudy, data: Fingerprint, run: int, repeat: int) -> dict:
    """What determines a standard network but for the occlusion of its images; its tests are part of it."""
    return {**training(study, data, STANDARD, run, retraining_seed(study, run, repeat)), "test": data.test}


def retraining_seed(study: ImageStudy, run: int, repeat: int) -> int:
    """Seed of a retraining's weights and order; the same in every arm, so that arms are paired."""
    return 1000 * (study.seed + 1) + MOST_REPEATS * run + repeat
