"""Retrainings whose every share is set, so that what tables and figures show of them can be told by hand.

Each network is right on the first images, as many as its share says, the same in all trainings and repetitions. An
interval is then that of a mean over the images. A score is 0.3 times the gap to random pixels at 20 % plus 0.4 times
the one at 60 %, by the trapezoid rule.
"""

import math

import numpy as np

from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.scores.arms import Arm, arms, retrainings
from experiments.settings.presets import make_settings

SIZES = {
    "training_seeds": 2,
    "repeats": 3,
    "percentiles": (20, 60),
    "blur_sweep": (0.5, 2.0),
    "parts_of": ("all",),
    "controls_of": ("all",),
    "fills": ("mean", "imputed"),
}
(STUDY,) = make_settings("roar", "quick", SIZES).studies
N = 100
CHANCE = 0.12
STANDARD, L2_WEAK, L2, LINF_WEAK, LINF = networks(STUDY)
GRADIENT, INPUT = STUDY.attributions

RANDOM = {"remove": (0.80, 0.50), "keep": (0.30, 0.60), "mask": (0.20, 0.30)}
"""Accuracy of random pixels at 20 and 60 %."""
REMOVED = {
    (STANDARD, GRADIENT, 0): (0.10, 0.10),
    (STANDARD, INPUT, 0): (0.10, 0.20),
    (L2_WEAK, GRADIENT, 0): (0.30, 0.30),
    (L2_WEAK, INPUT, 0): (0.20, 0.20),
    (L2, GRADIENT, 0): (0.20, 0.20),
    (L2, INPUT, 0): (0.30, 0.30),
    (LINF_WEAK, GRADIENT, 0): (0.10, 0.20),
    (LINF_WEAK, INPUT, 0): (0.20, 0.10),
    (LINF, GRADIENT, 0): (0.40, 0.30),
    (LINF, INPUT, 0): (0.30, 0.40),
    (STANDARD, GRADIENT, 0.5): (0.20, 0.10),
    (STANDARD, GRADIENT, 1): (0.20, 0.15),
    (STANDARD, GRADIENT, 2): (0.10, 0.15),
    (STANDARD, INPUT, 0.5): (0.20, 0.20),
    (STANDARD, INPUT, 1): (0.10, 0.30),
    (STANDARD, INPUT, 2): (0.20, 0.30),
    (L2, GRADIENT, 1): (0.20, 0.25),
    (L2, INPUT, 1): (0.30, 0.35),
    (LINF, GRADIENT, 1): (0.40, 0.35),
    (LINF, INPUT, 1): (0.35, 0.40),
}
"""How far accuracy lies below that of random pixels, by network, attribution and blur."""
KEPT = {
    (STANDARD, GRADIENT): (0.00, 0.05),
    (STANDARD, INPUT): (0.05, 0.00),
    (L2_WEAK, GRADIENT): (0.10, 0.00),
    (L2_WEAK, INPUT): (0.10, 0.10),
    (L2, GRADIENT): (0.20, 0.10),
    (L2, INPUT): (0.10, 0.20),
    (LINF_WEAK, GRADIENT): (0.00, 0.10),
    (LINF_WEAK, INPUT): (0.10, 0.05),
    (LINF, GRADIENT): (0.30, 0.10),
    (LINF, INPUT): (0.30, 0.20),
}
"""How far it lies above."""
MASKS = {
    (STANDARD, GRADIENT): (0.10, 0.00),
    (STANDARD, INPUT): (0.00, 0.10),
    (L2, GRADIENT): (0.20, 0.10),
    (L2, INPUT): (0.10, 0.10),
    (LINF, GRADIENT): (0.30, 0.10),
    (LINF, INPUT): (0.20, 0.20),
}
"""The same of networks that see masks alone."""
BETWEEN = {
    "remove": {
        (STANDARD, "shuffled"): (0.20, 0.00),
        (STANDARD, "matched"): (0.15, 0.00),
        (L2, "shuffled"): (0.30, 0.10),
        (L2, "matched"): (0.25, 0.10),
        (LINF, "shuffled"): (0.40, 0.10),
        (LINF, "matched"): (0.30, 0.10),
    },
    "keep": {
        (STANDARD, "shuffled"): (-0.10, 0.00),
        (STANDARD, "matched"): (-0.05, 0.00),
        (L2, "shuffled"): (-0.20, 0.00),
        (L2, "matched"): (-0.20, 0.05),
        (LINF, "shuffled"): (-0.10, 0.00),
        (LINF, "matched"): (0.10, 0.00),
    },
}
"""The same of either attribution, with the ranks of other images: a gap beyond that of own ranks, by network."""
LEFT = 99
"""An image that is alone in its predicted class."""
IMPUTED = {
    (STANDARD, GRADIENT): (0.05, 0.10),
    (STANDARD, INPUT): (0.10, 0.05),
    (L2, GRADIENT): (0.15, 0.20),
    (L2, INPUT): (0.20, 0.15),
    (LINF, GRADIENT): (0.25, 0.05),
    (LINF, INPUT): (0.05, 0.25),
}
"""With removed pixels imputed from their neighbours, under either occlusion. Random pixels then lose 0.05 less."""
EVALUATED = {
    STANDARD: {"clean": 0.95, "pgd": 0.10, "apgd": 0.05, "fgsm": 0.20},
    L2_WEAK: {"clean": 0.90, "pgd": 0.40, "apgd": 0.35, "fgsm": 0.45},
    L2: {"clean": 0.85, "pgd": 0.60, "apgd": 0.55, "fgsm": 0.65},
    LINF_WEAK: {"clean": 0.88, "pgd": 0.30, "apgd": 0.25, "fgsm": 0.33},
    LINF: {"clean": 0.80, "pgd": 0.50, "apgd": 0.45, "fgsm": 0.53},
}
ROUGHNESS = {
    (STANDARD, GRADIENT, 0): 0.80,
    (STANDARD, GRADIENT, 0.5): 0.60,
    (STANDARD, GRADIENT, 1): 0.40,
    (STANDARD, GRADIENT, 2): 0.20,
    (STANDARD, INPUT, 0): 0.90,
    (STANDARD, INPUT, 0.5): 0.70,
    (STANDARD, INPUT, 1): 0.50,
    (STANDARD, INPUT, 2): 0.30,
    (L2_WEAK, GRADIENT, 0): 0.75,
    (L2_WEAK, INPUT, 0): 0.72,
    (L2, GRADIENT, 0): 0.50,
    (L2, INPUT, 0): 0.60,
    (L2, GRADIENT, 1): 0.33,
    (L2, INPUT, 1): 0.34,
    (LINF_WEAK, GRADIENT, 0): 0.65,
    (LINF_WEAK, INPUT, 0): 0.66,
    (LINF, GRADIENT, 0): 0.30,
    (LINF, INPUT, 0): 0.45,
    (LINF, GRADIENT, 1): 0.21,
    (LINF, INPUT, 1): 0.22,
}
ZERO_IMAGES = {STANDARD: 0.01, L2_WEAK: 0.02, L2: 0.03, LINF_WEAK: 0.04, LINF: 0.055}
ZERO_PIXELS = {STANDARD: 0.11, L2_WEAK: 0.12, L2: 0.13, LINF_WEAK: 0.14, LINF: 0.15}


