"""Made-up distances with known answers, for the tests of the analysis and the claims."""

import numpy as np

from experiments.experiment import Measured
from experiments.manifold.analysis import CONTROLS
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.networks.grid import STANDARD, networks
from experiments.settings.presets import make_settings

(STUDY,) = make_settings("manifold", "quick", {"training_seeds": 3, "l2_eps": (0.5, 1.0, 2.0)}).studies
N = 300
RUNS = range(STUDY.training_seeds)
_, L2_WEAK, L2_MIDDLE, L2_STRONG, LINF_WEAK, LINF_STRONG = networks(STUDY)


def made_up(noise_growth: float = 1.0, noise: tuple[float, ...] | None = None, study=STUDY) -> Measured:
    """Distances that fall with eps in l2 and do not in linf; those without a VAE-GAN fall by half as much.

    The encoder's distances, which a study has that searches for the nearest image, fall by a quarter as much; images
    with the smallest noise lie closer to the encoder's than clean ones.

    Args:
        noise_growth: of the distance with every size of noise, the smallest included.
        noise: mean distance above the clean one of each size of noise, instead.
    """
    rng = np.random.default_rng(0)
    added = noise or [noise_growth * (i + 1) for i in range(4)]
    values: dict = {}
    for run in range(study.training_seeds):
        clean = rng.normal(10, 1, N)
        for spec in networks(study):
            fall = spec.strength if spec.norm == "l2" else 0
            for loss in ATTACK_LOSSES:
                values["attack", spec, loss, run] = {
                    "distance": clean + 4 - fall + rng.normal(0, 0.5, N),
                    **{name: clean + 4 - fall / 2 + rng.normal(0, 0.1, N) for name in CONTROLS},
                    "size": np.full(N, 12.0),
                    "noise_distance": clean + 2 + rng.normal(0, 0.5, N),
                    "encoded": clean + 6 - fall / 4 + rng.normal(0, 0.1, N),
                    "changed_standard": np.arange(N) % 2 == 0,
                    "changed_own": np.ones(N, bool),
                }
            share = 0.1 if spec == STANDARD else 0.3
            values["gradients", spec, run] = {
                "alignment": share + rng.normal(0, 0.01, N),
                "alignment_blurred": 0.5 + rng.normal(0, 0.01, N),
                "alignment_other": (0.1 if spec == STANDARD else 0.15) + rng.normal(0, 0.01, N),
            }
        values["quality", run] = {
            "clean": clean,
            "noise": np.stack([clean + more + rng.normal(0, 0.1, N) for more in added]),
            "encoded": np.stack([clean + 2 + more + rng.normal(0, 0.1, N) for more in (0, -0.1, 1, 2, 3)]),
            "to_another": clean + 3,
            **dict.fromkeys(CONTROLS, clean + 1),
            "latent_size": np.array(10),
            "sample_images": np.zeros((1, 28, 28, 1)),
        }
    return Measured(study, values)
