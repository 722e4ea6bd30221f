"""What Section 2.1 comes to, in sentences made from its numbers."""

from collections.abc import Iterator

import numpy as np

from reports.evidence.claim import Claim, Estimate
from reports.evidence.statistics import estimate
from reports.evidence.study import Network, NotMeasuredError
from reports.formats import interval, number, percent
from reports.manifold.analysis import CONTROLS, ENCODER, Distances
from reports.manifold.claims import NOT_PUBLISHED, modes_of, no_distance_because
from reports.section import Judged
from reports.sentences import counted
from reports.styles import name

ATTACK = "cross_entropy"
"""With which the images are attacked that the registered claims are about."""


def answer(judged: Judged) -> Iterator[str]:
    """Whether the strongest l2 training brings attacked images closer, and whether something duller explains it."""
    found: Distances = judged.found
    closer, gradients = _registered(judged, "closer"), _registered(judged, "gradients")
    if closer.measured is None:
        yield f"Whether attacked images of robust networks lie closer to the manifold is not tested: {closer.reason}."
        return
    network = found.ends(ATTACK, "l2")[-1]
    if reason := no_distance_because(found):
        yield f"Distances to {found.targets['distance']} say nothing here: {reason}."
        yield (
            "So it is open whether attacked images of robust networks lie closer, whether the standard network's lie "
            "farther than noise of equal size, and what manifolds without a VAE-GAN would explain."
        )
    else:
        yield from _of_distances(found, network, closer)
        yield from _duller(found, network)
    own = found.alignment_beyond_another(network)
    yield (
        f"The gradient's share along the manifold changes by {_with_interval(gradients.estimate, 3)} "
        f"({gradients.verdict}); beyond another image's by {_with_interval(own, 3)}."
    )


def _registered(judged: Judged, name: str) -> Claim:
    for claim in judged.claims:
        if claim.id == name:
            return claim
    raise NotMeasuredError("the registered claims")


def _of_distances(found: Distances, network: Network, closer: Claim) -> Iterator[str]:
    yield (
        f"After the strongest l2 training attacked images lie {_told(closer.estimate, 'closer', 'farther')} "
        f"to {found.targets['distance']} ({closer.verdict})."
    )
    share = found.share_removed(network, ATTACK)
    if np.isfinite(share.value):
        yield f"That is {number(100 * share.value, 0)} %{_interval(share, 0, 100)} of what attacks add."
    if found.searches and no_distance_because(found, "encoded"):
        yield f"To {ENCODER}, as in the paper, distances say nothing here."
    elif found.searches:
        encoded = estimate(found.closer(found.standard, network, ATTACK, to="encoded"))
        yield f"To {ENCODER}, as in the paper, {_told(encoded, 'closer', 'farther')}."
    modes = modes_of(found, found.standard, network)
    if modes != NOT_PUBLISHED:
        yield f"The paper: {modes}."


def _duller(found: Distances, network: Network) -> Iterator[str]:
    noise = estimate(found.farther_than_noise(found.standard, ATTACK))
    yield f"The standard network's lie {_told(noise, 'farther', 'nearer')} than noise of equal size."
    gains = {control: gain.mean() for control, gain in found.closer_to_controls(network, ATTACK).items()}
    best, beyond = max(gains, key=lambda control: gains[control]), found.beyond_controls(network, ATTACK)
    yield f"Beyond the best manifold without a VAE-GAN ({CONTROLS[best]}) {_with_interval(beyond, 2)} is left."


def _told(found: Estimate, above: str, below: str) -> str:
    """ "2.03 closer (1.57 to 2.50)", "1.22 nearer (0.65 to 1.79)": the sign in a word."""
    if found.value < 0:
        low, high = (None if end is None else -end for end in (found.high, found.low))
        return _told(Estimate(-found.value, low, high), below, above)
    return f"{number(found.value, 2)} {above}{_interval(found, 2)}"


def _with_interval(found: Estimate, digits: int) -> str:
    return f"{number(found.value, digits)}{_interval(found, digits)}"


def _interval(found: Estimate, digits: int, factor: float = 1) -> str:
    """ " (0.05 to 0.10)"; "" where there is none."""
    if found.low is None or found.high is None:
        return ""
    return f" ({interval(factor * found.low, factor * found.high, digits)})"


def no_share(found: Distances) -> list[str]:
    """Under which attacks no share of the excess is defined, and why: sentences."""
    return list(
        dict.fromkeys(
            f"Not defined under {name(loss)} attacks: {reason}."
            for loss in found.attack_losses
            for network in found.networks[1:]
            if (reason := found.no_share_because(network, loss))
        )
    )


def axis(found: Distances) -> str:
    """What the paper's axis is in this study: a sentence or two."""
    images, clean = found.clean.shape[1], found.modes[None, ""]
    ends = f"Here 1 is the farthest of {counted(images, 'clean test image')}"
    farthest = f", {number(1 / clean, 1)} times as far from the nearest as most are" if clean else ""
    lengths = found.axis_lengths
    if len(lengths) < 2:
        return f"{ends}{farthest}."
    varies = percent(lengths.std(ddof=1) / lengths.mean(), 0)
    return (
        f"{ends}{farthest}; between trainings the length of the axis varies by {varies} (standard deviation over mean)."
    )
