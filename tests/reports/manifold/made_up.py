"""Made-up distances with known answers, for the tests of the analysis, the claims, and what is shown of them."""

from collections.abc import Sequence

import numpy as np

from experiments.manifold.study import ATTACK_LOSSES, ManifoldStudy
from experiments.measurement import Measured
from experiments.networks.grid import STANDARD, networks
from experiments.settings.presets import make_settings
from reports.manifold.analysis import CONTROLS, Distances
from tests.reports.as_values import as_values

(STUDY,) = make_settings("manifold", "quick", {"training_seeds": 3, "l2_eps": (0.5, 1.0, 2.0)}).studies
N = 300
RUNS = range(STUDY.training_seeds)
_, L2_WEAK, L2_MIDDLE, L2_STRONG, LINF_WEAK, LINF_STRONG = networks(STUDY)


def analysed(measured: Measured) -> Distances:
    """What the analysis finds in what pieces gave."""
    return Distances(as_values(measured, "manifold", "manifold"))


def made_up(noise_growth: float = 1.0, noise: Sequence[float] | None = None, study: ManifoldStudy = STUDY) -> Measured:
    """Distances that fall with eps in l2 and do not in linf; those without a VAE-GAN fall by half as much.

    The encoder's distances, which a study has that searches for the nearest image, fall by a quarter as much; images
    with the smallest noise lie closer to the encoder's than clean ones.

    Args:
        noise_growth: of the distance with every size of noise, the smallest included.
        noise: mean distance above the clean one of each size of noise, instead.
        study: its networks and trainings.
    """
    rng = np.random.default_rng(0)
    added = noise or [noise_growth * (i + 1) for i in range(4)]
    values: dict = {}
    for run in range(study.training_seeds):
        clean = rng.normal(10, 1, N)
        for place, spec in enumerate(networks(study)):
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
                    **pictures_of_attack(place, loss, run),
                }
            share = 0.1 if spec == STANDARD else 0.3
            values["gradients", spec, run] = {
                "alignment": share + rng.normal(0, 0.01, N),
                "alignment_blurred": 0.5 + rng.normal(0, 0.01, N),
                "alignment_other": (0.1 if spec == STANDARD else 0.15) + rng.normal(0, 0.01, N),
                "sample_maps": marked("map", place, run)[..., 0],
            }
        values["quality", run] = {
            "clean": clean,
            "noise": np.stack([clean + more + rng.normal(0, 0.1, N) for more in added]),
            "encoded": np.stack([clean + 2 + more + rng.normal(0, 0.1, N) for more in (0, -0.1, 1, 2, 3)]),
            "to_another": clean + 3,
            **dict.fromkeys(CONTROLS, clean + 1),
            **of_vae_gan(run),
        }
    return Measured(study, values)


# Every number on the page can be told in advance, and from every other. Most are sums of few powers of two: they are
# stored with fewer digits than a float has.

(KNOWN_STUDY,) = make_settings(
    "manifold", "quick", {"training_seeds": 3, "l2_eps": (1.0, 4.0), "linf_eps": (0.2,)}
).studies
NAMES = ("standard", "l2 eps 1 cross_entropy", "l2 eps 4 cross_entropy", "linf eps 0.2 cross_entropy")
"""Of its networks; what follows is in this order."""
IMAGES = 20
HALF = 4.3026527
"""Of an interval, over a spread: the t-quantile of 2 degrees of freedom. The error of the mean of three is a spread."""
MEANS = {"cross_entropy": (20.0, 19.0, 16.0, 18.0), "cw": (30.0, 28.5, 25.0, 27.5)}
"""Distances of what succeeds by the standard network's label."""
SPREADS = {"cross_entropy": (0.125, 0.375, 0.625, 0.4375), "cw": (0.5, 0.75, 1.25, 0.9375)}
OTHER_RULE = (0.0, 0.25, 0.75, 1.25)
"""How much closer lies what succeeds by the attacked network's label alone."""
KEPT = {"cross_entropy": (10, 9, 8, 7), "cw": (6, 5, 4, 3)}
"""Of 20 images, those that succeed by the standard network's label; they are in the first half."""
KEPT_OTHER_RULE = {"cross_entropy": (5, 6, 9, 10), "cw": (7, 8, 2, 1)}
"""By the attacked network's; they are in the second half."""
CONTROL_GAINS = {
    "cross_entropy": ((0, 0, 0, 0), (0.125, 0.25, 0.375, 0.5), (0.5, 1.0, 1.5, 2.5), (0.3125, 0.6875, 1.5625, 0.9375)),
    "cw": ((0, 0, 0, 0), (0.1875, 0.3125, 0.4375, 0.5625), (0.75, 1.25, 2.25, 1.75), (0.4375, 0.8125, 1.125, 1.375)),
}
"""Per network and control how much closer than the standard network's."""
CONTROL_SPREADS = (1 / 64, 2 / 64, 3 / 64, 5 / 64)
"""Per control, of each network as many times as its place."""
ALIGNMENTS = {
    "alignment": ((0.10, 0.01), (0.25, 0.02), (0.40, 0.04), (0.33, 0.03)),
    "alignment_other": ((0.08, 0.005), (0.11, 0.005), (0.16, 0.005), (0.14, 0.005)),
    "alignment_blurred": ((0.50, 0.001), (0.52, 0.002), (0.57, 0.006), (0.55, 0.004)),
}
"""Means and spreads."""
NOISE = (1.0, 3.0, 6.0, 10.0)
"""How much farther images with noise lie than clean ones, by its size."""
CLEAN = np.array([8.0, 12.0, *np.linspace(9.5, 9.7, IMAGES - 2)])
"""Distances in every training: their mean is 9.64, their mode 9.6; on the paper's axis 8 is 0 and 12 is 1."""
SAMPLES = 2


