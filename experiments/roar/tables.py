"""The tables of Section 3.2."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from experiments.claim import UNKNOWN
from experiments.networks.grid import STANDARD, NetworkSpec, network_columns
from experiments.paper import published_correlation
from experiments.roar import controls
from experiments.roar.analysis import Scores
from experiments.roar.pieces import BASELINE, Arm, arms, occlusions
from experiments.statistics import estimate, known_mean, rank_correlation
from experiments.store.results import interval, table


def tables(scores: Scores) -> list[dict]:
    """All tables, ready for JSON."""
    return [
        network_table(scores),
        score_table(scores),
        gain_table(scores),
        correlation_table(scores),
        curve_table(scores),
        blur_table(scores),
        mask_table(scores),
        null_table(scores),
    ]


def network_table(scores: Scores) -> dict:
    first, *others = scores.study.robust_attacks
    rows = []
    for spec in scores.networks:
        gradient = Arm(spec, scores.study.attributions[0])
        step = dict(spec.parameters).get("step_size")
        row = {
            **network_columns(spec),
            "strength": scores.relative_strength(spec),
            "step_over_eps": step / spec.strength if step and spec.strength else None,
            **interval("clean_accuracy", estimate(scores.accuracy(spec))),
            **interval("robust_accuracy", estimate(scores.accuracy(spec, first))),
            "one_step_accuracy": float(scores.accuracy(spec, "fgsm").mean()),
            "zero_gradient_images": float(scores.of_maps(gradient, "zero_images").mean()),
            "zero_gradient_pixels": float(scores.of_maps(gradient, "zero_pixels").mean()),
            **_counts(scores),
        }
        for name in others:
            row |= interval(f"robust_accuracy_{name}", estimate(scores.accuracy(spec, name)))
        if f"{first}_float32" in scores.values["evaluation", spec, scores.runs[0]]:
            row["robust_accuracy_float32"] = float(scores.accuracy(spec, f"{first}_float32").mean())
        rows.append(row)
    return table("networks", "Networks: accuracy on the test set", scores.study.dataset, rows)


def _counts(scores: Scores) -> dict:
    counts = {"trainings": len(scores.runs), "repetitions": scores.study.repeats}
    return {**counts, "n_images": int(scores.data["test_images"])}


def score_table(scores: Scores) -> dict:
    rows = []
    for arm in arms(scores.study):
        for metric, values in _scores_of(scores, arm):
            rows.append(
                {
                    **_arm_columns(arm),
                    "metric": metric,
                    "strength": None if arm.network is None else scores.relative_strength(arm.network),
                    **interval("score", estimate(known_mean(values))),
                    "roughness": float(scores.of_maps(arm, "roughness").mean()) if arm.network else None,
                    **_counts(scores),
                }
            )
    return table("scores", "Scores", scores.study.dataset, rows)


def _scores_of(scores: Scores, arm: Arm) -> Iterator[tuple[str, np.ndarray]]:
    """The scores that were measured of an arm."""
    if arm.network is not None and not arm.blur:
        if arm.network in scores.networks:
            yield from ((metric, scores.score(arm, metric)) for metric in scores.metrics)
    elif arm != BASELINE and scores.is_there(arm, "remove") and (arm.network or STANDARD) in scores.networks:
        yield "roar", scores.roar(arm)
        if arm.network is None and scores.is_there(arm, "keep"):
            yield "kar", scores.kar(arm)


def gain_table(scores: Scores) -> dict:
    """What the strongest training of each family adds to every attribution's scores."""
    rows = [
        {
            **network_columns(spec),
            "attribution": attribution,
            "metric": metric,
            **interval("standard", estimate(known_mean(scores.score(Arm(STANDARD, attribution), metric)))),
            **interval("robust", estimate(known_mean(scores.score(Arm(spec, attribution), metric)))),
            **interval("gain", estimate(scores.known_gain(spec, attribution, metric))),
            "trainings": len(scores.runs),
        }
        for spec in map(scores.strongest_of, scores.families())
        if spec is not None
        for attribution in scores.explaining
        for metric in scores.metrics
    ]
    return table("gains", "Gain of every attribution through the strongest training", scores.study.dataset, rows)


def correlation_table(scores: Scores) -> dict:
    """Score against attack strength, the standard network included at strength 0."""
    rows = []
    for metric in scores.metrics:
        for group, family in scores.groups():
            specs, x = scores.strengths(group, family)
            for attribution in scores.explaining if x else ():
                rows.append(correlation_row(scores, "3.2", specs, x, metric, group, family, attribution))
    return table("correlations", "Correlation of score with attack strength", scores.study.dataset, rows)


