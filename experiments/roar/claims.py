"""The claims of Section 3.2, judged, and what a reader must know before believing them."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments import catalogue
from experiments.claim import UNKNOWN, Claim, Estimate, judged, no_gain
from experiments.data import SOURCES
from experiments.networks.grid import STANDARD, NetworkSpec, networks
from experiments.paper import ATTRIBUTIONS, NORMS, PRIMARY, SCORES, primary, published_correlation
from experiments.roar.analysis import Scores, score_titles
from experiments.roar.pieces import Arm
from experiments.roar.study import RoarStudy
from experiments.roar.tables import mask_table, network_table
from experiments.settings.presets import protocol_study
from experiments.statistics import estimate, known_sum

PRECISION_TOLERANCE = 0.005
"""Robust accuracy that a coarser precision may change before the page warns."""
ADVERSARIAL = ("l1", "l2", "linf")
"""Families of adversarial training."""
OVERFITTED = 0.2
"""Accuracy under one step above that under several from which on a network has overfitted to the step."""
ALIKE = 0.9
"""Rank correlation of two rankings from which they are nearly one."""


def claims(scores: Scores) -> list[Claim]:
    """All claims of one study, those of the registered list first."""
    return [
        *_registered(scores),
        *_gains(scores),
        *_trends(scores),
        *_beyond_blur(scores),
        *_beyond_masks(scores),
        *_chance(scores),
    ]


def metric_title(scores: Scores, metric: str) -> str:
    return score_titles(scores.metrics[metric])[metric]


def training_title(family: str) -> str:
    """How a family's training is called in a claim."""
    title = f"{family} adversarial" if family in ADVERSARIAL else catalogue.title("training", family)
    return f"{title} training"


def attribution_title(name: str) -> str:
    return catalogue.title("attributions", name)


def _registered(scores: Scores) -> Iterator[Claim]:
    for metric in SCORES:
        for family in NORMS:
            strongest = scores.strongest_of(family)
            for attribution in scores.study.attributions:
                name = f"{metric}-{family}-{attribution}"
                if name not in PRIMARY:
                    continue
                gain, reason = UNKNOWN, lost(scores, family)
                if strongest is not None:
                    gain, reason = estimate(scores.gain(strongest, attribution, metric)), failed(scores, strongest)
                yield primary(name, scores.study.dataset, gain, rows=scores.rows, reason=reason)
    if set(ATTRIBUTIONS) <= set(scores.study.attributions):
        name = "roar-gradient_x_input-above-gradient"
        yield primary(name, scores.study.dataset, estimate(_above_gradient(scores)), rows=scores.rows)


def _above_gradient(scores: Scores) -> np.ndarray:
    arms = [[Arm(spec, name) for name in ("gradient_x_input", "gradient")] for spec in scores.networks]
    return np.mean([scores.score(ours, "roar") - scores.score(theirs, "roar") for ours, theirs in arms], axis=0)


def failed(scores: Scores, spec: NetworkSpec) -> str:
    """Why nothing can be said of a network: "" if something can."""
    failed, trainings = scores.at_chance(spec), len(scores.runs)
    if 2 * failed > trainings:
        return f"{spec.name} is no better than chance on clean images in {failed} of {trainings} trainings"
    return ""


def lost(scores: Scores, family: str) -> str:
    """Why a family's strongest network is not there."""
    planned = any(spec.family == family for spec in networks(scores.study))
    return f"the strongest {training_title(family)} is missing" if planned else f"there is no {training_title(family)}"


def _gains(scores: Scores) -> Iterator[Claim]:
    """Of the mean over a family's networks, and of what is not on the registered list."""
    for metric, measure in scores.metrics.items():
        for family, specs in scores.families().items():
            for attribution in scores.explaining:
                declared = catalogue.entry("measures", measure).declared
                falls = (metric, family, attribution) == ("kar", "l2", "gradient")
                rises = declared.get("MORE_IS_BETTER", True) and not falls
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


def _mean_gain(scores: Scores, specs: list[NetworkSpec], attribution: str, metric: str) -> np.ndarray:
    trained = [scores.score(Arm(spec, attribution), metric) / len(specs) for spec in specs]
    return known_sum([*trained, -scores.score(Arm(STANDARD, attribution), metric)])


