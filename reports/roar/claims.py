"""The claims of Section 3.2, judged."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.scores.arms import Arm
from reports.evidence.claim import UNKNOWN, Claim, Estimate, judged, no_gain
from reports.evidence.published import ATTRIBUTIONS, NORMS, SCORES, published_correlation
from reports.evidence.registered import PRIMARY, primary
from reports.evidence.statistics import estimate, known_sum
from reports.evidence.study import Network
from reports.evidence.wording import decimal
from reports.roar import controls
from reports.roar.analysis import Scores
from reports.styles import name as written

ADVERSARIAL = ("l1", "l2", "linf")
"""Families of adversarial training."""


def metric_title(scores: Scores, metric: str) -> str:
    return str(scores.words(scores.metrics[metric])["scores"][metric])


def training_title(family: str) -> str:
    """How a family's training is called in a claim."""
    title = f"{family} adversarial" if family in ADVERSARIAL else written(family)
    return f"{title} training"


def attribution_title(name: str) -> str:
    return written(name)


def registered(scores: Scores) -> Iterator[Claim]:
    """Those of the registered list."""
    for metric in SCORES:
        for family in NORMS:
            strongest = scores.strongest_of(family)
            for attribution in scores.attributions:
                name = f"{metric}-{family}-{attribution}"
                if name not in PRIMARY:
                    continue
                gain, reason = UNKNOWN, lost(scores, family)
                if strongest is not None:
                    gain, reason = estimate(scores.gain(strongest, attribution, metric)), failed(scores, strongest)
                yield primary(name, scores.dataset, gain, rows=scores.rows, reason=reason)
    if set(ATTRIBUTIONS) <= set(scores.attributions):
        name = "roar-gradient_x_input-above-gradient"
        yield primary(name, scores.dataset, estimate(_above_gradient(scores)), rows=scores.rows)


def _above_gradient(scores: Scores) -> np.ndarray:
    arms = [[Arm(spec, name) for name in ("gradient_x_input", "gradient")] for spec in scores.networks]
    return np.mean([scores.score(ours, "roar") - scores.score(theirs, "roar") for ours, theirs in arms], axis=0)


def failed(scores: Scores, spec: Network) -> str:
    """Why nothing can be said of a network: "" if something can."""
    failed, trainings = scores.at_chance(spec), len(scores.runs)
    if 2 * failed > trainings:
        return f"{spec.name} is no better than chance on clean images in {failed} of {trainings} trainings"
    return ""


def lost(scores: Scores, family: str) -> str:
    """Why a family's strongest network is not there."""
    planned = any(network.family == family for network in scores.planned)
    return f"the strongest {training_title(family)} is missing" if planned else f"there is no {training_title(family)}"


def gains(scores: Scores) -> Iterator[Claim]:
    """Of the mean over a family's networks, and of what is not on the registered list."""
    for metric, measure in scores.metrics.items():
        for family, specs in scores.families().items():
            for attribution in scores.explaining:
                falls = (metric, family, attribution) == ("kar", "l2", "gradient")
                rises = scores.words(measure)["more_is_better"] and not falls
                yield _claim(
                    scores,
                    f"mean-{metric}-{family}-{attribution}",
                    f"On average over its strengths, {training_title(family)} {'raises' if rises else 'lowers'} the "
                    f"{metric_title(scores, metric)} score of {attribution_title(attribution)}",
                    estimate(_mean_gain(scores, specs, attribution, metric)),
                    of=f"mean over {len(specs)} trained networks minus the standard one",
                    check=metric not in SCORES or family not in NORMS,
                    positive=rises,
                )


def _mean_gain(scores: Scores, specs: list[Network], attribution: str, metric: str) -> np.ndarray:
    trained = [scores.score(Arm(spec, attribution), metric) / len(specs) for spec in specs]
    return known_sum([*trained, -scores.score(Arm(scores.standard, attribution), metric)])


def trends(scores: Scores) -> Iterator[Claim]:
    """Of ROAR scores with the strength of training, series by series."""
    for group, family in scores.groups():
        specs, x = scores.strengths(group, family)
        for attribution in scores.explaining if x else ():
            published = published_correlation("3.2", "roar", group, family, attribution)
            yield _claim(
                scores,
                f"trend-{family}-{group}-{attribution}",
                f"{attribution_title(attribution)}'s ROAR score rises with the strength of {family} training ({group})",
                scores.trend(specs, x, attribution, "roar"),
                of=f"correlation over {len(specs)} networks in each training; p by exchanging networks",
                paper="not published" if published is None else f"correlation {decimal(published.linear, 2)}",
                check=published is None,
                reason=f"{len(specs)} networks make no trend" if len(specs) < 3 else "",
            )


