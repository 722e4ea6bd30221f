"""Made-up accuracies beside the made-up retrainings of Section 3.2, and a study of which every number is known."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from experiments.measurement import Measured
from experiments.networks.grid import NetworkSpec, networks
from experiments.scores.arms import BASELINE, Arm, retrainings
from reports.tradeoff.analysis import TradeOffs
from tests.reports.as_values import as_values
from tests.reports.roar.made_up import STUDY, N, made_up

STANDARD, L2_WEAK, L2_STRONG, LINF_WEAK, LINF_STRONG = networks(STUDY)
COSTLY = {STANDARD: 0.9, L2_WEAK: 0.8, L2_STRONG: 0.7, LINF_WEAK: 0.8, LINF_STRONG: 0.7}
FREE = dict.fromkeys(COSTLY, 0.9)
WITH_FAST = dataclasses.replace(STUDY, training=("adversarial", "fast"))
FAST_WEAK, FAST_STRONG = networks(WITH_FAST)[-2:]


def as_they_are(values: dict[Any, Any]) -> None:
    """Changes nothing."""


def values_of(measured: Measured):
    """What a run of this section would leave."""
    return as_values(measured, "scores", "tradeoff")


def trade_offs(
    accuracies: Mapping[NetworkSpec, float],
    study=STUDY,
    change: Callable[[dict[Any, Any]], None] = as_they_are,
) -> TradeOffs:
    """linf networks score 0.18 above all others; accuracies as given, 0.9 else.

    change: puts other numbers among the pieces' values.
    """
    measured = made_up(study)
    for run in range(study.training_seeds):
        for spec, accuracy in accuracies.items():
            right = np.random.default_rng([3, run]).permutation(N) < accuracy * N
            measured.values["evaluation", spec, run]["clean"] = right
    change(measured.values)
    return TradeOffs(values_of(measured))


class Known(NamedTuple):
    """A network's numbers, means over trainings; a pair is of Gradient and of Gradient times input.

    Attributes:
        clean, pgd, apgd, fgsm: accuracies.
        removed, kept: how far the accuracy of retrainings lies beside random pixels; scores are 0.9 times that.
        roughness: of maps.
        seconds: of the trainings of which they are known.
    """

    clean: float
    pgd: float
    apgd: float
    fgsm: float
    removed: tuple[float, float]
    kept: tuple[float, float]
    roughness: tuple[float, float]
    seconds: tuple[float, ...]


KNOWN = {
    STANDARD: Known(0.90, 0.20, 0.15, 0.30, (0.10, 0.20), (0.30, 0.10), (0.80, 0.90), (10, 20)),
    L2_WEAK: Known(0.82, 0.40, 0.35, 0.50, (0.30, 0.25), (0.20, 0.15), (0.60, 0.65), (30, 30, 30)),
    L2_STRONG: Known(0.74, 0.60, 0.52, 0.65, (0.24, 0.30), (0.10, 0.25), (0.50, 0.55), (45, 48, 42)),
    LINF_WEAK: Known(0.80, 0.35, 0.31, 0.45, (0.40, 0.15), (0.25, 0.20), (0.55, 0.45), (60,)),
    LINF_STRONG: Known(0.70, 0.55, 0.46, 0.62, (0.50, 0.08), (0.15, 0.35), (0.40, 0.35), ()),
    FAST_WEAK: Known(0.85, 0.25, 0.17, 0.70, (0.20, 0.05), (0.12, 0.05), (0.70, 0.75), (18, 18, 18)),
    FAST_STRONG: Known(0.75, 0.50, 0.05, 0.88, (0.05, 0.10), (0.05, 0.30), (0.68, 0.58), (21, 21, 21)),
}
DRIFT = (0.01, 0.03)
"""From training to training, of accuracies after Gradient and after Gradient times input; of others 0.01."""
EPOCHS = 4


def right(share: float, run: int, drift: float = 0.01) -> np.ndarray:
    """(N,) which images a network is right on in a training, that share on average over three trainings."""
    return np.arange(N) < round((share + drift * (run - 1)) * N)


def over_trainings(share: float, drift: float = 0.01) -> np.ndarray:
    """(trainings, N) as the analysis has them."""
    return np.stack([right(share, run, drift) for run in range(3)]).astype(float)


def one_step(spec: NetworkSpec, run: int, epoch: int) -> float:
    """Accuracy under one step after an epoch; under several it is 0.27 lower."""
    return (40 + 20 * (spec == FAST_STRONG) + 10 * run + epoch) / 100


def known() -> Measured:
    """Every number is that of `KNOWN`; the weaker fast network was watched in two of three trainings."""
    measured, study = made_up(WITH_FAST), WITH_FAST
    values, seconds = measured.values, {}
    for run in range(study.training_seeds):
        for occlusion, share in (("remove", 0.6), ("keep", 0.4)):
            _retrain(values, BASELINE, run, occlusion, np.arange(N) < share * N)
        for spec, facts in KNOWN.items():
            attacked = {"clean": facts.clean, "pgd": facts.pgd, "apgd": facts.apgd, "fgsm": facts.fgsm}
            values["evaluation", spec, run] = {name: right(share, run) for name, share in attacked.items()}
            if run < len(facts.seconds):
                seconds["network", spec, run] = facts.seconds[run]
            for place, attribution in enumerate(study.attributions):
                arm, drift = Arm(spec, attribution), DRIFT[place]
                _retrain(values, arm, run, "remove", right(0.6 - facts.removed[place], run, -drift))
                _retrain(values, arm, run, "keep", right(0.4 + facts.kept[place], run, drift))
                values["maps", arm, run]["roughness"] = np.array(facts.roughness[place])
        for spec in (FAST_WEAK, FAST_STRONG) if run < 2 else (FAST_STRONG,):
            under = np.array([one_step(spec, run, epoch + 1) for epoch in range(EPOCHS)])
            values["overfitting", spec, run] = {"one_step": under, "several_steps": under - 0.27}
    return Measured(study, values, seconds)


def _retrain(values: dict[Any, Any], arm: Arm, run: int, occlusion: str, correct: np.ndarray) -> None:
    """Puts the same in at every percentage and repetition."""
    for retraining in retrainings(WITH_FAST, arm, run):
        if retraining.occlusion == occlusion:
            values[retraining] = correct
