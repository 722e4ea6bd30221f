"""What other trainings than PGD's say of where the scores come from: claims on robustness, smoothness and cost."""

from collections.abc import Iterator

import numpy as np

from experiments.claim import UNKNOWN, Claim, Estimate
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.paper import PRIMARY, primary
from experiments.roar.claims import failed
from experiments.roar.pieces import Arm
from experiments.statistics import closer_follower, combined, estimate, exchange_p
from experiments.tradeoff.analysis import TradeOffs
from experiments.wording import decimal

SHARE = 0.8
"""Of PGD training's gain, from which on another training counts as reaching it. Ours, fixed beforehand."""
FEWEST = 6
"""Networks over which a partial rank correlation says something."""


def method_claims(found: TradeOffs) -> Iterator[Claim]:
    """The registered claims about training methods that the study has."""
    study, scores = found.study, found.scores
    if not found.paper_attributions:
        return
    methods = {spec.method for spec in scores.networks} - {"standard", "adversarial"}
    for method in sorted(methods):
        strongest = scores.strongest_of(method)
        if strongest is not None and f"alone-{method}" in PRIMARY:
            gain, reason = estimate(_gain(found, strongest)), failed(scores, strongest)
            yield primary(f"alone-{method}", study.dataset, gain, reason=reason, rows=scores.rows)
        if strongest is not None and f"one-step-{method}" in PRIMARY:
            yield _one_step(found, strongest)
    if "trades" in methods:
        ends = [scores.strongest_of(family) for family in ("trades", "linf")]
        reason = next(filter(None, (failed(scores, spec) for spec in ends if spec is not None)), "")
        yield primary("trades", study.dataset, _at_equal_robustness(found), reason=reason, rows=scores.rows)
    if methods:
        few = len(scores.networks) < FEWEST
        reason = f"{len(scores.networks)} networks are too few for a partial correlation" if few else ""
        follows = UNKNOWN if few else _follows(found)
        yield primary("robustness-or-smoothness", study.dataset, follows, reason=reason, rows=scores.rows)


def _gain(found: TradeOffs, spec: NetworkSpec) -> np.ndarray:
    return found.mean_of_paper(spec, "roar") - found.mean_of_paper(STANDARD, "roar")


def _one_step(found: TradeOffs, spec: NetworkSpec) -> Claim:
    """A training's gain minus four fifths of PGD training's, which is not tested where that gains nothing itself."""
    pgd, reached, rows = found.scores.strongest_of("linf"), UNKNOWN, found.scores.rows
    reason = "there is no network of linf PGD training"
    if pgd is not None:
        gain = estimate(_gain(found, pgd))
        known = gain.low is not None and gain.low > 0
        gains = f"{pgd.name} gains {decimal(gain.value, 3)} itself"
        reason = "" if known else f"{gains}, with an interval that is not above 0"
        reason = failed(found.scores, spec) or failed(found.scores, pgd) or reason
        reached = estimate(_gain(found, spec) - SHARE * _gain(found, pgd))
        rows = f"{rows}; it takes {spec.passes / pgd.passes:.0%} of that training's network passes"
    return primary(f"one-step-{spec.method}", found.study.dataset, reached, reason=reason, rows=rows)


def _at_equal_robustness(found: TradeOffs) -> Estimate:
    group, families = found.study.losses[0], found.scores.families()
    pgd, trades = found.scores.series(group, "linf"), [STANDARD, *families["trades"]]
    return found.between(trades, pgd, "roar", found.paper_attributions, found.strongest_attack)


def _follows(found: TradeOffs) -> Estimate:
    """Per training over all networks, mean over attributions."""
    scores, by_training, p = found.scores, [], []
    robust = np.stack([scores.accuracy(spec, found.strongest_attack).mean(axis=1) for spec in scores.networks], axis=1)
    for attribution in found.paper_attributions:
        arms = [Arm(spec, attribution) for spec in scores.networks]
        score = np.stack([scores.score(arm, "roar").mean(axis=1) for arm in arms], axis=1)
        rough = np.stack([scores.of_maps(arm, "roughness") for arm in arms], axis=1)
        by_training.append(closer_follower(score, robust, rough))
        p.append(exchange_p(score, robust, rough))
    values = np.mean(by_training, axis=0)
    if not np.isfinite(values).all() or len(values) < 2:
        return UNKNOWN
    # The larger p: both attributions have to say so.
    return combined(tuple(values.tolist()), 0.0)._replace(p=max(p), own_test=True)