def _trends(scores: Scores) -> Iterator[Claim]:
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
                paper="not published" if published is None else f"correlation {published.linear:.2f}",
                check=published is None,
                reason=f"{len(specs)} networks make no trend" if len(specs) < 3 else "",
            )


def _beyond_blur(scores: Scores) -> Iterator[Claim]:
    for spec in scores.strongest:
        for attribution in scores.explaining:
            title, gain = attribution_title(attribution), scores.gain(spec, attribution, "roar")
            reason = no_gain(estimate(gain))
            sigmas = ", ".join(f"{arm.blur:g}" for arm in scores.blurs(attribution))
            yield _claim(
                scores,
                f"beyond-blur-{spec.family}-{attribution}",
                f"{spec.family} training raises {title}'s ROAR score by more than any blur of the standard network's "
                "scores does",
                scores.beyond(gain, *scores.blur_gains(attribution)),
                of=f"gain of {spec.name} minus the largest gain from a blur of {sigmas} pixels, at least 0",
                check=True,
                reason=reason,
            )
            yield _claim(
                scores,
                f"equal-roughness-{spec.family}-{attribution}",
                f"At equal roughness, {spec.family} training scores above the standard network in ROAR ({title})",
                scores.at_equal_roughness(spec, attribution),
                of=f"score of {spec.name} minus the standard network's, blurred until it is as rough, or plain where "
                "that scores more",
                check=True,
                reason=reason or _out_of_reach(scores, spec, attribution),
            )
            yield _claim(
                scores,
                f"blurred-{spec.family}-{attribution}",
                f"At equal blur, {spec.family} training still raises {title}'s ROAR score",
                estimate(scores.both_blurred(spec, attribution)),
                of=f"{spec.name} minus standard, both blurred by {scores.study.blur_sigma:g} pixels",
                check=True,
            )


def _out_of_reach(scores: Scores, spec: NetworkSpec, attribution: str) -> str:
    """Why no blur makes the standard network's map as rough as another's: "" where one does."""
    sweep = scores.roughness(scores.sweep(attribution))
    ours = scores.roughness([Arm(spec, attribution)])[0]
    if sweep.min() <= ours <= sweep.max():
        return ""
    return f"its roughness is {ours:.3g}, the standard network's {sweep.min():.3g} to {sweep.max():.3g}, blurred or not"


def _beyond_masks(scores: Scores) -> Iterator[Claim]:
    for spec, attribution in scores.masked():
        gain = scores.gain(spec, attribution, "kar")
        yield _claim(
            scores,
            f"beyond-masks-{spec.family}-{attribution}",
            f"{spec.family} training raises {attribution_title(attribution)}'s KAR score by more than its masks alone "
            "tell of the class",
            scores.beyond(gain, scores.mask_gain(spec, attribution)),
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
            estimate(leak.mean(axis=1) - scores.data["chance"]),
            of=f"accuracy on masks minus chance, mean over {len(masked)} arms and all percentages",
            check=True,
        )


def _masked_arms(scores: Scores) -> list[Arm]:
    arms = [arm for spec in (STANDARD, *scores.strongest) for arm in scores.of(spec)]
    return [arm for arm in arms if scores.is_there(arm, "mask")]


def _chance(scores: Scores) -> Iterator[Claim]:
    """Rankings that know nothing must score nothing: here no difference is the good news."""
    others = scores.random_arms()
    if others:
        for metric, score in scores.chance_scores().items():
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
        id=f"{scores.study.dataset}/{name}",
        statement=statement,
        section="3.2",
        unit=f"{of}; {scores.rows}",
        **about,
    )


def alerts(scores: Scores) -> list[str]:
    """What a reader must know before believing the numbers; each derived from them."""
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
    for claim in _chance(scores):
        if claim.ci_low is not None and claim.ci_high is not None and not claim.ci_low <= 0 <= claim.ci_high:
            yield (
                f"Null test failed: rankings by other random pixels score {claim.measured:.4f} "
                f"[{claim.ci_low:.4f}, {claim.ci_high:.4f}], which excludes 0. Differences of this size are noise."
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
                f"(rank correlation {alike:.2f}; {share:.0%} of the pixels are nearly black or white): "
                "comparing them compares a thing nearly with itself."
            )
