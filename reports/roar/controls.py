"""What simple controls give: blurred scores, masks alone, and other random pixels."""

from collections.abc import Callable, Sequence

import numpy as np

from experiments.scores.arms import BASELINE, Arm
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.statistics import beyond
from reports.evidence.study import Network
from reports.roar.analysis import Scores


def beyond_largest(gain: np.ndarray, *controls: np.ndarray) -> Estimate:
    """What is left of a gain beyond the largest gain that controls have; one that loses takes nothing away."""
    return beyond(gain, np.zeros_like(gain), *controls)


# Blur


def blurs(scores: Scores, attribution: str) -> list[Arm]:
    """The standard network's blurred arms that are there, from the least blur on."""
    known = (arm for arm in scores.arms if arm.network == scores.standard and arm.attribution == attribution)
    return [arm for arm in known if arm.blur and scores.is_there(arm, "remove")]


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
        if "kar" in scores.metrics
        and all(
            scores.is_there(arm, "mask")
            for arm in (BASELINE, Arm(spec, attribution), Arm(scores.standard, attribution))
        )
    ]


def mask_gain(scores: Scores, spec: Network, attribution: str) -> np.ndarray:
    """(trainings, images): how much more a network's masks tell of the class than the standard network's."""
    return scores.masks(Arm(spec, attribution)) - scores.masks(Arm(scores.standard, attribution))


# Other random pixels


def random_arms(scores: Scores) -> list[Arm]:
    """The random arms beside the baseline that are there."""
    known = (arm for arm in scores.arms if arm.network is None and arm != BASELINE)
    return [arm for arm in known if scores.is_there(arm, "remove") and scores.is_there(arm, "keep")]


def chance_scores(scores: Scores) -> dict[str, Callable[[Arm], np.ndarray]]:
    """The scores in which rankings that know nothing must score nothing."""
    return {"roar": scores.roar, "kar": scores.kar}
