"""From the booleans of a ROAR / KAR study to scores, correlations and tables."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from experiments import catalogue
from experiments.claim import Estimate
from experiments.experiment import Measured
from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, network_columns, networks
from experiments.paper import published_correlation
from experiments.roar.pieces import BASELINE, Arm, arms, of_arm, retrainings_of, without_retraining
from experiments.roar.study import RoarStudy
from experiments.statistics import correlation_estimates, mean_estimate
from experiments.store.results import interval, table
from measures import Given
from measures.roar import roar_score

Series = dict[tuple[Arm, str], np.ndarray]


class Scores:
    """The numbers of one study. Scores are kept as (repetitions, images) until the last moment.

    Attributes:
        data: facts of the images, and the sample shown in pictures.
        evaluations: per network, booleans over test images: "clean", each attack, "fgsm".
        maps: per arm of a network: "roughness", "zero_pixels", "zero_images", "sample_maps", "sample_ranks".
        correct: per arm and occlusion, booleans (repetitions, percentiles, images); only series that are whole.
        networks: those that are whole.
        anything: whether there is enough to say something.
        strongest: per family the strongest network, where its controls are whole.
    """

    def __init__(self, measured: Measured[RoarStudy]):
        self.measured, self.study, values = measured, measured.study, measured.values
        self.data: dict[str, np.ndarray] = values.get("data", {})
        self.evaluations: dict[NetworkSpec, dict[str, np.ndarray]] = _named("evaluation", values)
        self.maps: dict[Arm, dict[str, np.ndarray]] = _named("maps", values)
        # A series counts with what is measured on its maps; a network when all its arms do.
        self.correct = {
            (arm, occlusion): series
            for (arm, occlusion), series in whole_series(self.study, values).items()
            if arm.network is None or arm in self.maps
        }
        self.networks = [spec for spec in networks(self.study) if self._is_whole(spec)]
        self.anything = bool(self.data) and self._is_scored(BASELINE) and STANDARD in self.networks
        self.strongest = [spec for spec in control_networks(self.study)[1:] if self._has_controls(spec)]

    def _is_whole(self, spec: NetworkSpec) -> bool:
        return spec in self.evaluations and all(self._is_scored(arm) for arm in self.of(spec))

    def _is_scored(self, arm: Arm) -> bool:
        measures = without_retraining(self.study) if arm.network else []
        return all((arm, occlusion) in self.correct for occlusion in self.occlusions) and all(
            ("measure", arm, name) in self.measured.values for name in measures
        )

    def _has_controls(self, spec: NetworkSpec) -> bool:
        """Whether the network and the standard one are there, plain and blurred."""
        return {spec, STANDARD} <= set(self.networks) and all(
            (Arm(network, attribution, blurred=True), "remove") in self.correct
            for network in (spec, STANDARD)
            for attribution in self.study.attributions
        )

    @cached_property
    def occlusions(self) -> list[str]:
        """Those under which every arm is retrained."""
        return list(dict.fromkeys(kind for name in self.study.measures for kind in retrainings_of(name)))

    @cached_property
    def metrics(self) -> dict[str, str]:
        """Every score of the study's measures, in order, and the measure that gives it."""
        return {score: name for name in self.study.measures for score in score_titles(name)}

    def of(self, spec: NetworkSpec) -> list[Arm]:
        """A network's plain arms."""
        return [Arm(spec, attribution) for attribution in self.study.attributions]

    def tables(self) -> list[dict]:
        """All tables, ready for JSON."""
        return [
            self.network_table(),
            self.score_table(),
            self.correlation_table(),
            self.curve_table(),
            self.control_table(),
        ]

    # Scores

    def score(self, arm: Arm, metric: str) -> np.ndarray:
        """(repetitions, images): each test image's share of a score of a plain arm; the score is their mean."""
        measure = self.metrics[metric]
        occlusions = retrainings_of(measure)
        if not occlusions:
            return self.measured.values["measure", arm, measure][None]
        given = Given(
            retrained={kind: self.correct[arm, kind] for kind in occlusions},
            random={kind: self.correct[BASELINE, kind] for kind in occlusions},
            percentiles=self.study.percentiles,
        )
        return catalogue.find("measures", measure)(given)[metric]

    def roar(self, arm: Arm) -> np.ndarray:
        """(repetitions, images): the ROAR score of any arm, those of controls too."""
        accuracy, random = (np.moveaxis(self.correct[which, "remove"], 1, -1) for which in (arm, BASELINE))
        return roar_score(accuracy, random, self.study.percentiles)

    def gain(self, network: NetworkSpec, attribution: str, metric: str) -> np.ndarray:
        """(repetitions, images): a network's score minus the standard network's."""
        return self.score(Arm(network, attribution), metric) - self.score(Arm(STANDARD, attribution), metric)

    def families(self) -> dict[str, list[NetworkSpec]]:
        """The trained networks by family: "l2" and "linf" of adversarial training, else by method."""
        found: dict[str, list[NetworkSpec]] = {}
        for spec in self.networks:
            if spec != STANDARD:
                found.setdefault(spec.family, []).append(spec)
        return found

    def groups(self) -> list[tuple[str, str]]:
        """Panel and family of every series of networks."""
        order = {group: None for spec in self.networks if spec != STANDARD for group in [spec.group]}
        return [(g, f) for g in order for f, specs in self.families().items() if any(s.group == g for s in specs)]

    def series(self, group: str, family: str) -> list[NetworkSpec]:
        """The networks of one point colour in the paper's figures: the standard one and those of a family and panel."""
        return [STANDARD, *(spec for spec in self.families().get(family, []) if spec.group == group)]

    def relative_strength(self, spec: NetworkSpec) -> float | None:
        """The strength over the largest of its family; 0 for the standard network."""
        if spec == STANDARD:
            return 0.0
        if spec.strength is None:
            return None
        largest = max(other.strength or 0.0 for other in networks(self.study) if other.family == spec.family)
        return spec.strength / largest if largest else 0.0

    # Tables

    def network_table(self) -> dict:
        first, *others = self.study.robust_attacks
        rows = []
        for spec in self.networks:
            evaluation = self.evaluations[spec]
            gradient = self.maps[Arm(spec, self.study.attributions[0])]
            step = dict(spec.parameters).get("step_size")
            row = {
                **network_columns(spec),
                "strength": self.relative_strength(spec),
                "step_over_eps": step / spec.strength if step and spec.strength else None,
                **interval("clean_accuracy", mean_estimate(evaluation["clean"][None])),
                **interval("robust_accuracy", mean_estimate(evaluation[first][None])),
                "one_step_accuracy": float(evaluation["fgsm"].mean()),
                "zero_gradient_images": float(gradient["zero_images"]),
                "zero_gradient_pixels": float(gradient["zero_pixels"]),
                "n_images": len(evaluation["clean"]),
            }
            for name in others:
                row |= interval(f"robust_accuracy_{name}", mean_estimate(evaluation[name][None]))
            if f"{first}_float32" in evaluation:
                row["robust_accuracy_float32"] = float(evaluation[f"{first}_float32"].mean())
            rows.append(row)
        return table("networks", "Networks: accuracy on the test set", self.study.dataset, rows)

    def score_table(self) -> dict:
        rows = []
        for arm in arms(self.study):
            for metric in self._metrics_of(arm):
                values = self.score(arm, metric) if _is_plain(arm) else self.roar(arm)
                rows.append(
                    {
                        **_arm_columns(arm),
                        "metric": metric,
                        "strength": None if arm.network is None else self.relative_strength(arm.network),
                        **interval("score", _known_mean(values)),
                        "roughness": float(self.maps[arm]["roughness"]) if arm.network else None,
                        "repetitions": values.shape[0],
                        "n_images": values.shape[1],
                    }
                )
        return table("scores", "Scores", self.study.dataset, rows)

    def _metrics_of(self, arm: Arm) -> list[str]:
        """The scores that were measured of an arm."""
        if arm == BASELINE:
            return []
        if not _is_plain(arm):
            return ["roar"] if (arm, "remove") in self.correct else []
        return list(self.metrics) if arm.network in self.networks else []

    def correlation_table(self) -> dict:
        """Score against attack strength, the standard network included at strength 0."""
        rows = []
        for metric in self.metrics:
            for group, family in self.groups():
                for attribution in self.study.attributions:
                    specs = self.series(group, family)
                    strengths = [self.relative_strength(spec) for spec in specs]
                    if None not in strengths:
                        scores = self.mean_scores(specs, metric, attribution)
                        rows.append(correlation_row("3.2", strengths, scores, metric, group, family, attribution))
        return table("correlations", "Correlation of score with attack strength", self.study.dataset, rows)

    def mean_scores(self, specs: list[NetworkSpec], metric: str, attribution: str) -> list[float]:
        return [float(np.nanmean(self.score(Arm(spec, attribution), metric))) for spec in specs]

    def curve_table(self) -> dict:
        """Accuracy at every percentage, with the measured end points that all curves share."""
        rows = []
        for (arm, occlusion), correct in self.correct.items():
            for percent, values in zip(self.study.percentiles, correct.swapaxes(0, 1), strict=True):
                rows.append(
                    {
                        **_arm_columns(arm),
                        "occlusion": occlusion,
                        "percent": percent,
                        **interval("accuracy", mean_estimate(values)),
                        "repetitions": values.shape[0],
                        "n_images": values.shape[1],
                    }
                )
        return table("curves", "Accuracy against pixels removed or kept", self.study.dataset, rows)

    def control_table(self) -> dict:
        """How much of the gain a blur of the standard network's scores gives, and what is left beyond it."""
        rows = []
        for spec in self.strongest:
            for attribution in self.study.attributions:
                standard, robust = Arm(STANDARD, attribution), Arm(spec, attribution)
                plain = self.gain(spec, attribution, "roar")
                blur = self.blurred(STANDARD, attribution) - self.score(standard, "roar")
                rows.append(
                    {
                        **network_columns(spec),
                        "attribution": attribution,
                        **interval("gain", mean_estimate(plain)),
                        **interval("gain_from_blur", mean_estimate(blur)),
                        **interval("beyond_blur", mean_estimate(plain - blur)),
                        **interval("both_blurred", mean_estimate(self.both_blurred(spec, attribution))),
                        "roughness_standard": float(self.maps[standard]["roughness"]),
                        "roughness_robust": float(self.maps[robust]["roughness"]),
                    }
                )
        return table("controls", "Does smoothness alone explain the gain?", self.study.dataset, rows)

    def blurred(self, spec: NetworkSpec, attribution: str) -> np.ndarray:
        return self.roar(Arm(spec, attribution, blurred=True))

    def both_blurred(self, spec: NetworkSpec, attribution: str) -> np.ndarray:
        return self.blurred(spec, attribution) - self.blurred(STANDARD, attribution)

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/..."."""
        arrays = {f"{self.study.dataset}/{name}": np.asarray(value) for name, value in self.data.items()}
        for arm, maps in self.maps.items():
            for name in ("sample_maps", "sample_ranks"):
                arrays[f"{self.study.dataset}/{arm.name}/{name}"] = maps[name]
        return arrays


