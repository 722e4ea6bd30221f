"""Claims of our own beside those of Section 3.2: could something duller explain a change of score?"""

from collections.abc import Iterator

import numpy as np

from experiments.scores.arms import Arm
from reports.evidence.claim import Claim
from reports.evidence.published import SCORES
from reports.evidence.statistics import estimate
from reports.evidence.study import Network
from reports.roar import controls
from reports.roar.analysis import Scores
from reports.roar.claims import attribution_title, claim, metric_title
from reports.styles import name as written


def beyond_blur(scores: Scores) -> Iterator[Claim]:
    """Could smoother maps alone explain a gain in ROAR?"""
    for spec, attribution in controls.blurred(scores):
        title, blur = attribution_title(attribution), named_blur(scores, attribution)
        yield claim(
            scores,
            f"beyond-blur-{spec.family}-{attribution}",
            f"{spec.family} training raises {title}'s ROAR score by more than {blur} of the standard network's scores "
            "does",
            controls.beyond_largest(scores.gain(spec, attribution, "roar"), *controls.blur_gains(scores, attribution)),
            of=f"gain of {spec.name} minus the largest gain from {blur}, at least 0",
            check=True,
        )
        yield claim(
            scores,
            f"equal-roughness-{spec.family}-{attribution}",
            f"At equal roughness, {spec.family} training scores above the standard network in ROAR ({title})",
            controls.at_equal_roughness(scores, spec, attribution),
            of=f"score of {spec.name} minus the standard network's, blurred until it is as rough, or plain where that "
            "scores more",
            check=True,
            reason=controls.out_of_reach(scores, spec, attribution),
        )
        yield claim(
            scores,
            f"blurred-{spec.family}-{attribution}",
            f"At equal blur, {spec.family} training still raises {title}'s ROAR score",
            estimate(controls.both_blurred(scores, spec, attribution)),
            of=f"{spec.name} minus standard, both blurred by {scores.settings['blur_sigma']:g} pixels",
            check=True,
        )


def named_blur(scores: Scores, attribution: str) -> str:
    """The blurs that were run of the standard network's scores: "a blur by 1 pixel"."""
    sigmas = [f"{arm.blur:g}" for arm in controls.blurs(scores, attribution)]
    if len(sigmas) > 1:
        return f"any blur by {', '.join(sigmas[:-1])} or {sigmas[-1]} pixels"
    return f"a blur by {sigmas[0]} pixel{'s' * (sigmas[0] != '1')}"


def beyond_masks(scores: Scores) -> Iterator[Claim]:
    """Could what masks tell of the class explain a change of score?"""
    for metric in SCORES:
        for spec, attribution in controls.masked(scores):
            yield _beyond_masks(scores, metric, spec, attribution)
    masked = [arm for arm in _masked_arms(scores) if arm.network is not None]
    if masked:
        leak = np.mean([scores.correct(arm, "mask").mean(axis=2) for arm in masked], axis=0)
        yield claim(
            scores,
            "masks-leak",
            "The masks alone tell the class, so that ROAR and KAR do not measure the pixels only",
            estimate(leak.mean(axis=1) - scores.chance),
            of=f"accuracy on masks minus chance, mean over {len(masked)} arms and all percentages",
            check=True,
        )


def _beyond_masks(scores: Scores, metric: str, spec: Network, attribution: str) -> Claim:
    changes, change = ("raises", "gain") if controls.rises(metric, spec, attribution) else ("lowers", "loss")
    return claim(
        scores,
        f"beyond-masks-{metric}-{spec.family}-{attribution}",
        f"{spec.family} training {changes} {attribution_title(attribution)}'s {metric_title(scores, metric)} score by "
        "more than masks alone predict",
        controls.beyond_masks(scores, spec, attribution, metric),
        of=f"{change} of {spec.name} minus the {change} that would follow, at most, from what networks tell that see "
        "masks alone; at least 0 is subtracted",
        check=True,
    )


def _masked_arms(scores: Scores) -> list[Arm]:
    arms = [arm for spec in (scores.standard, *scores.strongest) for arm in scores.of(spec)]
    return [arm for arm in arms if scores.is_there(arm, "mask")]


def other_fills(scores: Scores) -> Iterator[Claim]:
    """Do scores change as claimed where the fill hides a mask's outline?"""
    for row in controls.filled_gains(scores):
        rising = controls.rises(row.metric, row.network, row.attribution)
        yield claim(
            scores,
            f"{row.fill}-{row.metric}-{row.network.family}-{row.attribution}",
            f"With removed pixels {written(row.fill)}, {row.network.family} training still "
            f"{'raises' if rising else 'lowers'} the {metric_title(scores, row.metric)} score of "
            f"{attribution_title(row.attribution)}",
            estimate(controls.filled_gain(scores, row)),
            of=f"score of {row.network.name} minus standard, both beside random pixels with the same fill",
            check=True,
            positive=rising,
        )


def chance_claims(scores: Scores) -> Iterator[Claim]:
    """Rankings that know nothing must score nothing: here no difference is the good news."""
    others = controls.random_arms(scores)
    for metric in SCORES if others else ():
        yield claim(
            scores,
            f"chance-{metric}",
            f"Rankings by other random pixels score something in {metric_title(scores, metric)} (they must not)",
            estimate(np.mean([scores.retrained(arm, metric) for arm in others], axis=0)),
            of=f"mean score of {len(others)} random rankings",
            check=True,
        )
