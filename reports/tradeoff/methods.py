"""What other trainings than PGD's say of where the scores come from: claims on robustness, smoothness and cost."""

from collections.abc import Iterator

import numpy as np

from experiments.scores.arms import Arm
from reports.evidence.claim import UNKNOWN, Claim, Estimate
from reports.evidence.follows import closer_follower, exchange_p
from reports.evidence.registered import PRIMARY, primary
from reports.evidence.statistics import combined, estimate
from reports.evidence.study import Network
from reports.evidence.wording import decimal
from reports.roar.claims import failed, lost
from reports.tradeoff.analysis import TradeOffs

SHARE = 0.8
"""Of PGD training's gain, from which on another training counts as reaching it. Ours, fixed beforehand."""
FEWEST = 6
"""Networks over which a partial rank correlation says something."""


def method_claims(found: TradeOffs) -> Iterator[Claim]:
    """The registered claims about training methods that the study has."""
    if not found.paper_attributions:
        return
    methods = {spec.method for spec in found.networks} - {"standard", "adversarial"}
    for method in sorted(methods):
        strongest = found.strongest_of(method)
        if strongest is not None and f"alone-{method}" in PRIMARY:
            gain, reason = estimate(_gain(found, strongest)), failed(found, strongest)
            yield primary(f"alone-{method}", found.dataset, gain, reason=reason, rows=found.rows)
        if strongest is not None and f"one-step-{method}" in PRIMARY:
            yield _one_step(found, strongest)
    if "trades" in methods:
        ends = [found.strongest_of(family) for family in ("trades", "linf")]
        reason = next(filter(None, (failed(found, spec) for spec in ends if spec is not None)), "")
        yield primary("trades", found.dataset, _at_equal_robustness(found), reason=reason, rows=found.rows)
    if methods:
        design, reason = _too_few(len(found.planned)), _too_few(len(found.networks))
        follows = UNKNOWN if reason else _follows(found)
        name = "robustness-or-smoothness"
        yield primary(name, found.dataset, follows, design=design, reason=reason, rows=found.rows)


def _too_few(networks: int) -> str:
    return f"{networks} networks are too few for a partial correlation" if networks < FEWEST else ""


def _gain(found: TradeOffs, spec: Network) -> np.ndarray:
    return found.mean_of_paper(spec, "roar") - found.mean_of_paper(found.standard, "roar")


def _one_step(found: TradeOffs, spec: Network) -> Claim:
    """A training's gain minus four fifths of PGD training's, which is not tested where that gains nothing itself."""
    pgd, reached, rows = found.strongest_of("linf"), UNKNOWN, found.rows
    reason = lost(found, "linf")
    design = "" if any(network.family == "linf" for network in found.planned) else reason
    if pgd is not None:
        gain = estimate(_gain(found, pgd))
        known = gain.low is not None and gain.low > 0
        gains = f"{pgd.name} gains {decimal(gain.value, 3)} itself"
        reason = "" if known else f"{gains}, with an interval that is not above 0"
        reason = failed(found, spec) or failed(found, pgd) or reason
        reached = estimate(_gain(found, spec) - SHARE * _gain(found, pgd))
        rows = f"{rows}; it takes {spec.passes / pgd.passes:.0%} of that training's network passes"
    return primary(f"one-step-{spec.method}", found.dataset, reached, design=design, reason=reason, rows=rows)


def _at_equal_robustness(found: TradeOffs) -> Estimate:
    group, families = found.losses[0], found.families()
    pgd, trades = found.series(group, "linf"), [found.standard, *families["trades"]]
    return found.between(trades, pgd, "roar", found.paper_attributions, found.strongest_attack)


def _follows(found: TradeOffs) -> Estimate:
    """Per training over all networks, mean over attributions."""
    by_training, p = [], []
    robust = np.stack([found.accuracy(spec, found.strongest_attack).mean(axis=1) for spec in found.networks], axis=1)
    for attribution in found.paper_attributions:
        arms = [Arm(spec, attribution) for spec in found.networks]
        score = np.stack([found.score(arm, "roar").mean(axis=1) for arm in arms], axis=1)
        rough = np.stack([found.of_maps(arm, "roughness") for arm in arms], axis=1)
        by_training.append(closer_follower(score, robust, rough))
        p.append(exchange_p(score, robust, rough))
    values = np.mean(by_training, axis=0)
    if not np.isfinite(values).all() or len(values) < 2:
        return UNKNOWN
    # The larger p: both attributions have to say so.
    return combined(tuple(values.tolist()), 0.0)._replace(p=max(p), own_test=True)