def whole_series(study: RoarStudy, values: Mapping[Any, Any]) -> Series:
    """Per arm and occlusion (repetitions, percentiles, images), where every percentage and repetition is there."""
    wanted: Counter[tuple[Arm, str]] = Counter()
    found: defaultdict[tuple[Arm, str], list[np.ndarray]] = defaultdict(list)
    for arm in arms(study):
        for retraining in of_arm(study, arm):
            series = retraining.arm, retraining.occlusion
            wanted[series] += 1
            if retraining in values:
                found[series].append(values[retraining])
    shape = (len(study.percentiles), study.repeats, -1)
    return {key: np.reshape(rows, shape).swapaxes(0, 1) for key, rows in found.items() if len(rows) == wanted[key]}


def _is_plain(arm: Arm) -> bool:
    return arm.network is not None and not arm.blurred


def _named(kind: str, values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Values of the pieces whose name is this word and one thing more, by that thing."""
    return {
        name[1]: value
        for name, value in values.items()
        if isinstance(name, tuple) and name[0] == kind and len(name) == 2
    }


def score_titles(measure: str) -> dict[str, str]:
    """Titles of a measure's scores by their names."""
    declared = catalogue.entry("measures", measure).declared
    word = measure.rpartition(":")[2]
    return declared.get("SCORES", {word: catalogue.title("measures", measure)})


def _known_mean(values: np.ndarray) -> Estimate | None:
    """Of the images that have a value."""
    known = np.compress(np.isfinite(values).all(axis=0), values, axis=1)  # as laid out before: its mean is the same
    return mean_estimate(known) if known.size else None


def correlation_row(
    section: str, x: list, scores: list[float], metric: str, group: str, family: str, attribution: str
) -> dict:
    """Correlations and linear fit of scores against x, one entry per network, beside the published ones."""
    linear, rank = correlation_estimates(np.array(x), np.array(scores))
    slope, intercept = np.polyfit(x, scores, 1) if np.ptp(x) else (0.0, np.mean(scores))
    published = published_correlation(section, metric, group, family, attribution)
    return {
        "metric": metric,
        "group": group,
        "family": family,
        "attribution": attribution,
        **interval("linear", linear),
        **interval("rank", rank),
        "paper_linear": published.linear if published else None,
        "paper_rank": published.rank if published else None,
        "slope": float(slope),
        "intercept": float(intercept),
        "n_networks": len(scores),
    }


def _arm_columns(arm: Arm) -> dict:
    known = network_columns(arm.network or STANDARD)
    network = known if arm.network else dict.fromkeys(known)
    return {**network, "attribution": arm.attribution, "blurred": arm.blurred}
