"""The claims of Section 3.2, judged, and what a reader must know before believing them."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments import catalogue
from experiments.claim import Claim, Estimate, judged
from experiments.data import SOURCES
from experiments.networks.grid import STANDARD
from experiments.paper import KAR_GRADIENT_BAND, KAR_GRADIENT_X_INPUT_LINF, SCORE_RANGES
from experiments.roar.analysis import Scores, score_titles
from experiments.roar.pieces import SECOND_RANDOM, Arm
from experiments.roar.study import RoarStudy
from experiments.settings.presets import protocol_study
from experiments.statistics import MIN_NETWORKS, mean_estimate

PRECISION_TOLERANCE = 0.005
"""Robust accuracy that a coarser precision may change before the page warns."""


def claims(scores: Scores) -> list[Claim]:
    """All claims of one study."""
    return [*_gains(scores), *_attributions(scores), *_trends(scores), *_controls(scores)]


def metric_title(scores: Scores, metric: str) -> str:
    return score_titles(scores.metrics[metric])[metric]


def training_title(family: str) -> str:
    """How a family's training is called in a claim."""
    return f"{family} adversarial training" if family in ("l2", "linf") else f"{family} training"


def attribution_title(name: str) -> str:
    return catalogue.title("attributions", name)


def _gains(scores: Scores) -> Iterator[Claim]:
    for metric, measure in scores.metrics.items():
        for family, specs in scores.families().items():
            for attribution in scores.study.attributions:
                falls = (metric, family, attribution) == ("kar", "l2", "gradient")
                more_is_better = catalogue.entry("measures", measure).declared.get("MORE_IS_BETTER", True)
                rises = more_is_better and not falls
                yield _effect(
                    scores,
                    f"{metric}-{family}-{attribution}",
                    f"{training_title(family)} {'raises' if rises else 'lowers'} the {metric_title(scores, metric)} "
                    f"score of {attribution_title(attribution)}",
                    np.mean([scores.gain(spec, attribution, metric) for spec in specs], axis=0),
                    of=f"mean over {len(specs)} trained networks minus the standard one",
                    paper=_published_gain(metric, family, attribution),
                    check=measure != "roar" or family not in ("l2", "linf"),
                    positive=rises,
                )


def _attributions(scores: Scores) -> Iterator[Claim]:
    if {"gradient", "gradient_x_input"} <= set(scores.study.attributions):
        differences = [
            scores.score(Arm(spec, "gradient_x_input"), "roar") - scores.score(Arm(spec, "gradient"), "roar")
            for spec in scores.networks
        ]
        yield _effect(
            scores,
            "roar-gradient_x_input-above-gradient",
            f"{attribution_title('gradient_x_input')} scores above {attribution_title('gradient')} in ROAR",
            np.mean(differences, axis=0),
            of=f"mean difference over {len(differences)} networks",
            paper="yes, for every network",
        )


def _trends(scores: Scores) -> Iterator[Claim]:
    for row in scores.correlation_table()["rows"]:
        if row["metric"] == "roar":
            published, few = row["paper_linear"], row["n_networks"] < MIN_NETWORKS
            yield judged(
                _of_row(row),
                id=f"{scores.study.dataset}/trend-{row['family']}-{row['group']}-{row['attribution']}",
                statement=f"{attribution_title(row['attribution'])}'s ROAR score rises with the strength of "
                f"{row['family']} training ({row['group']})",
                section="3.2",
                paper="not published" if published is None else f"correlation {published:.2f}",
                n=row["n_networks"],
                unit="correlation; networks resampled"
                + (f", too few for an interval (at least {MIN_NETWORKS})" if few else ""),
            )


def _of_row(row: dict) -> Estimate:
    value = row["linear"]
    return Estimate(float("nan") if value is None else value, row["linear_low"], row["linear_high"])


def _controls(scores: Scores) -> Iterator[Claim]:
    for spec in scores.strongest:
        for attribution in scores.study.attributions:
            title = attribution_title(attribution)
            blur = scores.blurred(STANDARD, attribution) - scores.score(Arm(STANDARD, attribution), "roar")
            yield _effect(
                scores,
                f"beyond-blur-{spec.family}-{attribution}",
                f"{spec.family} training raises {title}'s ROAR score by more than blurring the standard network's "
                "scores does",
                scores.gain(spec, attribution, "roar") - blur,
                of=f"{spec.name}, plain, minus standard, blurred",
                check=True,
            )
            yield _effect(
                scores,
                f"blurred-{spec.family}-{attribution}",
                f"At equal blur, {spec.family} training still raises {title}'s ROAR score",
                scores.both_blurred(spec, attribution),
                of=f"{spec.name} minus standard, both blurred",
                check=True,
            )
    masks = [values for (_, occlusion), values in scores.correct.items() if occlusion == "mask"]
    if masks:
        yield _effect(
            scores,
            "masks-leak",
            "The masks alone tell the class, so that ROAR and KAR do not measure the pixels only",
            np.mean(masks, axis=(0, 2)) - scores.data["chance"],
            of=f"accuracy on masks minus chance, mean over {len(masks)} arms and all percentages",
            check=True,
        )


