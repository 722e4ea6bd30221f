"""The answer of the page of Section 3.2 in plain words, derived from its claims and from what scores are made of."""

from collections.abc import Iterable, Mapping

from measures.roar import PARTS
from reports import formats
from reports.evidence.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, Claim
from reports.evidence.published import NORMS, SCORES
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
    whole = f"Do whole scores change as the paper claims? {_told(scores, claims, metrics, '')}."
    if not parts.gained(scores):
        return (
            f"{whole} No retraining took these scores apart, so that it is not known how much of a change belongs to "
            "the image itself: the shape of a mask, and the class that it tells, change a score by themselves. "
            "Retrainings with the ranks of other images, as --parts_of and --controls ask for, would tell."
        )
    image = (
        "Does training raise what belongs to the image itself, beyond the mask's shape and the class that it tells? "
        f"{_told(scores, claims, metrics, '-this-image')}."
    )
    return " ".join([whole, image, *(_made_of(scores, metric) for metric in metrics)])


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


def _made_of(scores: Scores, metric: str) -> str:
    """How much of the mean change of a score each part makes."""
    gains = {part: estimate(table).value for part, table in parts.mean_gain(scores, metric).items()}
    whole = gains[parts.WHOLE]
    largest = max(PARTS, key=lambda part: gains[part] * whole)
    share = "mostly" if gains[largest] * whole > whole**2 / 2 else "most of all"
    others = ", ".join(f"{name(part)} {formats.signed(gains[part])}" for part in PARTS if part != largest)
    return (
        f"On average {name(metric)} changes by {formats.signed(whole)}: {share} {name(largest)} "
        f"({formats.signed(gains[largest])}; {others})."
    )
