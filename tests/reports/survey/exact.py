"""A survey whose every effect is set, in each of three trainings, so that what is shown of it can be told by hand.

Eight conclusions, ten scores, seven networks, four attributions; every outcome is there. Measures without retraining
have one value on all images, so that intervals and p are those of Student's t over three numbers. Retrained networks
are right on the first images, as many as it takes. Beside it BlockMNIST, of which there is one measure alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from experiments.measurement import Measured
from experiments.networks.grid import NetworkSpec, networks
from experiments.scores.arms import BASELINE, Arm, arms, other_random_arms, retrainings
from experiments.scores.declared import without_retraining
from experiments.settings.presets import make_settings
from experiments.store.values import Values
from measures.null_block_share import NULL_BLOCK
from reports.section import Judged, judge
from tests.reports.as_values import as_values

OWN = "tests.reports.survey.own_measure:closeness"
SIZES = {
    "datasets": ("mnist_5k", "block_mnist"),
    "training": ("adversarial", "trades"),
    "attributions": ("gradient", "gradient_x_input", "integrated_gradients", "smoothgrad"),
    **{"training_seeds": 3, "repeats": 2, "percentiles": (50,), "random_baselines": 2},
}
MEASURES = ("roar", "road", "diffroar", "insertion", "deletion", "sparseness", "max_sensitivity", "randomisation", OWN)
STUDY = replace(make_settings("survey", "quick", SIZES).studies[0], measures=MEASURES)
BLOCKS = make_settings("survey", "quick", SIZES).studies[1]
STANDARD, L2_WEAK, L2, LINF_WEAK, LINF, TRADES_WEAK, TRADES = networks(STUDY)
GRADIENT, INPUT, INTEGRATED, SMOOTH = STUDY.attributions
N = 4000
"""Test images."""
MEASURED = 10
"""Those that measures without retraining are of."""

PATTERNS = {
    "raises-l2-gradient": "sss.??s?sb",
    "raises-l2-gradient_x_input": "s??.?b???w",
    "raises-linf-gradient": "ssc.??s???",
    "raises-linf-gradient_x_input": "??c.c???n?",
    "gradient_x_input-above-gradient": "???.?bwnn?",
    "stronger-l2": "ss?.?s??s?",
    "stronger-linf": "c?s.?s?wn?",
    "raises-trades-gradient": "??s.???n?b",
}
"""By conclusion a letter for each score of `SCORES`. DiffROAR's effects are the sums of ROAR's and KAR's."""
BY_TRAINING = {
    "s": (0.98, 1.0, 1.02),
    "c": (-0.98, -1.0, -1.02),
    "b": (0.9, 1.0, 1.1),
    "w": (-0.9, -1.0, -1.1),
    "?": (-0.5, 0.1, 0.55),
    "n": (-0.5, 0.1, 0.55),
}
"""In each training, over the effect's size: supported, contradicted, open and leaning to better or worse, open."""
SCORES = {
    "roar": (0.02, 0.0, True),
    "kar": (0.03, 0.0, True),
    "road": (0.04, 0.3, True),
    "diffroar": (0.05, 0.0, True),
    "insertion": (0.06, 0.5, True),
    "deletion": (0.07, 0.7, False),
    "sparseness": (0.08, 0.6, True),
    "max_sensitivity": (0.09, 0.8, False),
    "randomisation": (0.10, 0.2, False),
    "closeness": (0.11, 3.0, False),
}
"""By score: the size of the first conclusion's effect, each further one's is a tenth of it larger; where values lie
that are neither better nor worse; and whether more is better."""
RANDOM = 0.5
"""Accuracy of random pixels. A second draw of them has 0.48 where they are removed, and 0.54 where they are kept."""
SECONDS = {"remove": 1.5, "keep": 2.5}
"""Of a retraining; of the second draw of random pixels a thousand more."""
FREE_SECONDS = {
    "road": 0.01,
    "insertion": 0.02,
    "deletion": 0.04,
    "sparseness": 0.08,
    "max_sensitivity": 0.16,
    "randomisation": 5.0,
    OWN: 100.0,
}
"""Of a measure on one arm in one training."""
NULL_SHARES = {GRADIENT: 0.50, INPUT: 0.40, INTEGRATED: 0.35, SMOOTH: 0.60}
"""Of the standard network; each further network has 0.01 less. Trainings spread the farther, the later they stand."""


def effects(conclusion: str, score: str) -> np.ndarray:
    """(3,) in each training, above 0 where better."""
    if score == "diffroar":
        return effects(conclusion, "roar") + effects(conclusion, "kar")
    letter = PATTERNS[conclusion][list(SCORES).index(score)]
    size = SCORES[score][0] * (1 + list(PATTERNS).index(conclusion) / 10)
    return size * np.array(BY_TRAINING[letter])


def better(network: NetworkSpec, attribution: str, score: str) -> np.ndarray:
    """(3,) in each training how far an attribution lies above what is neither better nor worse, so that all effects
    are as `effects` says: each follows from those of the strongest networks but for the slopes and the difference
    between the attributions, for which the weak networks and TRADES's Gradient x Input are made to fit.
    """
    names = ("l2-gradient", "l2-gradient_x_input", "linf-gradient", "linf-gradient_x_input")
    l2, l2_input, linf, linf_input = (effects(f"raises-{name}", score) for name in names)
    trades, number = effects("raises-trades-gradient", score), networks(STUDY).index(network)
    above = 7 * effects("gradient_x_input-above-gradient", score) - (l2_input - l2) - (linf_input - linf)
    # Relative strengths 0, 1/4 and 1: the slope is (7/12 of the strongest - 1/6 of the weak one) over 13/24.
    weak_l2 = 3.5 * (l2 + l2_input) / 2 - 3.25 * effects("stronger-l2", score)
    weak_linf = 3.5 * (linf + linf_input) / 2 - 3.25 * effects("stronger-linf", score)
    nothing, offset = np.zeros(3), SCORES[score][0] / 4
    of_gradient = [nothing, weak_l2, l2, weak_linf, linf, nothing + offset / 2, trades]
    of_input = [nothing, weak_l2, l2_input, weak_linf, linf_input, nothing + offset / 2, trades + above - 7 * offset]
    best = 2.0 if score == "closeness" else -offset / 5 * (number + 1)  # of one measure on all networks alike
    found = {
        GRADIENT: of_gradient[number],
        INPUT: of_input[number] + offset,
        INTEGRATED: nothing + offset / 3 * (number + 1),
        SMOOTH: nothing + best,
    }
    return found[attribution]