def accuracy(arm: Arm, occlusion: str) -> tuple[float, ...]:
    """At 20 and 60 %."""
    if arm.network is None:
        gaps = (0.01, 0.0) if occlusion == "remove" else (0.0, -0.01)  # of the second random ranking
        gaps = gaps if arm.draw == 2 else (0.0, 0.0)
    elif arm.fill != "mean":
        gaps = IMPUTED[arm.network, arm.attribution]
    elif arm.baseline:
        gaps = BETWEEN[occlusion][arm.network, arm.baseline]
    elif occlusion == "remove":
        gaps = REMOVED[arm.network, arm.attribution, arm.blur]
    else:
        gaps = (KEPT if occlusion == "keep" else MASKS)[arm.network, arm.attribution]
    side = -1 if occlusion == "remove" else 1
    more = 0.0 if arm.fill == "mean" else 0.05
    return tuple(random + more + side * gap for random, gap in zip(RANDOM[occlusion], gaps, strict=True))


def right(share: float) -> np.ndarray:
    """On which images a network of that accuracy is right."""
    return np.arange(N) < round(share * N)


def measured(share: float, arm: Arm) -> np.ndarray:
    """As `right`; with the ranks of other images one image is not measured."""
    return np.where(np.arange(N) == LEFT, -1, right(share)).astype(np.int8) if arm.baseline else right(share)


