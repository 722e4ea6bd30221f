"""Made-up retrainings with known answers, for the tests of the analysis and the claims of Sections 3.2 and 3.3."""

import numpy as np

from experiments.measurement import Measured
from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import Arm, Retraining, arms, occlusions
from experiments.settings.presets import make_settings
from reports.roar.analysis import Scores
from tests.reports.as_values import as_values

SIZES = {
    "training_seeds": 3,
    "repeats": 2,
    "percentiles": (10, 50, 90),
    "blur_sweep": (0.5, 2.0),
    "parts_of": ("all",),
    "controls_of": ("all",),
    "fills": ("mean", "imputed"),
}
(STUDY,) = make_settings("roar", "quick", SIZES).studies
N = 800
LINF_WEAK, LINF_STRONG = [spec for spec in networks(STUDY) if spec.norm == "linf"]


def gap(arm: Arm, occlusion: str) -> float:
    """How far below the random baseline an arm's accuracy is made to lie, at every percentage."""
    if arm.network is None or occlusion == "mask":
        return 0.0
    if arm.blur:
        return 0.05
    robust = 0.2 if arm.network.norm == "linf" else 0.0
    share = {"": 1.0, "shuffled": 0.5, "matched": 0.75}[arm.baseline]  # of the gap that other images' ranks give
    return share * (0.1 + robust) * (1 if occlusion == "remove" else -1)


def made_up(study=STUDY, other_random: float = 0.0) -> Measured:
    """What retrainings of these accuracies would give, under the pieces' names. Images are drawn at random.

    Args:
        other_random: by how much the random baselines but the first lie below it.
    """
    rng = np.random.default_rng(1)
    values: dict = {
        "data": {
            "train_images": np.array(2000),
            "test_images": np.array(N),
            "chance": np.array(0.1),
            "saturated": np.array(0.5),
        },
    }
    for run in range(study.training_seeds):
        for spec in networks(study):
            shares = {"clean": 0.9, "fgsm": 0.6, **dict.fromkeys(study.robust_attacks, 0.5)}
            values["evaluation", spec, run] = {name: np.arange(N) < share * N for name, share in shares.items()}
        for arm in arms(study):
            for occlusion in occlusions(study, arm):
                accuracy = 0.4 if occlusion == "mask" else 0.6 - gap(arm, occlusion)
                if arm.network is None and arm.draw > 1:
                    accuracy -= other_random
                draw(values, study, arm, occlusion, accuracy, rng, run)
            if arm.network and not arm.baseline and arm.fill == "mean":
                values["maps", arm, run] = {
                    "roughness": np.array(roughness(arm)),
                    "zero_pixels": np.array(0.0),
                    "zero_images": np.array(0.0),
                    "likeness": np.full(N, 0.5),
                }
    return Measured(study, values)


def scores_of(measured: Measured) -> Scores:
    """What the reports make of it."""
    return Scores(as_values(measured, "scores", "roar"))


def roughness(arm: Arm) -> float:
    """Of the standard network 0.8 and less with every blur; of all others 0.5."""
    return 0.8 / (1 + arm.blur) if arm.network == STANDARD else 0.5


def draw(values: dict, study, arm: Arm, occlusion: str, accuracy, rng: np.random.Generator, run: int) -> None:
    """Puts in retrainings of one series, each right on a share of the images, or one share for each percentage."""
    shares = np.broadcast_to(accuracy, len(study.percentiles))
    correct = rng.random((study.repeats, len(study.percentiles), N)) < shares[:, None]
    for repeat in range(study.repeats):
        for place, percent in enumerate(study.percentiles):
            values[Retraining(arm, occlusion, percent, repeat, run)] = correct[repeat, place]


def draw_all(values: dict, study, arm: Arm, occlusion: str, accuracy, seed: int = 2) -> None:
    """The same in every training."""
    rng = np.random.default_rng(seed)
    for run in range(study.training_seeds):
        draw(values, study, arm, occlusion, accuracy, rng, run)


def lose(values: dict, study, arm: Arm, occlusion: str, percent: int) -> None:
    """Takes away a retraining in every training."""
    for run in range(study.training_seeds):
        del values[Retraining(arm, occlusion, percent, 0, run)]
