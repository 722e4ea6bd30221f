"""The answer of the page of Section 3.2 in plain words, derived from its claims and from what scores are made of."""

from collections.abc import Iterable, Mapping

import numpy as np

from measures.roar import PARTS
from reports import formats
from reports.evidence.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, Claim, Estimate
from reports.evidence.published import ATTRIBUTIONS, NORMS, SCORES
from reports.evidence.statistics import estimate
from reports.roar import parts
from reports.roar.analysis import Scores
from reports.section import Judged
from reports.sentences import joined
from reports.styles import name

OUTCOMES = {
    SUPPORTED: "supported for",
    CONTRADICTED: "contradicted for",
    INCONCLUSIVE: "open for",
    NOT_TESTED: "not tested for",
}
"""What is said of claims, by verdict."""


def answer(judged: Judged) -> str:
    """Which claims held, about whole scores and about the image's own part, and which part makes the change."""
    scores: Scores = judged.found
    claims = {claim.id: claim for claim in judged.claims}
    metrics = [metric for metric in SCORES if metric in scores.metrics]
    if not set(ATTRIBUTIONS) & set(scores.attributions):
        return f"Neither {' nor '.join(map(name, ATTRIBUTIONS))} was run, about which the paper makes its claims."
    whole = f"Do whole scores change as the paper claims? {_told(scores, claims, metrics, '')}."
    if not parts.gained(scores):
        return (
            f"{whole} No retraining took these scores apart, so that it is not known how much of a change belongs to "
            "the image itself: the shape of a mask, and the class that it tells, change a score by themselves. "
            "Retrainings with the ranks of other images, as --parts_of and --controls ask for, would tell."
        )
    image = f"Does training raise the part that belongs to the image? {_told(scores, claims, metrics, '-this-image')}."
    gains = {metric: parts.mean_gain(scores, metric) for metric in metrics}
    return " ".join([whole, image, *(_made_of(metric, gain) for metric, gain in gains.items() if gain)])


def _told(scores: Scores, claims: Mapping[str, Claim], metrics: list[str], kind: str) -> str:
    """What became of the claims about scores. kind: how the claims' ids end."""
    return ". ".join(f"{name(metric)}: {_outcomes(scores, claims, metric, kind)}" for metric in metrics)


def _outcomes(scores: Scores, claims: Mapping[str, Claim], metric: str, kind: str) -> str:
    """By verdict the attributions, and the trainings in brackets: "open for Gradient (l2)"."""
    about: dict[str, dict[str, list[str]]] = {}
    for family in NORMS:
        for attribution in scores.attributions:
            claim = claims.get(f"{metric}-{family}-{attribution}{kind}")
            if claim is not None:
                about.setdefault(claim.verdict, {}).setdefault(name(attribution), []).append(name(family))
    if len(about) == 1:
        return f"{OUTCOMES[next(iter(about))]} all"
    return ", ".join(f"{words} {_listed(about[verdict])}" for verdict, words in OUTCOMES.items() if verdict in about)


def _listed(families: Mapping[str, Iterable[str]]) -> str:
    """ "Gradient (l2, linf)": attributions with the trainings that it is said of."""
    return joined([f"{attribution} ({', '.join(norms)})" for attribution, norms in families.items()])


def _made_of(metric: str, gain: Mapping[str, np.ndarray]) -> str:
    """The mean change of a score and its parts; which part makes most of it, where there is a change."""
    found = {part: estimate(table) for part, table in gain.items()}
    whole = found[parts.WHOLE]
    told = ", ".join(f"{name(part)} {_interval(found[part])}" for part in PARTS)
    largest = max(PARTS, key=lambda part: found[part].value * whole.value)
    most = "" if _holds_zero(whole) else f"; most of it is {name(largest)}"
    return f"On average {name(metric)} changes by {_interval(whole)}: {told}{most}."


def _interval(found: Estimate) -> str:
    value = formats.signed(found.value)
    return value if found.low is None else f"{value} ({formats.interval(found.low, found.high)})"


def _holds_zero(found: Estimate) -> bool:
    return found.low is None or found.high is None or found.low <= 0 <= found.high
