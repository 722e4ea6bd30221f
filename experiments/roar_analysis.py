"""From the booleans of a ROAR / KAR study to scores, correlations and tables."""

import numpy as np

from experiments.grid import NORMS, RANDOM, STANDARD, Arm, NetworkSpec, control_networks, networks
from experiments.measurements import Measurements
from experiments.results import interval, table
from experiments.roar import kar_score, roar_score
from experiments.statistics import correlation_estimates, mean_estimate
from reports.paper_values import published_correlation

METRICS = ("roar", "kar")


class Numbers:
    """The numbers of one study. Scores are kept as (repetitions, images) until the last moment."""

    def __init__(self, measured: Measurements):
        self.measured, self.study = measured, measured.study
        self.baseline = Arm(None, RANDOM)
        # A series counts with what is measured on its maps; a network when all its arms do.
        self.correct = {
            (arm, metric): values
            for (arm, metric), values in measured.correct.items()
            if arm.network is None or arm in measured.maps
        }
        self.networks = [spec for spec in networks(self.study) if self._is_whole(spec)]
        self.anything = bool(measured.data) and self._is_scored(self.baseline) and STANDARD in self.networks
        self.strongest = [spec for spec in control_networks(self.study)[1:] if self._has_controls(spec)]

    def _is_whole(self, spec: NetworkSpec) -> bool:
        arms = (Arm(spec, attribution) for attribution in self.study.attributions)
        return spec in self.measured.evaluations and all(map(self._is_scored, arms))

    def _is_scored(self, arm: Arm) -> bool:
        return all((arm, metric) in self.correct for metric in METRICS)

    def _has_controls(self, spec: NetworkSpec) -> bool:
        """Whether the network and the standard one are there, plain and blurred."""
        return {spec, STANDARD} <= set(self.networks) and all(
            (Arm(network, attribution, blurred=True), "roar") in self.correct
            for network in (spec, STANDARD)
            for attribution in self.study.attributions
        )

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
        """(repetitions, images): each test image's share of a score; the score is their mean."""
        correct = np.moveaxis(self.correct[arm, metric], 1, -1)
        random = np.moveaxis(self.correct[self.baseline, metric], 1, -1)
        function = roar_score if metric == "roar" else kar_score
        return function(correct, random, self.study.percentiles)

    def gain(self, network: NetworkSpec, attribution: str, metric: str) -> np.ndarray:
        """(repetitions, images): a network's score minus the standard network's."""
        return self.score(Arm(network, attribution), metric) - self.score(Arm(STANDARD, attribution), metric)

    def trained(self, norm: str, loss: str | None = None) -> list[NetworkSpec]:
        """The adversarially trained networks of a norm and, if given, a loss."""
        return [spec for spec in self.networks if spec.norm == norm and loss in (None, spec.loss)]

    def strength(self, spec: NetworkSpec) -> float:
        """eps over the largest eps of its norm; 0 for the standard network."""
        if spec.norm is None:
            return 0.0
        return spec.eps / max(self.study.l2_eps if spec.norm == "l2" else self.study.linf_eps)

    # Tables

    def network_table(self) -> dict:
        rows = []
        for spec in self.networks:
            evaluation = self.measured.evaluations[spec]
            gradient = self.measured.maps[Arm(spec, self.study.attributions[0])]
            step = self.study.linf_step_size if spec.norm == "linf" else self.study.l2_step_size
            rows.append(
                {
                    **network_columns(spec),
                    "strength": self.strength(spec),
                    "step_over_eps": None if spec.eps is None else step / spec.eps,
                    **interval("clean_accuracy", mean_estimate(evaluation["clean"][None])),
                    **interval("robust_accuracy", mean_estimate(evaluation["pgd"][None])),
                    "one_step_accuracy": float(evaluation["fgsm"].mean()),
                    "zero_gradient_images": float(gradient["zero_images"]),
                    "zero_gradient_pixels": float(gradient["zero_pixels"]),
                    "n_images": len(evaluation["clean"]),
                }
            )
            if "pgd_float32" in evaluation:
                rows[-1]["robust_accuracy_float32"] = float(evaluation["pgd_float32"].mean())
        return table("networks", "Networks: accuracy on the test set", self.study.dataset, rows)

    def score_table(self) -> dict:
        rows = []
        for arm, metric in self.correct:
            if arm == self.baseline or metric == "mask":
                continue
            values = self.score(arm, metric)
            rows.append(
                {
                    **_arm_columns(arm),
                    "metric": metric,
                    "strength": None if arm.network is None else self.strength(arm.network),
                    **interval("score", mean_estimate(values)),
                    "roughness": float(self.measured.maps[arm]["roughness"]) if arm.network else None,
                    "repetitions": values.shape[0],
                    "n_images": values.shape[1],
                }
            )
        return table("scores", "ROAR and KAR scores", self.study.dataset, rows)

    def correlation_table(self) -> dict:
        """Score against attack strength, the standard network included at strength 0."""
        rows = []
        for metric in METRICS:
            for loss in self.study.losses:
                for norm in NORMS:
                    for attribution in self.study.attributions:
                        if self.trained(norm, loss):
                            rows.append(self._correlation_row(metric, loss, norm, attribution))
        return table("correlations", "Correlation of score with attack strength", self.study.dataset, rows)

    def _correlation_row(self, metric: str, loss: str, norm: str, attribution: str) -> dict:
        specs = self.series(norm, loss)
        strengths = [self.strength(spec) for spec in specs]
        return correlation_row(
            "3.2", strengths, self.mean_scores(specs, metric, attribution), metric, loss, norm, attribution
        )

    def series(self, norm: str, loss: str) -> list[NetworkSpec]:
        """The networks of one point colour in the paper's figures: the standard one and those of a norm and loss."""
        return [STANDARD, *self.trained(norm, loss)]

    def mean_scores(self, specs: list[NetworkSpec], metric: str, attribution: str) -> list[float]:
        return [float(self.score(Arm(spec, attribution), metric).mean()) for spec in specs]

    def curve_table(self) -> dict:
        """Accuracy at every percentage, with the measured end points that all curves share."""
        rows = []
        for (arm, metric), correct in self.correct.items():
            for percent, values in zip(self.study.percentiles, correct.swapaxes(0, 1), strict=True):
                rows.append(
                    {
                        **_arm_columns(arm),
                        "metric": metric,
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
                        "roughness_standard": float(self.measured.maps[standard]["roughness"]),
                        "roughness_robust": float(self.measured.maps[robust]["roughness"]),
                    }
                )
        return table("controls", "Does smoothness alone explain the gain?", self.study.dataset, rows)

    def blurred(self, spec: NetworkSpec, attribution: str) -> np.ndarray:
        return self.score(Arm(spec, attribution, blurred=True), "roar")

    def both_blurred(self, spec: NetworkSpec, attribution: str) -> np.ndarray:
        return self.blurred(spec, attribution) - self.blurred(STANDARD, attribution)

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/..."."""
        arrays = {f"{self.study.dataset}/{name}": np.asarray(value) for name, value in self.measured.data.items()}
        for arm, maps in self.measured.maps.items():
            for name in ("sample_maps", "sample_ranks"):
                arrays[f"{self.study.dataset}/{arm.name}/{name}"] = maps[name]
        return arrays


def correlation_row(
    section: str, x: list[float], scores: list[float], metric: str, loss: str, norm: str, attribution: str
) -> dict:
    """Correlations and linear fit of scores against x, one entry per network, beside the published ones."""
    linear, rank = correlation_estimates(x, scores)
    slope, intercept = np.polyfit(x, scores, 1) if np.ptp(x) else (0.0, np.mean(scores))
    published = published_correlation(section, metric, loss, norm, attribution)
    return {
        "metric": metric,
        "loss": loss,
        "norm": norm,
        "attribution": attribution,
        **interval("linear", linear),
        **interval("rank", rank),
        "paper_linear": published.linear if published else None,
        "paper_rank": published.rank if published else None,
        "slope": float(slope),
        "intercept": float(intercept),
        "n_networks": len(scores),
    }


def network_columns(spec: NetworkSpec) -> dict:
    return {"network": spec.name, "norm": spec.norm, "loss": spec.loss, "eps": spec.eps}


def _arm_columns(arm: Arm) -> dict:
    network = network_columns(arm.network) if arm.network else dict.fromkeys(("network", "norm", "loss", "eps"))
    return {**network, "attribution": arm.attribution, "blurred": arm.blurred}
