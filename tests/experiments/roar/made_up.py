"""Made-up retrainings with known answers, for the tests of the analysis and the claims of Sections 3.2 and 3.3."""

import numpy as np

from experiments.experiment import Measured
from experiments.networks.grid import networks
from experiments.roar.pieces import SECOND_RANDOM, Arm, Retraining, arms, of_arm
from experiments.settings.presets import make_settings

(STUDY,) = make_settings("roar", "quick", {"repeats": 3}).studies
N = 800


def gap(arm: Arm, occlusion: str) -> float:
    """How far below the random baseline an arm's accuracy is made to lie, at every percentage."""
    if arm.network is None or occlusion == "mask":
        return 0.0
    if arm.blurred:
        return 0.05
    robust = 0.2 if arm.network.norm == "linf" else 0.0
    return (0.1 + robust) * (1 if occlusion == "remove" else -1)


def made_up(study=STUDY, second_random: float = 0.0) -> Measured:
    """What retrainings of these accuracies would give, under the pieces' names. Images are drawn at random."""
    rng = np.random.default_rng(0)
    values: dict = {
        "data": {"train_images": np.array(2000), "test_images": np.array(N), "chance": np.array(0.1)},
    }
    for spec in networks(study):
        right = {"clean": np.arange(N) < 0.9 * N, "pgd": np.arange(N) < 0.5 * N, "fgsm": np.arange(N) < 0.6 * N}
        values["evaluation", spec] = right
    for arm in arms(study):
        for occlusion in dict.fromkeys(retraining.occlusion for retraining in of_arm(study, arm)):
            accuracy = 0.4 if occlusion == "mask" else 0.6 - gap(arm, occlusion)
            if arm.attribution == SECOND_RANDOM:
                accuracy -= second_random
            draw(values, study, arm, occlusion, accuracy, rng)
        if arm.network:
            values["maps", arm] = {
                "roughness": np.array(0.5),
                "zero_pixels": np.array(0.0),
                "zero_images": np.array(0.0),
            }
    return Measured(study, values)


def draw(values: dict, study, arm: Arm, occlusion: str, accuracy: float, rng: np.random.Generator) -> None:
    """Puts in retrainings of one series, each right on a share of the images."""
    correct = rng.random((study.repeats, len(study.percentiles), N)) < accuracy
    for repeat in range(study.repeats):
        for place, percent in enumerate(study.percentiles):
            values[Retraining(arm, occlusion, percent, repeat)] = correct[repeat, place]
