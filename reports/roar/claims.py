"""The claims of Section 3.2, judged."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from experiments.scores.arms import Arm
from reports.evidence.claim import UNKNOWN, Claim, Estimate, judged
from reports.evidence.published import ATTRIBUTIONS, NORMS, SCORES, Correlation, published_correlation
from reports.evidence.registered import primary
from reports.evidence.statistics import estimate, known_sum
from reports.evidence.study import Network
from reports.evidence.wording import decimal
from reports.roar import parts
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
            for attribution in ATTRIBUTIONS:
                yield _whole(scores, metric, family, attribution)
                yield _this_image(scores, metric, family, attribution)
    lacking = next(filter(None, (_not_run(scores, attribution) for attribution in ATTRIBUTIONS)), "")
    above = UNKNOWN if lacking else estimate(_above_gradient(scores))
    yield _beside(scores, _primary(scores, "roar-gradient_x_input-above-gradient", above, design=lacking))


def _not_run(scores: Scores, attribution: str) -> str:
    """Why nothing is known of an attribution: "" if it was run."""
    return "" if attribution in scores.attributions else f"{attribution_title(attribution)} is not among --attributions"


def _whole(scores: Scores, metric: str, family: str, attribution: str) -> Claim:
    """That training raises, or lowers, a score."""
    strongest = scores.strongest_of(family)
    if lacking := _not_run(scores, attribution):
        return _primary(scores, f"{metric}-{family}-{attribution}", UNKNOWN, design=lacking)
    found = UNKNOWN if strongest is None else estimate(scores.gain(strongest, attribution, metric))
    return _beside(scores, _primary(scores, f"{metric}-{family}-{attribution}", found, **_untold(scores, family)))


def _this_image(scores: Scores, metric: str, family: str, attribution: str) -> Claim:
    """That training raises the part of a score that belongs to the image itself."""
    name, strongest = f"{metric}-{family}-{attribution}-this-image", scores.strongest_of(family)
    if lacking := _not_run(scores, attribution):
        return _primary(scores, name, UNKNOWN, design=lacking)
    if strongest is None:
        return _primary(scores, name, UNKNOWN, **_untold(scores, family))
    if not all(parts.planned(scores, spec, attribution) for spec in (strongest, scores.standard)):
        why = f"no retraining takes the scores of {attribution_title(attribution)} apart (--controls, --parts_of)"
        return _primary(scores, name, UNKNOWN, design=why)
    row = parts.Apart(strongest, attribution, metric)
    if row not in parts.gained(scores):
        return _primary(scores, name, UNKNOWN, reason="retrainings that take the score apart are missing")
    found = estimate(parts.gains_of(scores, row)[parts.THIS_IMAGE])
    return _primary(scores, name, found, reason=failed(scores, strongest))


def _primary(scores: Scores, name: str, found: Estimate, design: str = "", reason: str = "") -> Claim:
    return primary(name, scores.dataset, found, rows=scores.rows, design=design, reason=reason)


def _beside(scores: Scores, claim: Claim) -> Claim:
    """A claim with the paper's number, which is named as what it is."""
    return replace(claim, paper=scores.paper_says(claim.paper))


def _untold(scores: Scores, family: str) -> dict[str, str]:
    """Why nothing can be told of a family's strongest network: by the study's design, or a reason in the data."""
    strongest = scores.strongest_of(family)
    if strongest is not None:
        return {"reason": failed(scores, strongest)}
    planned = any(network.family == family for network in scores.planned)
    return {"reason" if planned else "design": lost(scores, family)}


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
                yield claim(
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
    """Of ROAR scores with the strength of training, series by series: their slope."""
    for group, family in scores.groups():
        specs, x = scores.strengths(group, family)
        for attribution in scores.explaining if x else ():
            published = published_correlation("3.2", "roar", group, family, attribution)
            yield claim(
                scores,
                f"trend-{family}-{group}-{attribution}",
                f"{attribution_title(attribution)}'s ROAR score rises with the strength of {family} training ({group})",
                scores.trend(specs, x, attribution, "roar"),
                of=f"slope over {len(specs)} networks in each training, per strength of the strongest",
                paper="not published" if published is None else scores.paper_says(_correlation(published)),
                check=published is None,
                reason=f"{len(specs)} networks make no trend" if len(specs) < 3 else "",
            )


def _correlation(published: Correlation) -> str:
    return f"correlation {decimal(published.linear, 2)}"


def claim(scores: Scores, name: str, statement: str, found: Estimate, of: str, **about: Any) -> Claim:
    return judged(
        found,
        dataset=scores.dataset,
        id=name,
        statement=statement,
        section="3.2",
        unit=f"{of}; {scores.rows}",
        **about,
    )
