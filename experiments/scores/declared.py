"""What the attributions, measures and attacks of a study declare, and what they cost."""

from experiments import catalogue
from experiments.scores.study import ScoresStudy
from experiments.settings.studies import arguments


def attack_steps(study: ScoresStudy, name: str) -> int:
    """Steps that one of the robust attacks takes in all."""
    known = arguments(study, "robust_attacks", name)
    return known.get("steps", study.robust_steps) * known.get("restarts", 1) * len(known.get("losses", [""]))


def attribution_passes(study: ScoresStudy, attribution: str) -> float:
    """Network passes per image that an attribution takes: forward and back, if it does not say more."""
    return catalogue.passes("attributions", attribution, arguments(study, "attributions", attribution), without=2)


def measure_passes(study: ScoresStudy, measure: str, attribution: str) -> float | None:
    """Network passes per image that a measure takes beside the maps it is given; None where its file says nothing."""
    declared, known = catalogue.entry("measures", measure).declared, arguments(study, "measures", measure)
    if not {"PASSES", "EXPLAINS"} & declared.keys():
        return None
    explains = catalogue.counted(declared.get("EXPLAINS", {}), known)
    return catalogue.counted(declared.get("PASSES", {}), known) + explains * attribution_passes(study, attribution)


def measured_images(study: ScoresStudy, test_images: int) -> int:
    """On how many test images measures without retraining are computed."""
    return min(study.measured_images or test_images, test_images)


def knows_network(attribution: str) -> bool:
    """Whether an attribution depends on the network."""
    return catalogue.entry("attributions", attribution).declared.get("KNOWS_NETWORK", True)


def retrainings_of(measure: str) -> tuple[str, ...]:
    """The occlusions under which a measure needs networks retrained."""
    return catalogue.entry("measures", measure).declared.get("RETRAININGS", ())


def needs_of(measure: str) -> tuple[str, ...]:
    """What a measure needs a data set to have: a "manifold", a "null block"."""
    return catalogue.entry("measures", measure).declared.get("NEEDS", ())


def without_retraining(study: ScoresStudy) -> list[str]:
    """The study's measures that need no retraining."""
    return [name for name in study.measures if not retrainings_of(name)]