def beyond_blur(scores: Scores) -> Iterator[Claim]:
    """Could smoother maps alone explain a gain in ROAR?"""
    for spec in scores.strongest:
        for attribution in scores.explaining:
            title, gain = attribution_title(attribution), scores.gain(spec, attribution, "roar")
            reason = no_gain(estimate(gain))
            sigmas = ", ".join(f"{arm.blur:g}" for arm in controls.blurs(scores, attribution))
            yield _claim(
                scores,
                f"beyond-blur-{spec.family}-{attribution}",
                f"{spec.family} training raises {title}'s ROAR score by more than any blur of the standard network's "
                "scores does",
                controls.beyond_largest(gain, *controls.blur_gains(scores, attribution)),
                of=f"gain of {spec.name} minus the largest gain from a blur of {sigmas} pixels, at least 0",
                check=True,
                reason=reason,
            )
            yield _claim(
                scores,
                f"equal-roughness-{spec.family}-{attribution}",
                f"At equal roughness, {spec.family} training scores above the standard network in ROAR ({title})",
                controls.at_equal_roughness(scores, spec, attribution),
                of=f"score of {spec.name} minus the standard network's, blurred until it is as rough, or plain where "
                "that scores more",
                check=True,
                reason=reason or controls.out_of_reach(scores, spec, attribution),
            )
            yield _claim(
                scores,
                f"blurred-{spec.family}-{attribution}",
                f"At equal blur, {spec.family} training still raises {title}'s ROAR score",
                estimate(controls.both_blurred(scores, spec, attribution)),
                of=f"{spec.name} minus standard, both blurred by {scores.settings['blur_sigma']:g} pixels",
                check=True,
            )


def beyond_masks(scores: Scores) -> Iterator[Claim]:
    """Could what the masks tell of the class explain a gain in KAR?"""
    for spec, attribution in controls.masked(scores):
        gain = scores.gain(spec, attribution, "kar")
        yield _claim(
            scores,
            f"beyond-masks-{spec.family}-{attribution}",
            f"{spec.family} training raises {attribution_title(attribution)}'s KAR score by more than its masks alone "
            "tell of the class",
            controls.beyond_largest(gain, controls.mask_gain(scores, spec, attribution)),
            of=f"gain of {spec.name} minus the gain of networks that saw the masks alone, at least 0",
            check=True,
            reason=no_gain(estimate(gain)),
        )
    masked = [arm for arm in _masked_arms(scores) if arm.network is not None]
    if masked:
        leak = np.mean([scores.correct(arm, "mask").mean(axis=2) for arm in masked], axis=0)
        yield _claim(
            scores,
            "masks-leak",
            "The masks alone tell the class, so that ROAR and KAR do not measure the pixels only",
            estimate(leak.mean(axis=1) - scores.chance),
            of=f"accuracy on masks minus chance, mean over {len(masked)} arms and all percentages",
            check=True,
        )


def _masked_arms(scores: Scores) -> list[Arm]:
    arms = [arm for spec in (scores.standard, *scores.strongest) for arm in scores.of(spec)]
    return [arm for arm in arms if scores.is_there(arm, "mask")]


def chance_claims(scores: Scores) -> Iterator[Claim]:
    """Rankings that know nothing must score nothing: here no difference is the good news."""
    others = controls.random_arms(scores)
    if others:
        for metric, score in controls.chance_scores(scores).items():
            yield _claim(
                scores,
                f"chance-{metric}",
                f"Rankings by other random pixels score something in {metric_title(scores, metric)} (they must not)",
                estimate(np.mean([score(arm) for arm in others], axis=0)),
                of=f"mean score of {len(others)} random rankings",
                check=True,
            )


def _claim(scores: Scores, name: str, statement: str, found: Estimate, of: str, **about: Any) -> Claim:
    return judged(
        found,
        dataset=scores.dataset,
        id=name,
        statement=statement,
        section="3.2",
        unit=f"{of}; {scores.rows}",
        **about,
    )
