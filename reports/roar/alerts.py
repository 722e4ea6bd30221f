"""What a reader must know before believing the numbers of Section 3.2; each sentence derived from them."""

from collections.abc import Iterator

import numpy as np

from experiments.data import SOURCES
from experiments.scores.arms import Arm
from experiments.settings.presets import protocol_study
from reports import formats
from reports.evidence.published import ATTRIBUTIONS
from reports.evidence.study import Network
from reports.evidence.wording import decimal, with_interval
from reports.roar import controls
from reports.roar.analysis import PUBLISHED_ON, PUBLISHED_PERCENTS, Scores, step_over_eps
from reports.roar.claims import attribution_title
from reports.roar.control_claims import chance_claims
from reports.styles import name as written

PRECISION_TOLERANCE = 0.005
"""Robust accuracy that a coarser precision may change before the page warns."""
OVERFITTED = 0.2
"""Accuracy under one step above that under several from which on a network has overfitted to the step."""
ALIKE = 0.9
"""Rank correlation of two rankings from which they are nearly one."""


def of_another_dataset(scores: Scores) -> Iterator[str]:
    """Where the paper's numbers are of another quantity than ours, so that they are not set side by side."""
    if scores.beside_the_paper:
        return
    same_data = scores.dataset == PUBLISHED_ON and not scores.values.images
    ours, theirs = (", ".join(map(str, percents)) for percents in (scores.percents, PUBLISHED_PERCENTS))
    differ = f"these are over {ours} %" if same_data else f"these are of {scores.dataset}, over {ours} %"
    yield (
        f"The paper's scores are of CIFAR-10, over {theirs} % of the pixels; {differ}. They are another quantity: its "
        "numbers are named, and not set beside ours."
    )


def scale(scores: Scores) -> Iterator[str]:
    """What the scale of a run means."""
    settings, images = scores.settings, int(scores.array("train_images"))
    protocol = protocol_study("scores", scores.dataset)
    if settings["training_seeds"] == 1:
        yield (
            "Every network was trained once: the numbers are about these networks, and say nothing of how another "
            "training would differ. Use --training_seeds=5."
        )
    published = SOURCES[scores.dataset].train_images if scores.dataset in SOURCES else None
    if published and not settings["train_size"] and images != published:
        yield f"This copy of {scores.dataset} has {images:,} training images, the published one {published:,}."
    if any(settings[name] != protocol.value(name) for name in ("width", "train_size", "epochs")):
        yield f"Small scale: width {settings['width']:g}, {images:,} training images, {settings['epochs']} epochs."


def large_steps(scores: Scores) -> Iterator[str]:
    """Training attacks whose step leaves their ball."""
    ratios = {network: step_over_eps(network) or 0.0 for network in scores.networks}
    exceeding = [network.name for network, ratio in ratios.items() if ratio > 1]
    if exceeding:
        yield (
            f"The training attack's step exceeds its eps, as in the protocol, up to {max(ratios.values()):.3g} times: "
            f"{', '.join(exceeding)}."
        )


def weak_gradients_and_attacks(scores: Scores) -> Iterator[str]:
    """Networks whose gradients vanish, that resist one step alone, or that resist more in a coarser precision."""
    first, title = scores.settings["robust_attacks"][0], attribution_title(scores.attributions[0])
    for network in scores.networks:
        zeros = float(scores.of_maps(Arm(network, scores.attributions[0]), "zero_images").mean())
        if zeros > 0:
            yield f"{network.name}: {title} is exactly zero on {zeros:.1%} of the test images; ties rank them."
        robust = float(scores.accuracy(network, first).mean())
        excess = float(scores.accuracy(network, "fgsm").mean()) - robust
        if excess > OVERFITTED and network.one_step:
            yield (
                f"{network.name}: catastrophic overfitting, one step leaves {100 * excess:.0f} points more accuracy "
                f"than {written(first)} does."
            )
        if not scores.has_attack(f"{first}_float32"):
            continue
        exact = float(scores.accuracy(network, f"{first}_float32").mean())
        if abs(exact - robust) > PRECISION_TOLERANCE:
            yield (
                f"{network.name}: robust accuracy is {robust:.1%} in {scores.settings['precision']}, but {exact:.1%} "
                "when the attack runs in float32. Use --precision=float32."
            )


def collapsed(scores: Scores) -> Iterator[str]:
    """Networks that learned nothing."""
    for spec in scores.networks:
        if failed := scores.at_chance(spec):
            yield (
                f"{spec.name}: no better than chance on clean images in {failed} of {len(scores.runs)} trainings; they "
                f"failed at this scale, and count.{_mixture(scores, spec) if failed < len(scores.runs) else ''}"
            )


def _mixture(scores: Scores, spec: Network) -> str:
    median = float(np.median(scores.accuracy(spec).mean(axis=1)))
    return (
        " Means and intervals over such a mixture describe neither kind of training; the median clean accuracy is "
        f"{formats.percent(median)}."
    )


def failed_null_test(scores: Scores) -> Iterator[str]:
    """Random rankings that score something."""
    for claim in chance_claims(scores):
        score, low, high = claim.measured, claim.ci_low, claim.ci_high
        if score is not None and low is not None and high is not None and not low <= 0 <= high:
            yield (
                f"Null test failed: rankings by other random pixels score {with_interval(score, low, high, 4)}, which "
                "excludes 0. Differences of this size are noise."
            )


def leaking_masks(scores: Scores) -> Iterator[str]:
    """Where KAR reads masks rather than pixels."""
    percent = scores.percents[0]
    for network, attribution in controls.masked(scores):
        arm = Arm(network, attribution)
        masks, kept = (float(scores.correct(arm, kind)[:, :, 0].mean()) for kind in ("mask", "keep"))
        if masks >= kept:
            yield (
                f"{network.name}, {attribution_title(attribution)}: with {percent} % of the pixels the masks alone "
                f"reach {masks:.1%}, the kept pixels {kept:.1%}: KAR there reads the masks' shapes."
            )


def alike(scores: Scores) -> Iterator[str]:
    """Attributions that rank pixels nearly the same."""
    if not set(ATTRIBUTIONS) <= set(scores.attributions) or scores.attributions[0] != "gradient":
        return
    likeness = float(np.nanmean(scores.of_maps(Arm(scores.standard, "gradient_x_input"), "likeness")))
    if likeness > ALIKE:
        share = float(scores.array("saturated"))
        yield (
            f"{attribution_title('gradient_x_input')} and {attribution_title('gradient')} rank pixels nearly alike "
            f"(rank correlation {decimal(likeness, 2)}; {share:.0%} of the pixels are nearly black or white): "
            "comparing them compares a thing nearly with itself."
        )
