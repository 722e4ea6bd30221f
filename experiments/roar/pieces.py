"""The pieces of ROAR and KAR: networks, their evaluations, maps and measures, and every retraining."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, networks
from experiments.networks.keys import network_key, pictured, readable, retraining_config, vae_gan_key
from experiments.networks.pieces import network_pieces
from experiments.piece import Piece, Task
from experiments.roar.study import RoarStudy
from experiments.settings.studies import VaeGanStudy, arguments
from experiments.store.artefacts import Key

KINDS = {
    "remove": "retrainings, pixels removed",
    "keep": "retrainings, pixels kept",
    "mask": "retrainings, masks alone",
}
"""By occlusion: "mask" shows the network nothing but which pixels "remove" would take, and "keep" leave."""


@dataclass(frozen=True)
class Arm:
    """What ranks the pixels of a series of retrainings.

    network is None for the random baselines; scores are smoothed before ranking where blur, in pixels, is above 0.
    """

    network: NetworkSpec | None
    attribution: str
    blur: float = 0.0

    @property
    def name(self) -> str:
        parts = [self.network.name] if self.network else []
        return " ".join([*parts, self.attribution, *([f"blurred {self.blur:g}"] if self.blur else [])])


BASELINE = Arm(None, "random")


@dataclass(frozen=True)
class Retraining:
    """A standard network trained and tested on images that an arm's ranking occludes in one way.

    run is the number of the training whose networks are explained.
    """

    arm: Arm
    occlusion: str
    percent: int
    repeat: int
    run: int


def pieces(study: RoarStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it: one independent training after the other."""
    yield Piece(data_key(study, data), "facts and pictures", name="data", task=Task("data_facts"))
    for run in range(study.training_seeds):
        yield from network_pieces(study, data, run)
        for spec in networks(study):
            # The attacks of many steps, and a single one.
            steps = 1 + sum(attack_steps(study, name) for name in study.robust_attacks)
            cost = 2.0 * data.test_images * steps
            key = evaluation_key(study, data, spec, run)
            yield Piece(key, spec.name, cost, ("evaluation", spec, run), Task("evaluation", (spec, run)))
            if spec.one_step_eps:
                key = overfitting_key(study, data, spec, run)
                yield Piece(key, spec.name, 0, ("overfitting", spec, run), Task("overfitting", (spec, run)))
    for run in range(study.training_seeds):
        for arm in arms(study):
            yield from arm_pieces(study, data, arm, run)


def arm_pieces(study: RoarStudy, data: Fingerprint, arm: Arm, run: int) -> Iterator[Piece]:
    """What one training has of an arm: its maps, their measures, its retrainings."""
    if arm.network is not None:
        key = maps_key(study, data, arm, run)
        cost = 0 if arm.blur else attribution_passes(study, arm.attribution) * data.test_images
        yield Piece(key, arm.name, cost, ("maps", arm, run), Task("maps", (arm, run)), side_by_side=True)
        for measure in [] if arm.blur else without_retraining(study):
            key, task = measure_key(study, data, arm, run, measure), Task("measure", (arm, run, measure))
            cost = (measure_passes(study, measure, arm.attribution) or 0) * measured_images(study, data.test_images)
            yield Piece(key, f"{measure} {arm.name}", cost, ("measure", arm, run, measure), task, side_by_side=True)
    for retraining in retrainings(study, arm, run):
        key = retraining_key(study, data, retraining)
        cost = STANDARD.passes * study.epochs * data.train_images
        yield Piece(key, arm.name, cost, retraining, Task("retrain", (retraining,)), side_by_side=True)


def attack_steps(study: RoarStudy, name: str) -> int:
    """Steps that one of the robust attacks takes in all."""
    known = arguments(study, "robust_attacks", name)
    return known.get("steps", study.robust_steps) * known.get("restarts", 1) * len(known.get("losses", [""]))


def arms(study: RoarStudy) -> list[Arm]:
    """The random baseline, the paper's arms, then the controls."""
    plain = [Arm(spec, attribution) for spec in networks(study) for attribution in study.attributions]
    return [BASELINE, *plain, *(_controls(study) if study.controls else [])]


def _controls(study: RoarStudy) -> list[Arm]:
    standard, *strongest = control_networks(study)
    sweep = sorted({study.blur_sigma, *study.blur_sweep})
    return [
        *other_random_arms(study),
        *(Arm(standard, attribution, sigma) for attribution in study.attributions for sigma in sweep),
        *(Arm(spec, attribution, study.blur_sigma) for spec in strongest for attribution in study.attributions),
    ]


def other_random_arms(study: RoarStudy) -> list[Arm]:
    """The random baselines beside the first, with which scores are compared."""
    return [Arm(None, f"random_{number}") for number in range(2, study.random_baselines + 1)]


def retrainings(study: RoarStudy, arm: Arm, run: int) -> Iterator[Retraining]:
    """Every retraining of an arm in one training."""
    for occlusion in occlusions(study, arm):
        for percent in study.percentiles:
            for repeat in range(study.repeats):
                yield Retraining(arm, occlusion, percent, repeat, run)


