"""The pieces of ROAR and KAR: networks, their evaluations, maps and measures, and every retraining."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from experiments import catalogue
from experiments.data import Fingerprint
from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, networks
from experiments.networks.keys import network_key, readable, retraining_config
from experiments.networks.pieces import network_pieces
from experiments.piece import Piece, Task
from experiments.roar.study import RoarStudy
from experiments.settings.studies import arguments
from experiments.store.artefacts import Key

RANDOM, SECOND_RANDOM = "random", "random_2"
KINDS = {
    "remove": "retrainings, pixels removed",
    "keep": "retrainings, pixels kept",
    "mask": "retrainings, masks alone",
}
"""By occlusion: "mask" shows the network nothing but which pixels "remove" would take."""


@dataclass(frozen=True)
class Arm:
    """What ranks the pixels of a series of retrainings.

    network is None for the random baselines; blurred scores are smoothed before ranking.
    """

    network: NetworkSpec | None
    attribution: str
    blurred: bool = False

    @property
    def name(self) -> str:
        parts = [self.network.name] if self.network else []
        return " ".join([*parts, self.attribution, *(["blurred"] if self.blurred else [])])


BASELINE = Arm(None, RANDOM)


@dataclass(frozen=True)
class Retraining:
    """A standard network trained and tested on images that an arm's ranking occludes in one way."""

    arm: Arm
    occlusion: str
    percent: int
    repeat: int


def pieces(study: RoarStudy, data: Fingerprint) -> Iterator[Piece]:
    """All of a study, in the order to do it."""
    yield Piece(data_key(study, data), "facts and pictures", name="data", task=Task("data_facts"))
    yield from network_pieces(study, data)
    for spec in networks(study):
        # The attacks of a grid of steps, and a single one.
        cost = 2.0 * data.test_images * (study.robust_steps * len(study.robust_attacks) + 1)
        key = evaluation_key(study, data, spec)
        yield Piece(key, spec.name, cost, ("evaluation", spec), Task("evaluation", (spec,)))
    for arm in arms(study):
        if arm.network is not None:
            key = maps_key(study, data, arm)
            yield Piece(key, arm.name, 0, ("maps", arm), Task("maps", (arm,)), side_by_side=True)
        if arm.network is not None and not arm.blurred:
            for measure in without_retraining(study):
                key = measure_key(study, data, arm, measure)
                task = Task("measure", (arm, measure))
                yield Piece(key, f"{measure} {arm.name}", 0, ("measure", arm, measure), task, side_by_side=True)
        for retraining in of_arm(study, arm):
            key = retraining_key(study, data, retraining)
            cost = STANDARD.passes * study.epochs * data.train_images
            yield Piece(key, arm.name, cost, retraining, Task("retrain", (retraining,)), side_by_side=True)


def arms(study: RoarStudy) -> list[Arm]:
    """The random baseline, the paper's arms, then the controls."""
    plain = [Arm(spec, attribution) for spec in networks(study) for attribution in study.attributions]
    controls = [
        Arm(None, SECOND_RANDOM),
        *(Arm(spec, attribution, True) for spec in control_networks(study) for attribution in study.attributions),
    ]
    return [BASELINE, *plain, *(controls if study.controls else [])]


def of_arm(study: RoarStudy, arm: Arm) -> Iterator[Retraining]:
    """Every retraining of an arm."""
    for occlusion in _occlusions(study, arm):
        for percent in study.percentiles:
            for repeat in range(study.repeats):
                yield Retraining(arm, occlusion, percent, repeat)


def _occlusions(study: RoarStudy, arm: Arm) -> list[str]:
    if arm.blurred or arm.attribution == SECOND_RANDOM:
        return ["remove"]
    wanted = [kind for name in study.measures for kind in retrainings_of(name)]
    masks = ["mask"] if study.controls and arm.network in control_networks(study) else []
    return [*dict.fromkeys(wanted), *masks]


def retrainings_of(measure: str) -> tuple[str, ...]:
    """The occlusions under which a measure needs networks retrained."""
    return catalogue.entry("measures", measure).declared.get("RETRAININGS", ())


def without_retraining(study: RoarStudy) -> list[str]:
    """The study's measures that need no retraining."""
    return [name for name in study.measures if not retrainings_of(name)]


# Keys


def data_key(study: RoarStudy, data: Fingerprint) -> Key:
    config = {"train": data.train, "test": data.test, "sample_seed": study.seed}
    return Key("pictures of the data", readable("data", study.dataset), config)


def evaluation_key(study: RoarStudy, data: Fingerprint, spec: NetworkSpec) -> Key:
    """Key of a network's clean and attacked accuracy on the test set."""
    config: dict[str, Any] = {
        "network": network_key(study, data, spec).folder,
        "test": data.test,
        "attacks": {
            catalogue.identity("robust_attacks", name): arguments(study, "robust_attacks", name)
            for name in study.robust_attacks
        },
        "robust_eps": study.robust_eps,
    }
    if study.precision != "float32":
        config["checked_in"] = "float32"
    return Key("evaluations", readable("evaluation", study.dataset, spec.name), config)


def maps_key(study: RoarStudy, data: Fingerprint, arm: Arm) -> Key:
    """Key of what is measured on, and shown of, an arm's attribution maps."""
    config = {"ranking": _ranking(study, data, arm), "test": data.test}
    return Key("attributions", readable("maps", study.dataset, arm.name), config)


def measure_key(study: RoarStudy, data: Fingerprint, arm: Arm, measure: str) -> Key:
    """Key of a measure of an arm's attribution maps."""
    config = {
        "ranking": _ranking(study, data, arm),
        "test": data.test,
        "measure": catalogue.identity("measures", measure),
        "parameters": arguments(study, "measures", measure),
    }
    return Key("measures without retraining", readable("measure", measure, study.dataset, arm.name), config)


def retraining_key(study: RoarStudy, data: Fingerprint, retraining: Retraining) -> Key:
    """Key of one retraining."""
    arm, occlusion = retraining.arm, retraining.occlusion
    config = {
        **retraining_config(study, data, retraining.repeat),
        "ranking": _ranking(study, data, arm, retraining.repeat),
        "occlusion": occlusion,
        "percent": retraining.percent,
    }
    name = readable(occlusion, study.dataset, arm.name, f"{retraining.percent}%", f"r{retraining.repeat}")
    return Key(KINDS[occlusion], name, config)


def _ranking(study: RoarStudy, data: Fingerprint, arm: Arm, repeat: int = 0) -> dict:
    if arm.network is None:
        return {"attribution": arm.attribution, "seed": study.seed, "repeat": repeat}
    return {
        "attribution": catalogue.identity("attributions", arm.attribution),
        "parameters": arguments(study, "attributions", arm.attribution),
        "network": network_key(study, data, arm.network).folder,
        "blur_sigma": study.blur_sigma if arm.blurred else 0,
        "seed": study.seed,
    }
