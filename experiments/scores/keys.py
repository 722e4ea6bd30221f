"""Under which names what is measured of networks and maps is stored: all that determines it, nothing more."""

from dataclasses import replace
from typing import Any

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import NetworkSpec
from experiments.networks.keys import network_key, pictured, readable, retraining_config, vae_gan_key
from experiments.scores.arms import KINDS, Arm, Retraining
from experiments.scores.declared import knows_network, needs_of
from experiments.scores.study import MEAN, ScoresStudy
from experiments.settings.studies import VaeGanStudy, arguments
from experiments.store.artefacts import Key


def data_key(study: ScoresStudy, data: Fingerprint) -> Key:
    """Key of what a report needs to know of the images."""
    config = {"train": data.train_of(0), "test": data.test, "sample_seed": study.seed, **pictured(study)}
    return Key("pictures of the data", readable("data", study.dataset), config)


def evaluation_key(study: ScoresStudy, data: Fingerprint, spec: NetworkSpec, run: int) -> Key:
    """Key of a network's clean and attacked accuracy on the test set."""
    config: dict[str, Any] = {
        "network": network_key(study, data, spec, run).folder,
        "test": data.test,
        "attacks": {
            catalogue.identity("robust_attacks", name): arguments(study, "robust_attacks", name)
            for name in study.robust_attacks
        },
        "robust_eps": study.robust_eps,
    }
    if study.precision != "float32":
        config["checked_in"] = "float32"
    return Key("evaluations", readable("evaluation", study.dataset, spec.name, f"t{run}"), config)


def overfitting_key(study: ScoresStudy, data: Fingerprint, spec: NetworkSpec, run: int) -> Key:
    """Key of what a training of one step withstood after every epoch."""
    name = readable("overfitting", study.dataset, spec.name, f"t{run}")
    return Key("watched for overfitting", name, {"network": network_key(study, data, spec, run).folder})


def maps_key(study: ScoresStudy, data: Fingerprint, arm: Arm, run: int) -> Key:
    """Key of what is measured on, and shown of, an arm's attribution maps."""
    first = Arm(arm.network, study.attributions[0])  # with which its ranking is compared
    config = {
        "ranking": _ranking(study, data, arm, run),
        "first": _ranking(study, data, first, run),
        "test": data.test,
        **pictured(study),
    }
    return Key("attributions", readable("maps", study.dataset, arm.name, f"t{run}"), config)


def measure_key(study: ScoresStudy, data: Fingerprint, arm: Arm, run: int, measure: str) -> Key:
    """Key of a measure of an arm's attribution maps."""
    config: dict[str, Any] = {
        "ranking": _ranking(study, data, arm, run),
        "test": data.test,
        "measure": catalogue.identity("measures", measure),
        "parameters": arguments(study, "measures", measure),
    }
    if not knows_network(arm.attribution) and arm.network is not None:  # the measure may, which the ranking does not
        config["network"] = network_key(study, data, arm.network, run).folder
    if study.measured_images:
        config["images"] = study.measured_images
    if "manifold" in needs_of(measure) and isinstance(study, VaeGanStudy):
        config["manifold"] = vae_gan_key(study, data, run).folder
    name = readable("measure", measure, study.dataset, arm.name, f"t{run}")
    return Key("measures without retraining", name, config)


def retraining_key(study: ScoresStudy, data: Fingerprint, retraining: Retraining) -> Key:
    """Key of one retraining; the same for every network where the attribution knows nothing of the network."""
    arm, occlusion, run, repeat = retraining.arm, retraining.occlusion, retraining.run, retraining.repeat
    config = {
        **retraining_config(study, data, run, repeat),
        "ranking": _ranking(study, data, arm, run, repeat),
        "occlusion": occlusion,
        "percent": retraining.percent,
        **({"fill": arm.fill} if arm.fill != MEAN else {}),
    }
    by_network = arm.network is None or knows_network(arm.attribution) or arm.baseline == "matched"
    ranked_by = arm.name if by_network else replace(arm, network=None).name
    name = readable(occlusion, study.dataset, ranked_by, f"{retraining.percent}%", f"t{run}", f"r{repeat}")
    return Key(KINDS[occlusion], name, config)


def _ranking(study: ScoresStudy, data: Fingerprint, arm: Arm, run: int, repeat: int = 0) -> dict:
    if arm.network is None:
        return {"attribution": arm.ranking, "seed": study.seed, "run": run, "repeat": repeat}
    known = knows_network(arm.attribution)
    return {
        "attribution": catalogue.identity("attributions", arm.attribution),
        "parameters": arguments(study, "attributions", arm.attribution),
        **({"network": network_key(study, data, arm.network, run).folder} if known else {"run": run}),
        "blur_sigma": arm.blur,
        "seed": study.seed,
        **({"baseline": arm.baseline, "run": run} if arm.baseline else {}),
        **({"network": network_key(study, data, arm.network, run).folder} if arm.baseline == "matched" else {}),
    }