def exact(study=STUDY) -> Measured:
    """What the pieces would give."""
    facts = {"train_images": 2000, "test_images": N, "chance": CHANCE, "saturated": 0.5}
    values: dict = {"data": {name: np.array(value) for name, value in facts.items()}}
    for run in range(study.training_seeds):
        for spec, shares in EVALUATED.items():
            values["evaluation", spec, run] = {attack: right(share) for attack, share in shares.items()}
        for arm in arms(study):
            for one in retrainings(study, arm, run):
                share = accuracy(arm, one.occlusion)[study.percentiles.index(one.percent)]
                values[one] = measured(share, arm)
            if arm.network and not arm.baseline and arm.fill == "mean":
                values["maps", arm, run] = {
                    "roughness": np.array(ROUGHNESS[arm.network, arm.attribution, arm.blur]),
                    "zero_pixels": np.array(ZERO_PIXELS[arm.network]),
                    "zero_images": np.array(ZERO_IMAGES[arm.network]),
                    "likeness": np.full(N, 0.5),
                }
    return Measured(study, values)


SIDE = 4
"""Of a picture."""
IMAGES = (np.arange(2 * SIDE * SIDE) / SIDE**2 - 1).reshape(2, SIDE, SIDE, 1)
FILL = np.array([0.25])


def map_of(arm: Arm) -> np.ndarray:
    """(2, 4, 4) an arm's maps of the images: each arm has another pixel that is not 0."""
    place = list(REMOVED).index((arm.network, arm.attribution, 0))
    maps = np.zeros((2, SIDE * SIDE))
    maps[0, place], maps[1, place] = 1, -1
    return maps.reshape(2, SIDE, SIDE)


def ranks_of(arm: Arm) -> np.ndarray:
    """(2, 4, 4) an arm's ranks of the images' pixels: each arm begins with another pixel."""
    place = list(REMOVED).index((arm.network, arm.attribution, 0))
    ranks = np.arange(SIDE * SIDE)
    return np.stack([np.roll(ranks, place), np.roll(ranks[::-1], place)]).reshape(2, SIDE, SIDE)


def put_pictures(measured: Measured) -> None:
    """Adds the sample of images, and what every plain arm makes of it."""
    about = {"sample_index": np.array([7, 3]), "sample_label": np.array(["two", "nine"])}
    measured.values["data"] |= {"sample_images": IMAGES, **about}
    for run in range(measured.study.training_seeds):
        # Of the first training, whose pictures are shown; the second has other images.
        measured.values["images", run] = {"fill": FILL + run, "chosen": np.arange(10) + 5 * run}
        for arm in arms(measured.study):
            if arm.network and arm.is_plain:
                measured.values["maps", arm, run] |= {"sample_maps": map_of(arm), "sample_ranks": ranks_of(arm)}


def score(gaps: tuple[float, float]) -> float:
    """The area of gaps at 20 and 60 %."""
    return 0.3 * gaps[0] + 0.4 * gaps[1]


def share_ends(share: float) -> tuple[float, float]:
    """The interval of a share of the images, of the same width on the logit scale on either side."""
    error = math.sqrt(share * (1 - share) / (N - 1)) / (share * (1 - share))
    low, high = (math.log(share / (1 - share)) + side * 1.959964 * error for side in (-1, 1))
    return 1 / (1 + math.exp(-low)), 1 / (1 + math.exp(-high))


def ends(values: np.ndarray) -> tuple[float, float]:
    """The interval of a mean over the images."""
    half = 1.959964 * float(values.std(ddof=1)) / math.sqrt(len(values))
    return float(values.mean()) - half, float(values.mean()) + half
