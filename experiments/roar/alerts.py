"""What a reader must know before believing the numbers of Section 3.2; each sentence derived from them."""

from collections.abc import Iterator

import numpy as np

from experiments import catalogue
from experiments.data import SOURCES
from experiments.networks.grid import STANDARD
from experiments.paper import ATTRIBUTIONS
from experiments.roar.analysis import Scores
from experiments.roar.claims import attribution_title, chance_claims
from experiments.roar.pieces import Arm
from experiments.roar.study import RoarStudy
from experiments.roar.tables import mask_table, network_table
from experiments.settings.presets import protocol_study
from experiments.wording import decimal, with_interval

PRECISION_TOLERANCE = 0.005
"""Robust accuracy that a coarser precision may change before the page warns."""
OVERFITTED = 0.2
"""Accuracy under one step above that under several from which on a network has overfitted to the step."""
ALIKE = 0.9
"""Rank correlation of two rankings from which they are nearly one."""


def alerts(scores: Scores) -> list[str]:
    """All of them, those of the run's scale first."""
    return [
        *of_another_dataset(scores.study),
        *scale_alerts(scores.study, int(scores.data["train_images"])),
        *_networks(scores),
        *collapsed(scores),
        *_controls(scores),
        *_alike(scores),
    ]


def of_another_dataset(study: RoarStudy) -> Iterator[str]:
    if study.dataset != "cifar10":
        yield "The paper measured ROAR and KAR on CIFAR-10 alone; its numbers are beside ours for orientation."


def scale_alerts(study: RoarStudy, images: int) -> Iterator[str]:
    """What the scale of a run means. images: that were trained on."""
    protocol = protocol_study("roar", study.dataset)
    if study.training_seeds == 1:
        yield (
            "Every network was trained once: the numbers are about these networks, and say nothing of how another "
            "training would differ. Use --training_seeds=5."
        )
    published = SOURCES[study.dataset].train_images if study.dataset in SOURCES else None
    if published and not study.train_size and images != published:
        yield f"This copy of {study.dataset} has {images:,} training images, the published one {published:,}."
    if any(study.value(name) != protocol.value(name) for name in ("width", "train_size", "epochs")):
        yield f"Small scale: width {study.width:g}, {images:,} training images, {study.epochs} epochs."


def _networks(scores: Scores) -> Iterator[str]:
    steps = [row for row in network_table(scores)["rows"] if row["step_over_eps"] and row["step_over_eps"] > 1]
    if steps:
        largest = max(row["step_over_eps"] for row in steps)
        named = ", ".join(row["network"] for row in steps)
        yield f"The training attack's step exceeds its eps, as in the protocol, up to {largest:.3g} times: {named}."
    one_step = {spec.name for spec in scores.networks if spec.one_step_eps is not None}
    for row in network_table(scores)["rows"]:
        network, zeros = row["network"], row["zero_gradient_images"]
        if zeros > 0:
            yield f"{network}: the gradient is exactly zero on {zeros:.1%} of the test images; ties rank them."
        excess = row["one_step_accuracy"] - row["robust_accuracy"]
        if excess > OVERFITTED and network in one_step:
            yield (
                f"{network}: catastrophic overfitting, one step leaves {100 * excess:.0f} points more accuracy than "
                f"{catalogue.title('robust_attacks', scores.study.robust_attacks[0])} does."
            )
        exact = row.get("robust_accuracy_float32", row["robust_accuracy"])
        if abs(exact - row["robust_accuracy"]) > PRECISION_TOLERANCE:
            yield (
                f"{network}: robust accuracy is {row['robust_accuracy']:.1%} in {scores.study.precision}, but "
                f"{exact:.1%} when the attack runs in float32. Use --precision=float32."
            )


def collapsed(scores: Scores) -> Iterator[str]:
    for spec in scores.networks:
        if failed := scores.at_chance(spec):
            yield (
                f"{spec.name}: no better than chance on clean images in {failed} of {len(scores.runs)} trainings; they "
                "failed at this scale, and count."
            )


def _controls(scores: Scores) -> Iterator[str]:
    for claim in chance_claims(scores):
        score, low, high = claim.measured, claim.ci_low, claim.ci_high
        if score is not None and low is not None and high is not None and not low <= 0 <= high:
            yield (
                f"Null test failed: rankings by other random pixels score {with_interval(score, low, high, 4)}, which "
                "excludes 0. Differences of this size are noise."
            )
    for row in mask_table(scores)["rows"]:
        if row["masks_accuracy"] >= row["kept_accuracy"]:
            yield (
                f"{row['network']}, {attribution_title(row['attribution'])}: with {row['percent']} % of the pixels the "
                f"masks alone reach {row['masks_accuracy']:.1%}, the kept pixels {row['kept_accuracy']:.1%}: KAR there "
                "reads the masks' shapes."
            )


def _alike(scores: Scores) -> Iterator[str]:
    if set(ATTRIBUTIONS) <= set(scores.study.attributions):
        arm = Arm(STANDARD, "gradient_x_input")
        alike = float(np.nanmean(scores.of_maps(arm, "likeness")))
        if scores.study.attributions[0] == "gradient" and alike > ALIKE:
            share = float(scores.data["saturated"])
            yield (
                f"{attribution_title('gradient_x_input')} and {attribution_title('gradient')} rank pixels nearly alike "
                f"(rank correlation {decimal(alike, 2)}; {share:.0%} of the pixels are nearly black or white): "
                "comparing them compares a thing nearly with itself."
            )