def known(study: ManifoldStudy = KNOWN_STUDY) -> Measured:
    """Distances that are the same for all attacked images of a training that count."""
    values: dict = {}
    for run in range(study.training_seeds):
        for place, spec in enumerate(networks(study)):
            for loss in ATTACK_LOSSES:
                values["attack", spec, loss, run] = _known_attack(place, loss, run)
            values["gradients", spec, run] = {
                **{name: level(*of_networks[place], run) for name, of_networks in ALIGNMENTS.items()},
                "sample_maps": marked("map", place, run)[..., 0],
            }
        values["quality", run] = {
            "clean": CLEAN,
            "noise": np.stack([CLEAN + more for more in NOISE]),
            "encoded": np.stack([CLEAN + 30 + more for more in (0, *NOISE)]),
            "to_another": CLEAN + 20,
            **{name: level(40 + j, CONTROL_SPREADS[j], run) for j, name in enumerate(CONTROLS)},
            **of_vae_gan(run),
        }
    return Measured(study, values)


def _known_attack(place: int, loss: str, run: int) -> dict[str, np.ndarray]:
    first_half = np.arange(IMAGES) < IMAGES // 2
    distance = level(MEANS[loss][place], SPREADS[loss][place], run)
    noise_size = 22 + place + 0.5 * (loss == "cw")
    return {
        "distance": np.where(first_half, distance, distance - OTHER_RULE[place]),
        **{
            name: level(70 + 10 * j - CONTROL_GAINS[loss][place][j], CONTROL_SPREADS[j] * place, run)
            for j, name in enumerate(CONTROLS)
        },
        "size": level(11 + place / 8 + (loss == "cw") / 16, 0, run),
        "noise_distance": level(noise_size, 0.125, run),
        "encoded": level(50 + place, 0.125, run),
        "changed_standard": np.arange(IMAGES) < KEPT[loss][place],
        "changed_own": np.arange(IMAGES) >= IMAGES - KEPT_OTHER_RULE[loss][place],
        **pictures_of_attack(place, loss, run),
    }


def level(mean: float, spread: float, run: int) -> np.ndarray:
    """The same of all images: in two of three trainings a spread below the mean, in the third two spreads above."""
    return np.full(IMAGES, mean + spread * (-1, -1, 2)[run])


# Pictures, and what is not of images

METRICS = tuple(
    f"{prefix}{name}"
    for prefix in ("", "val_")
    for name in (
        "accuracy_generated",
        "accuracy_real",
        "accuracy_reconstructed",
        "decoder_loss",
        "discriminator_loss",
        "encoder_loss",
        "kl",
        "reconstruction_l1",
        "reconstruction_l2",
    )
)
"""Of a VAE-GAN's epoch: each is its number here, plus one for each training before."""


def of_vae_gan(run: int) -> dict[str, np.ndarray]:
    """What is measured of a VAE-GAN beside distances."""
    return {
        "latent_size": np.array(10),
        "history_names": np.array(METRICS),
        "history_values": np.arange(len(METRICS)) + float(run),
        "diversity": np.array(0.4 + 0.1 * run),
        "data_diversity": np.array(0.3),
        "sample_images": marked("image", 0, 0),
        "sample_projections": marked("projection", 0, run),
        "sample_index": np.array([7, 11]),
        "sample_label": np.array(["three", "five"]),
        "generated": marked("generated", 0, run, count=3),
    }


def pictures_of_attack(place: int, loss: str, run: int) -> dict[str, np.ndarray]:
    kind = f"adversarial by {loss}"
    return {
        "sample_adversarial": marked(kind, place, run),
        "sample_projections": marked(f"{kind}, projected", place, run),
        "sample_predicted": np.array([f"{loss} {place} {run} {i}" for i in range(SAMPLES)]),
    }


KINDS = (
    "image",
    "projection",
    "generated",
    "map",
    *(f"adversarial by {loss}{projected}" for loss in ATTACK_LOSSES for projected in ("", ", projected")),
)


def marked(kind: str, place: int, run: int, count: int = SAMPLES) -> np.ndarray:
    """(count, 28, 28, 1) dark pictures, each with one column that is brighter down to a row: no two are the same."""
    pictures = np.full((count, 28, 28, 1), -1.0)
    for i in range(count):
        pictures[i, : 1 + KINDS.index(kind) + len(KINDS) * run, 4 * place + i] = 1
    return pictures