def value(network: NetworkSpec, attribution: str, score: str) -> np.ndarray:
    """(3,) the score in each training."""
    _, middle, more = SCORES[score]
    return middle + (1 if more else -1) * better(network, attribution, score)


def exact() -> Measured:
    """What the pieces would give of mnist_5k."""
    made = _common(STUDY, np.linspace(-1, 1, 3 * 28 * 28).reshape(3, 28, 28, 1), (28, 28))
    seconds: dict = {}
    for run in range(3):
        for arm in [*arms(STUDY), *other_random_arms(STUDY)]:
            for one in retrainings(STUDY, arm, run):
                made[one] = np.arange(N) < round(N * accuracy(arm, one.occlusion)[run])
                seconds[one] = SECONDS[one.occlusion] + 1000 * (arm.draw > 1)
        for name in without_retraining(STUDY):
            for arm in arms(STUDY)[1:]:
                score = "closeness" if name == OWN else name
                made["measure", arm, run, name] = np.full(MEASURED, value(arm.network, arm.attribution, score)[run])
                seconds["measure", arm, run, name] = FREE_SECONDS[name]
        for number, spec in enumerate(networks(STUDY)):
            made["noise", spec, run, "insertion"] = np.full(MEASURED, 0.31 + 0.01 * number)
            made["noise", spec, run, "deletion"] = np.full(MEASURED, 0.28 + 0.01 * number)
        made["measure", Arm(LINF, INPUT), run, "randomisation"][4:] = np.nan
        made["measure", Arm(TRADES, GRADIENT), run, "max_sensitivity"][:] = np.nan
    return Measured(STUDY, made, seconds)


def accuracy(arm: Arm, occlusion: str) -> np.ndarray:
    """(3,) of retrained networks; a score is half of how far it lies from that of random pixels at 50 %."""
    if arm.network is None:
        return np.full(3, RANDOM if arm == BASELINE else {"remove": 0.48, "keep": 0.54}[occlusion])
    score, side = ("roar", -1) if occlusion == "remove" else ("kar", 1)
    return RANDOM + side * 2 * better(arm.network, arm.attribution, score)


def blocks() -> Measured:
    """What the pieces would give of BlockMNIST; the null block is above, below and above."""
    digit = np.linspace(-1, 1, 28 * 28).reshape(28, 28, 1)
    images = [np.concatenate(pair) for pair in ((NULL_BLOCK, digit), (digit, NULL_BLOCK), (NULL_BLOCK, digit))]
    made = _common(BLOCKS, np.stack(images), (56, 28))
    for run in range(3):
        for number, spec in enumerate(networks(BLOCKS)):
            made["noise", spec, run, "null_block_share"] = np.full(MEASURED, 0.5)
            for place, (attribution, share) in enumerate(NULL_SHARES.items()):
                spread = 0.0005 * (1 + number + 2 * place)
                shares = np.full(MEASURED, share - 0.01 * number + spread * (run - 1))
                made["measure", Arm(spec, attribution), run, "null_block_share"] = shares
    return Measured(BLOCKS, made, {name: 0.5 for name in made if name[0] == "measure"})


def _common(study, images: np.ndarray, shape: tuple[int, int]) -> dict:
    """What both have: networks that are right on nine of ten images, and the maps of three."""
    facts = {"train_images": 2000, "test_images": N, "chance": 0.1}
    pictures = {"sample_images": images, "sample_index": [4, 9, 16], "sample_label": ["7", "0", "3"]}
    made: dict = {"data": {name: np.array(fact) for name, fact in {**facts, **pictures}.items()}}
    for run in range(3):
        for spec in networks(study):
            made["evaluation", spec, run] = {"clean": np.arange(N) < 0.9 * N}
        for place, arm in enumerate(arms(study)[1:]):
            maps = np.zeros((3, *shape), np.float32)
            maps[:, place % 28, :] = 1  # a line of its own
            made["maps", arm, run] = {"sample_maps": maps, "sample_ranks": np.zeros((3, *shape), int)}
    return made


def every_outcome() -> list[Values]:
    """The survey of both data sets, whose own measure's file is gone."""
    return [_gone(as_values(exact(), "survey", "survey")), as_values(blocks(), "survey", "survey")]


@cache
def judged() -> Mapping[str, Judged]:
    """What the reports say of them, by data set."""
    return {one.dataset: one for one in judge("survey", every_outcome())}


GONE = "gone:closeness"


def _gone(values: Values) -> Values:
    """With a name for the own measure under which nothing is found."""

    def renamed(names) -> list[str]:
        return [GONE if name == OWN else name for name in names]

    measures = values.words["measures"]
    return replace(
        values,
        settings={**values.settings, "measures": renamed(values.settings["measures"])},
        words={**values.words, "measures": dict(zip(renamed(measures), measures.values(), strict=True))},
        arrays=values.arrays.assign_coords(measure=renamed(values.arrays["measure"].values)),
    )
