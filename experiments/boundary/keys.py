"""Under which name the toy's networks are stored: all that determines them, nothing more."""

from experiments.boundary.study import BoundaryStudy
from experiments.networks.keys import readable
from experiments.store.artefacts import Key


def strength_key(study: BoundaryStudy, eps: float) -> Key:
    """Key of the toy networks of every seed trained at one strength, and of what was measured on them."""
    config = {
        "points": study.toy_points,
        "epochs": study.toy_epochs,
        "seeds": study.toy_seeds,
        "attack_eps": study.toy_attack_eps,
        "eps": eps,
        "seed": study.seed,
    }
    return Key("training strengths of the toy", readable("boundary", study.dataset, f"eps {eps:g}"), config)