def correlation_row(
    scores: Scores,
    section: str,
    specs: list[NetworkSpec],
    x: list[np.ndarray],
    metric: str,
    group: str,
    family: str,
    attribution: str,
) -> dict:
    """Correlations and linear fit of scores against x, one entry per network, beside the published ones."""
    places = np.array([values.mean() for values in x])
    means = np.array([np.nanmean(scores.score(Arm(spec, attribution), metric)) for spec in specs])
    many = len(specs) > 2  # two points lie on a line
    linear = scores.trend(specs, x, attribution, metric) if many else UNKNOWN
    slope, intercept = np.polyfit(places, means, 1) if np.ptp(places) else (0.0, np.mean(means))
    published = published_correlation(section, metric, group, family, attribution)
    rank = float(rank_correlation(places, means)) if many else np.nan
    return {
        "metric": metric,
        "group": group,
        "family": family,
        "attribution": attribution,
        **interval("linear", linear),
        "p": linear.p,
        "rank": rank if np.isfinite(rank) else None,
        "paper_linear": published.linear if published else None,
        "paper_rank": published.rank if published else None,
        "slope": float(slope),
        "intercept": float(intercept),
        "n_networks": len(specs),
    }


def curve_table(scores: Scores) -> dict:
    """Accuracy at every percentage, with the measured end points that all curves share."""
    rows = []
    for arm in arms(scores.study):
        for occlusion in occlusions(scores.study, arm):
            if scores.is_there(arm, occlusion) and (arm.network or STANDARD) in scores.networks:
                correct = scores.correct(arm, occlusion)
                for place, percent in enumerate(scores.study.percentiles):
                    rows.append(
                        {
                            **_arm_columns(arm),
                            "occlusion": occlusion,
                            "percent": percent,
                            **interval("accuracy", estimate(correct[:, :, place].mean(axis=1))),
                            **_counts(scores),
                        }
                    )
    return table("curves", "Accuracy against pixels removed or kept", scores.study.dataset, rows)


def blur_table(scores: Scores) -> dict:
    """How much of the gain blurs of the standard network's scores give, and what is left beyond them."""
    rows = []
    for spec in scores.strongest:
        for attribution in scores.explaining:
            standard, robust = Arm(STANDARD, attribution), Arm(spec, attribution)
            gain = scores.gain(spec, attribution, "roar")
            blurs = controls.blur_gains(scores, attribution)
            largest = max(blurs, key=lambda values: values.mean())
            rows.append(
                {
                    **network_columns(spec),
                    "attribution": attribution,
                    **interval("gain", estimate(gain)),
                    **interval("gain_from_blur", estimate(largest)),
                    **interval("beyond_blur", controls.beyond_largest(gain, *blurs)),
                    **interval("both_blurred", estimate(controls.both_blurred(scores, spec, attribution))),
                    **interval("equal_roughness", controls.at_equal_roughness(scores, spec, attribution)),
                    "roughness_standard": float(scores.of_maps(standard, "roughness").mean()),
                    "roughness_robust": float(scores.of_maps(robust, "roughness").mean()),
                }
            )
    return table("controls", "Does smoothness alone explain the gain?", scores.study.dataset, rows)


def mask_table(scores: Scores) -> dict:
    """KAR gains beside the gains of networks that saw the masks alone."""
    rows = []
    for spec, attribution in controls.masked(scores):
        gain, masks = scores.gain(spec, attribution, "kar"), controls.mask_gain(scores, spec, attribution)
        at_least = scores.correct(Arm(spec, attribution), "mask")[:, :, 0].mean()
        rows.append(
            {
                **network_columns(spec),
                "attribution": attribution,
                **interval("gain", estimate(gain)),
                **interval("gain_of_masks", estimate(masks)),
                **interval("beyond_masks", controls.beyond_largest(gain, masks)),
                "percent": scores.study.percentiles[0],
                "masks_accuracy": float(at_least),
                "kept_accuracy": float(scores.correct(Arm(spec, attribution), "keep")[:, :, 0].mean()),
                "random_masks_accuracy": float(scores.correct(BASELINE, "mask")[:, :, 0].mean()),
            }
        )
    return table("masks", "Do the masks alone explain KAR?", scores.study.dataset, rows)


def null_table(scores: Scores) -> dict:
    """Scores of rankings by other random pixels: what chance gives."""
    rows = [
        {"arm": arm.attribution, "metric": metric, **interval("score", estimate(score(arm)))}
        for arm in controls.random_arms(scores)
        for metric, score in controls.chance_scores(scores).items()
    ]
    return table("null", "Scores of random rankings", scores.study.dataset, rows)


def _arm_columns(arm: Arm) -> dict:
    known: Mapping[str, Any] = network_columns(arm.network or STANDARD)
    network = known if arm.network else dict.fromkeys(known)
    return {**network, "attribution": arm.attribution, "blur": arm.blur}