def _effect(scores: Scores, name: str, statement: str, values: np.ndarray, of: str, **about: Any) -> Claim:
    """A claim about a mean over repetitions and images; images without a value are left out."""
    known = values[:, np.isfinite(values).all(axis=0)]
    repeats, images = known.shape
    return judged(
        mean_estimate(known),
        id=f"{scores.study.dataset}/{name}",
        statement=statement,
        section="3.2",
        n=images,
        unit=f"{of}; {images} test images and {repeats} repetition{'s' * (repeats > 1)} resampled",
        **about,
    )


def alerts(scores: Scores) -> list[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    return [*scale_alerts(scores.study, int(scores.data["train_images"])), *_networks(scores), *_null_test(scores)]


def scale_alerts(study: RoarStudy, images: int) -> Iterator[str]:
    """What the scale of a run means. images: that were trained on."""
    protocol = protocol_study("roar", study.dataset)
    if study.repeats < 3:
        yield (
            f"{study.repeats} repetition{'s' * (study.repeats > 1)} per retraining: intervals understate how much "
            "retraining varies. Use --repeats=3 or more."
        )
    if study.dataset != "cifar10":
        yield "The paper measured ROAR and KAR on CIFAR-10 alone; its numbers are beside ours for orientation."
    published = SOURCES[study.dataset].train_images if study.dataset in SOURCES else None
    if published and not study.train_size and images != published:
        yield f"This copy of {study.dataset} has {images:,} training images, the published one {published:,}."
    if any(study.value(name) != protocol.value(name) for name in ("width", "train_size", "epochs")):
        yield f"Small scale: width {study.width:g}, {images:,} training images, {study.epochs} epochs."


def _networks(scores: Scores) -> Iterator[str]:
    for row in scores.network_table()["rows"]:
        network, zeros = row["network"], row["zero_gradient_images"]
        if row["step_over_eps"] and row["step_over_eps"] > 1:
            yield f"{network}: the attack's step is {row['step_over_eps']:.3g} times its eps, as in the protocol."
        if zeros > 0:
            yield f"{network}: the gradient is exactly zero on {zeros:.1%} of the test images; ties rank them."
        if row["one_step_accuracy"] - row["robust_accuracy"] > 0.2:
            yield f"{network}: catastrophic overfitting, one step leaves 20 points more accuracy than PGD does."
        exact = row.get("robust_accuracy_float32", row["robust_accuracy"])
        if abs(exact - row["robust_accuracy"]) > PRECISION_TOLERANCE:
            yield (
                f"{network}: robust accuracy is {row['robust_accuracy']:.1%} in {scores.study.precision}, but "
                f"{exact:.1%} when the attack runs in float32. Use --precision=float32."
            )
        if row["clean_accuracy_low"] <= scores.data["chance"]:
            yield f"{network}: no better than chance on clean images; training failed at this scale."


def _null_test(scores: Scores) -> Iterator[str]:
    second = Arm(None, SECOND_RANDOM)
    if (second, "remove") in scores.correct:
        estimate = mean_estimate(scores.roar(second))
        if estimate.low is not None and estimate.high is not None and not estimate.low <= 0 <= estimate.high:
            yield (
                f"Null test failed: a second random baseline scores {estimate.value:.4f} "
                f"[{estimate.low:.4f}, {estimate.high:.4f}], which excludes 0. Differences of this size are noise."
            )


def _published_gain(metric: str, family: str, attribution: str) -> str:
    if family not in ("l2", "linf"):
        return "not examined"
    if (metric, attribution) in SCORE_RANGES:
        low, high = SCORE_RANGES[metric, attribution]
        return f"{low} to about {high}"
    if (metric, family, attribution) == ("kar", "linf", "gradient_x_input"):
        return f"{KAR_GRADIENT_X_INPUT_LINF[0]} to about {KAR_GRADIENT_X_INPUT_LINF[1]}"
    if metric == "kar" and attribution == "gradient":
        direction = "falling" if family == "l2" else "rising"
        return f"between \N{MINUS SIGN}{-KAR_GRADIENT_BAND[0]} and {KAR_GRADIENT_BAND[1]}, {direction}"
    return "rising" if metric == "kar" and attribution == "gradient_x_input" else "not examined"
