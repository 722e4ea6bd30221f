"""Made-up distances with known answers, for the tests of the analysis and the claims."""

import numpy as np

from experiments.experiment import Measured
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.networks.grid import STANDARD, networks
from experiments.settings.presets import make_settings

(STUDY,) = make_settings("manifold", "quick").studies
N = 300


def made_up(noise_growth: float) -> Measured:
    """Distances that fall with eps in l2 and do not in linf."""
    rng = np.random.default_rng(0)
    clean = rng.normal(10, 1, N)
    values = {}
    for spec in networks(STUDY):
        fall = spec.strength if spec.norm == "l2" else 0
        for loss in ATTACK_LOSSES:
            values["attack", spec, loss] = {
                "distance": clean + 4 - fall + rng.normal(0, 0.5, N),
                "size": np.full(N, 12.0),
                "noise_distance": clean + 2,
                "changed_standard": np.arange(N) % 2 == 0,
                "changed_own": np.ones(N, bool),
            }
    noise = np.stack([clean + noise_growth * i + rng.normal(0, 0.1, N) for i in range(4)])
    for spec in networks(STUDY):
        share = 0.1 if spec == STANDARD else 0.3
        values["gradients", spec] = {"alignment": np.full(N, share) + rng.normal(0, 0.01, N)}
    values["quality"] = {
        "clean": clean,
        "noise": noise,
        "same_class": clean,
        "pca": clean,
        "latent_size": np.array(10),
        "sample_images": np.zeros((1, 28, 28, 1)),
    }
    return Measured(STUDY, values)