def attribution_passes(study: RoarStudy, attribution: str) -> float:
    """Network passes per image that an attribution takes: forward and back, if it does not say more."""
    return catalogue.passes("attributions", attribution, arguments(study, "attributions", attribution), without=2)


def measure_passes(study: RoarStudy, measure: str, attribution: str) -> float | None:
    """Network passes per image that a measure takes beside the maps it is given; None where its file says nothing."""
    declared, known = catalogue.entry("measures", measure).declared, arguments(study, "measures", measure)
    if not {"PASSES", "EXPLAINS"} & declared.keys():
        return None
    explains = catalogue.counted(declared.get("EXPLAINS", {}), known)
    return catalogue.counted(declared.get("PASSES", {}), known) + explains * attribution_passes(study, attribution)


def measured_images(study: RoarStudy, test_images: int) -> int:
    """On how many test images measures without retraining are computed."""
    return min(study.measured_images or test_images, test_images)


def knows_network(attribution: str) -> bool:
    """Whether an attribution depends on the network."""
    return catalogue.entry("attributions", attribution).declared.get("KNOWS_NETWORK", True)


def occlusions(study: RoarStudy, arm: Arm) -> list[str]:
    """Under which an arm's pixels are occluded."""
    if arm.blur:
        return ["remove"]
    wanted = [kind for name in study.measures for kind in retrainings_of(name)]
    with_masks = study.controls and (arm == BASELINE or arm.network in control_networks(study))
    return [*dict.fromkeys(wanted), *(["mask"] if with_masks else [])]


def retrainings_of(measure: str) -> tuple[str, ...]:
    """The occlusions under which a measure needs networks retrained."""
    return catalogue.entry("measures", measure).declared.get("RETRAININGS", ())


def needs_of(measure: str) -> tuple[str, ...]:
    """What a measure needs a data set to have: a "manifold", a "null block"."""
    return catalogue.entry("measures", measure).declared.get("NEEDS", ())


def without_retraining(study: RoarStudy) -> list[str]:
    """The study's measures that need no retraining."""
    return [name for name in study.measures if not retrainings_of(name)]


# Keys


def data_key(study: RoarStudy, data: Fingerprint) -> Key:
    """Key of what a report needs to know of the images."""
    config = {"train": data.train, "test": data.test, "sample_seed": study.seed, **pictured(study)}
    return Key("pictures of the data", readable("data", study.dataset), config)


def evaluation_key(study: RoarStudy, data: Fingerprint, spec: NetworkSpec, run: int) -> Key:
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


def overfitting_key(study: RoarStudy, data: Fingerprint, spec: NetworkSpec, run: int) -> Key:
    """Key of what a training of one step withstood after every epoch."""
    name = readable("overfitting", study.dataset, spec.name, f"t{run}")
    return Key("watched for overfitting", name, {"network": network_key(study, data, spec, run).folder})


def maps_key(study: RoarStudy, data: Fingerprint, arm: Arm, run: int) -> Key:
    """Key of what is measured on, and shown of, an arm's attribution maps."""
    first = Arm(arm.network, study.attributions[0])  # with which its ranking is compared
    config = {
        "ranking": _ranking(study, data, arm, run),
        "first": _ranking(study, data, first, run),
        "test": data.test,
        **pictured(study),
    }
    return Key("attributions", readable("maps", study.dataset, arm.name, f"t{run}"), config)


def measure_key(study: RoarStudy, data: Fingerprint, arm: Arm, run: int, measure: str) -> Key:
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


def retraining_key(study: RoarStudy, data: Fingerprint, retraining: Retraining) -> Key:
    """Key of one retraining; the same for every network where the attribution knows nothing of the network."""
    arm, occlusion, run, repeat = retraining.arm, retraining.occlusion, retraining.run, retraining.repeat
    config = {
        **retraining_config(study, data, run, repeat),
        "ranking": _ranking(study, data, arm, run, repeat),
        "occlusion": occlusion,
        "percent": retraining.percent,
    }
    by_network = arm.network is None or knows_network(arm.attribution)
    ranked_by = arm.name if by_network else replace(arm, network=None).name
    name = readable(occlusion, study.dataset, ranked_by, f"{retraining.percent}%", f"t{run}", f"r{repeat}")
    return Key(KINDS[occlusion], name, config)


def _ranking(study: RoarStudy, data: Fingerprint, arm: Arm, run: int, repeat: int = 0) -> dict:
    if arm.network is None:
        return {"attribution": arm.attribution, "seed": study.seed, "run": run, "repeat": repeat}
    known = knows_network(arm.attribution)
    return {
        "attribution": catalogue.identity("attributions", arm.attribution),
        "parameters": arguments(study, "attributions", arm.attribution),
        **({"network": network_key(study, data, arm.network, run).folder} if known else {"run": run}),
        "blur_sigma": arm.blur,
        "seed": study.seed,
    }
