"""What simple controls give: blurred scores, masks alone, another fill, and other random pixels."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from experiments.scores.arms import BASELINE, Arm
from experiments.scores.study import MEAN
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import SCORES
from reports.evidence.registered import PRIMARY
from reports.evidence.statistics import beyond, rank_correlation
from reports.evidence.study import Network
from reports.roar.analysis import OCCLUSIONS, Scores


def beyond_largest(gain: np.ndarray, *controls: np.ndarray) -> Estimate:
    """What is left of a gain beyond the largest gain that controls have; one that loses takes nothing away."""
    return beyond(gain, np.zeros_like(gain), *controls)


# Blur


def blurs(scores: Scores, attribution: str) -> list[Arm]:
    """The standard network's blurred arms that are there, from the least blur on."""
    known = (arm for arm in scores.arms if arm.network == scores.standard and arm.attribution == attribution)
    return [arm for arm in known if arm.blur and scores.is_there(arm, "remove")]


def blurred(scores: Scores) -> list[tuple[Network, str]]:
    """Per family the strongest network, by attribution, where it and the standard one are there blurred alike."""
    sigma = scores.settings["blur_sigma"]
    return [
        (spec, attribution)
        for spec in scores.strongest
        for attribution in scores.explaining
        if all(scores.is_there(Arm(which, attribution, sigma), "remove") for which in (spec, scores.standard))
    ]


def blur_gains(scores: Scores, attribution: str) -> list[np.ndarray]:
    """Per blur that was run, the standard network's gain in ROAR score from it."""
    plain = scores.score(Arm(scores.standard, attribution), "roar")
    return [scores.roar(arm) - plain for arm in blurs(scores, attribution)]


def both_blurred(scores: Scores, spec: Network, attribution: str) -> np.ndarray:
    """(trainings, images): a network's gain in ROAR score where its maps and the standard network's are blurred."""
    sigma = scores.settings["blur_sigma"]
    return scores.roar(Arm(spec, attribution, sigma)) - scores.roar(Arm(scores.standard, attribution, sigma))


def sweep(scores: Scores, attribution: str) -> list[Arm]:
    """The standard network's arms from plain to the most blurred that is there."""
    return [Arm(scores.standard, attribution), *blurs(scores, attribution)]


def roughness(scores: Scores, of: Sequence[Arm]) -> np.ndarray:
    """(arms,) mean over trainings."""
    return np.array([scores.of_maps(arm, "roughness").mean() for arm in of])


def out_of_reach(scores: Scores, spec: Network, attribution: str) -> str:
    """Why no blur makes the standard network's map as rough as another's: "" where one does."""
    rough = roughness(scores, sweep(scores, attribution))
    ours = roughness(scores, [Arm(spec, attribution)])[0]
    if rough.min() <= ours <= rough.max():
        return ""
    return f"its roughness is {ours:.3g}, the standard network's {rough.min():.3g} to {rough.max():.3g}, blurred or not"


def at_equal_roughness(scores: Scores, spec: Network, attribution: str) -> Estimate:
    """A network's ROAR score minus what the standard network's blurred scores have at the same roughness.

    Between the blurs that were run, the score is interpolated linearly over roughness. A blur that costs the
    standard network some of its score takes nothing away.
    """
    if out_of_reach(scores, spec, attribution):
        return UNKNOWN
    blurred = sweep(scores, attribution)
    rough = roughness(scores, blurred)
    ours = float(roughness(scores, [Arm(spec, attribution)])[0])
    order = np.argsort(rough)
    # How far each blur's score counts, so that the weighted sum is the interpolated score.
    weights = [np.interp(ours, rough[order], np.eye(len(blurred))[place][order]) for place in range(len(blurred))]
    matched = np.sum([w * scores.roar(arm) for w, arm in zip(weights, blurred, strict=True)], axis=0)
    return beyond(scores.score(Arm(spec, attribution), "roar"), scores.roar(blurred[0]), matched)


# Masks alone


def masked(scores: Scores) -> list[tuple[Network, str]]:
    """Per family the strongest network, by attribution, where it and the standard one have masks."""
    return [
        (spec, attribution)
        for spec in scores.strongest
        for attribution in scores.explaining
        if all(
            scores.is_there(arm, "mask")
            for arm in (BASELINE, Arm(spec, attribution), Arm(scores.standard, attribution))
        )
    ]


def mask_gain(scores: Scores, spec: Network, attribution: str) -> np.ndarray:
    """(trainings, images): how much more a network's masks tell of the class than the standard network's."""
    return scores.masks(Arm(spec, attribution)) - scores.masks(Arm(scores.standard, attribution))


def predicted(scores: Scores, spec: Network, attribution: str, metric: str) -> np.ndarray:
    """(trainings, images): the largest change of a score that masks alone would make.

    A mask that tells more of the class raises the accuracy of networks retrained with it: KAR rises, and ROAR falls.
    """
    return {"roar": -1.0, "kar": 1.0}[metric] * mask_gain(scores, spec, attribution)


def rises(metric: str, network: Network, attribution: str) -> bool:
    """Whether a score is claimed to rise with training; what is not on the registered list is claimed to."""
    known = PRIMARY.get(f"{metric}-{network.family}-{attribution}")
    return known is None or known.positive


def beyond_masks(scores: Scores, spec: Network, attribution: str, metric: str) -> Estimate:
    """What is left of a claimed change beyond what masks predict; of a claimed fall, how much further it falls."""
    sign = 1.0 if rises(metric, spec, attribution) else -1.0
    change, masks = scores.gain(spec, attribution, metric), predicted(scores, spec, attribution, metric)
    return beyond_largest(sign * change, sign * masks)


def follows_masks(scores: Scores, metric: str) -> float:
    """Rank correlation, over arms and trainings, of the change of a score with that of accuracy on masks alone."""
    pairs = masked(scores)
    masks = [mask_gain(scores, spec, attribution).mean(axis=1) for spec, attribution in pairs]
    changes = [scores.gain(spec, attribution, metric).mean(axis=1) for spec, attribution in pairs]
    return float(rank_correlation(np.concatenate(masks), np.concatenate(changes)))


# Another fill


class Filled(NamedTuple):
    """A score of an attribution of a network, with another fill than the mean colour."""

    network: Network
    attribution: str
    fill: str
    metric: str

    @property
    def arm(self) -> Arm:
        return Arm(self.network, self.attribution, fill=self.fill)


def filled(scores: Scores) -> list[Filled]:
    """Every score that was measured with another fill, of arms and of random pixels alike."""
    rows = (
        Filled(network, attribution, fill, metric)
        for fill in dict.fromkeys(arm.fill for arm in scores.arms if arm.fill != MEAN)
        for attribution in scores.attributions
        for metric in SCORES
        if metric in scores.metrics
        for network in (scores.standard, *scores.strongest)
    )
    return [
        row
        for row in rows
        if all(scores.is_there(arm, OCCLUSIONS[row.metric]) for arm in (row.arm, replace(BASELINE, fill=row.fill)))
    ]


def filled_gains(scores: Scores) -> list[Filled]:
    """Those of the strongest networks where the standard one has the fill as well."""
    there = filled(scores)
    return [row for row in there if row.network.family and row._replace(network=scores.standard) in there]


def filled_gain(scores: Scores, row: Filled) -> np.ndarray:
    """(trainings, images): a network's score minus the standard network's, both with the other fill."""
    standard = row._replace(network=scores.standard)
    return scores.retrained(row.arm, row.metric) - scores.retrained(standard.arm, row.metric)


# Other random pixels


def random_arms(scores: Scores) -> list[Arm]:
    """The random arms beside the baseline that are there."""
    known = (arm for arm in scores.arms if arm.network is None and arm.is_plain and arm != BASELINE)
    return [arm for arm in known if scores.is_there(arm, "remove") and scores.is_there(arm, "keep")]
