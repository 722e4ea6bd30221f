"""From the booleans of a ROAR / KAR study to scores, correlations, claims and alerts."""

import numpy as np

from experiments.grid import NORMS, RANDOM, SECOND_RANDOM, STANDARD, Arm, NetworkSpec, control_networks, networks
from experiments.measurements import Measurements
from experiments.roar import kar_score, roar_score
from experiments.settings import TRAIN_IMAGES, protocol_study
from experiments.statistics import MIN_NETWORKS, Estimate, correlation_estimates, mean_estimate
from reports.claims import Claim
from reports.paper_values import KAR_GRADIENT_BAND, KAR_GRADIENT_X_INPUT_LINF, SCORE_RANGES, published_correlation

METRICS = ("roar", "kar")
LABELS = {"gradient": "Gradient", "gradient_x_input": "Gradient*Input", "roar": "ROAR", "kar": "KAR"}


def analyse(measured: Measurements) -> dict:
    """Tables, claims, alerts and pictures of one study, ready for JSON but for the pictures' arrays."""
    return Analysis(measured).as_dict()


class Analysis:
    """The numbers of one study. Scores are kept as (repetitions, images) until the last moment."""

    def __init__(self, measured: Measurements):
        self.measured, self.study = measured, measured.study
        self.baseline = Arm(None, RANDOM)
        self.strongest = control_networks(self.study)[1:] if self.study.controls else []

    def as_dict(self) -> dict:
        return {
            "tables": [
                self.network_table(),
                self.score_table(),
                self.correlation_table(),
                self.curve_table(),
                self.control_table(),
            ],
            "claims": [claim.as_dict() for claim in self.claims()],
            "alerts": self.alerts(),
            "pictures": self.pictures(),
        }

    # Scores

    def score(self, arm: Arm, metric: str) -> np.ndarray:
        """(repetitions, images): each test image's share of a score; the score is their mean."""
        correct = np.moveaxis(self.measured.correct[arm, metric], 1, -1)
        random = np.moveaxis(self.measured.correct[self.baseline, metric], 1, -1)
        function = roar_score if metric == "roar" else kar_score
        return function(correct, random, self.study.percentiles)

    def gain(self, network: NetworkSpec, attribution: str, metric: str) -> np.ndarray:
        """(repetitions, images): a network's score minus the standard network's."""
        return self.score(Arm(network, attribution), metric) - self.score(Arm(STANDARD, attribution), metric)

    def trained(self, norm: str, loss: str | None = None) -> list[NetworkSpec]:
        """The adversarially trained networks of a norm and, if given, a loss."""
        return [spec for spec in networks(self.study) if spec.norm == norm and loss in (None, spec.loss)]

    def strength(self, spec: NetworkSpec) -> float:
        """eps over the largest eps of its norm; 0 for the standard network."""
        if spec.norm is None:
            return 0.0
        return spec.eps / max(self.study.l2_eps if spec.norm == "l2" else self.study.linf_eps)

    # Tables

    def network_table(self) -> dict:
        rows = []
        for spec in networks(self.study):
            evaluation = self.measured.evaluations[spec]
            gradient = self.measured.maps[Arm(spec, self.study.attributions[0])]
            step = self.study.linf_step_size if spec.norm == "linf" else self.study.l2_step_size
            rows.append(
                {
                    **_network_columns(spec),
                    "strength": self.strength(spec),
                    "step_over_eps": None if spec.eps is None else step / spec.eps,
                    **_interval("clean_accuracy", mean_estimate(evaluation["clean"][None])),
                    **_interval("robust_accuracy", mean_estimate(evaluation["pgd"][None])),
                    "one_step_accuracy": float(evaluation["fgsm"].mean()),
                    "zero_gradient_images": float(gradient["zero_images"]),
                    "zero_gradient_pixels": float(gradient["zero_pixels"]),
                    "n_images": len(evaluation["clean"]),
                }
            )
        return self._table("networks", "Networks: accuracy on the test set", rows)

    def score_table(self) -> dict:
        rows = []
        for arm, metric in self.measured.correct:
            if arm == self.baseline or metric == "mask":
                continue
            values = self.score(arm, metric)
            rows.append(
                {
                    **_arm_columns(arm),
                    "metric": metric,
                    "strength": None if arm.network is None else self.strength(arm.network),
                    **_interval("score", mean_estimate(values)),
                    "roughness": float(self.measured.maps[arm]["roughness"]) if arm.network else None,
                    "repetitions": values.shape[0],
                    "n_images": values.shape[1],
                }
            )
        return self._table("scores", "ROAR and KAR scores", rows)

    def correlation_table(self) -> dict:
        """Score against attack strength, the standard network included at strength 0."""
        rows = []
        for metric in METRICS:
            for loss in self.study.losses:
                for norm in NORMS:
                    for attribution in self.study.attributions:
                        if self.trained(norm, loss):
                            rows.append(self._correlation_row(metric, loss, norm, attribution))
        return self._table("correlations", "Correlation of score with attack strength", rows)

    def _correlation_row(self, metric: str, loss: str, norm: str, attribution: str) -> dict:
        specs = [STANDARD, *self.trained(norm, loss)]
        scores = np.array([self.score(Arm(spec, attribution), metric).mean() for spec in specs])
        strengths = np.array([self.strength(spec) for spec in specs])
        linear, rank = correlation_estimates(strengths, scores)
        slope, intercept = np.polyfit(strengths, scores, 1)
        published = published_correlation("3.2", metric, loss, norm, attribution)
        return {
            "metric": metric,
            "loss": loss,
            "norm": norm,
            "attribution": attribution,
            **_interval("linear", linear),
            **_interval("rank", rank),
            "paper_linear": published.linear if published else None,
            "paper_rank": published.rank if published else None,
            "slope": float(slope),
            "intercept": float(intercept),
            "n_networks": len(specs),
        }

    def curve_table(self) -> dict:
        """Accuracy at every percentage, with the measured end points that all curves share."""
        rows = []
        for (arm, metric), correct in self.measured.correct.items():
            for percent, values in zip(self.study.percentiles, correct.swapaxes(0, 1), strict=True):
                rows.append(
                    {
                        **_arm_columns(arm),
                        "metric": metric,
                        "percent": percent,
                        **_interval("accuracy", mean_estimate(values)),
                        "repetitions": values.shape[0],
                        "n_images": values.shape[1],
                    }
                )
        return self._table("curves", "Accuracy against pixels removed or kept", rows)

    def control_table(self) -> dict:
        """How much of the gain a blur of the standard network's scores gives, and what is left beyond it."""
        rows = []
        for spec in self.strongest:
            for attribution in self.study.attributions:
                standard, robust = Arm(STANDARD, attribution), Arm(spec, attribution)
                plain = self.gain(spec, attribution, "roar")
                blur = self._blurred(STANDARD, attribution) - self.score(standard, "roar")
                rows.append(
                    {
                        **_network_columns(spec),
                        "attribution": attribution,
                        **_interval("gain", mean_estimate(plain)),
                        **_interval("gain_from_blur", mean_estimate(blur)),
                        **_interval("beyond_blur", mean_estimate(plain - blur)),
                        **_interval("both_blurred", mean_estimate(self._both_blurred(spec, attribution))),
                        "roughness_standard": float(self.measured.maps[standard]["roughness"]),
                        "roughness_robust": float(self.measured.maps[robust]["roughness"]),
                    }
                )
        return self._table("controls", "Does smoothness alone explain the gain?", rows)

    def _blurred(self, spec: NetworkSpec, attribution: str) -> np.ndarray:
        return self.score(Arm(spec, attribution, blurred=True), "roar")

    def _both_blurred(self, spec: NetworkSpec, attribution: str) -> np.ndarray:
        return self._blurred(spec, attribution) - self._blurred(STANDARD, attribution)

    def _table(self, kind: str, title: str, rows: list[dict]) -> dict:
        return {
            "id": f"{kind}-{self.study.dataset}",
            "kind": kind,
            "dataset": self.study.dataset,
            "title": title,
            "rows": rows,
        }

    # Claims

    def claims(self) -> list[Claim]:
        return [*self._gain_claims(), *self._attribution_claims(), *self._trend_claims(), *self._control_claims()]

    def _gain_claims(self):
        for metric in METRICS:
            for norm in NORMS:
                for attribution in self.study.attributions:
                    specs = self.trained(norm)
                    if not specs:
                        continue
                    falls = (metric, norm, attribution) == ("kar", "l2", "gradient")
                    verb = "lowers" if falls else "raises"
                    yield self._effect(
                        f"{metric}-{norm}-{attribution}",
                        f"{norm} adversarial training {verb} the {LABELS[metric]} score of {_label(attribution)}",
                        _published_gain(metric, norm, attribution),
                        np.mean([self.gain(spec, attribution, metric) for spec in specs], axis=0),
                        of=f"mean over {len(specs)} trained networks minus the standard one",
                        positive=not falls,
                    )

    def _attribution_claims(self):
        if not {"gradient", "gradient_x_input"} <= set(self.study.attributions):
            return
        differences = [
            self.score(Arm(spec, "gradient_x_input"), "roar") - self.score(Arm(spec, "gradient"), "roar")
            for spec in networks(self.study)
        ]
        yield self._effect(
            "roar-gradient_x_input-above-gradient",
            "Gradient*Input scores above Gradient in ROAR",
            "yes, for every network",
            np.mean(differences, axis=0),
            of=f"mean difference over {len(differences)} networks",
        )

    def _trend_claims(self):
        for row in self.correlation_table()["rows"]:
            if row["metric"] == "roar":
                published = row["paper_linear"]
                few = row["n_networks"] < MIN_NETWORKS
                yield Claim(
                    id=f"{self.study.dataset}/trend-{row['norm']}-{row['loss']}-{row['attribution']}",
                    statement=f"{_label(row['attribution'])}'s ROAR score rises with the strength of {row['norm']} "
                    f"training ({row['loss']})",
                    section="3.2",
                    paper="not published" if published is None else f"correlation {published:.2f}",
                    measured=row["linear"],
                    ci_low=row["linear_low"],
                    ci_high=row["linear_high"],
                    n=row["n_networks"],
                    unit="correlation; networks resampled"
                    + (f", too few for an interval (at least {MIN_NETWORKS})" if few else ""),
                )

    def _control_claims(self):
        for spec in self.strongest:
            for attribution in self.study.attributions:
                blur = self._blurred(STANDARD, attribution) - self.score(Arm(STANDARD, attribution), "roar")
                yield self._effect(
                    f"beyond-blur-{spec.norm}-{attribution}",
                    f"{spec.norm} training raises {_label(attribution)}'s ROAR score by more than blurring the "
                    "standard network's scores does",
                    "not examined",
                    self.gain(spec, attribution, "roar") - blur,
                    of=f"{spec.name}, plain, minus standard, blurred",
                )
                yield self._effect(
                    f"blurred-{spec.norm}-{attribution}",
                    f"At equal blur, {spec.norm} training still raises {_label(attribution)}'s ROAR score",
                    "not examined",
                    self._both_blurred(spec, attribution),
                    of=f"{spec.name} minus standard, both blurred",
                )
        if self.study.controls:
            masks = [values for (_, metric), values in self.measured.correct.items() if metric == "mask"]
            yield self._effect(
                "masks-leak",
                "The masks alone tell the class, so that ROAR and KAR do not measure the pixels only",
                "not examined",
                np.mean(masks, axis=(0, 2)) - self.measured.data["chance"],
                of=f"accuracy on masks minus chance, mean over {len(masks)} arms and all percentages",
            )

    def _effect(
        self, name: str, statement: str, paper: str, values: np.ndarray, of: str, positive: bool = True
    ) -> Claim:
        estimate = mean_estimate(values)
        repeats, images = values.shape
        return Claim(
            id=f"{self.study.dataset}/{name}",
            statement=statement,
            section="3.2",
            paper=paper,
            measured=estimate.value,
            ci_low=estimate.low,
            ci_high=estimate.high,
            n=images,
            unit=f"{of}; {images} test images and {repeats} repetition{'s' * (repeats > 1)} resampled",
            positive=positive,
        )

    # Alerts

    def alerts(self) -> list[dict]:
        """What a reader must know before believing the numbers; each derived from them."""
        found = [*self._scale_alerts(), *self._network_alerts(), *self._control_alerts()]
        return [{"dataset": self.study.dataset, "text": text} for text in found]

    def _scale_alerts(self):
        study, protocol = self.study, protocol_study("roar", self.study.dataset)
        if study.repeats < 3:
            yield (
                f"{study.repeats} repetition{'s' * (study.repeats > 1)} per retraining: intervals understate how much "
                "retraining varies. Use --repeats=3 or more."
            )
        if study.dataset != "cifar10":
            yield "The paper measured ROAR and KAR on CIFAR-10 alone; its numbers are beside ours for orientation."
        images, published = int(self.measured.data["train_images"]), TRAIN_IMAGES.get(study.dataset)
        if published and not study.train_size and images != published:
            yield f"This copy of {study.dataset} has {images:,} training images, the published one {published:,}."
        if (study.width, study.train_size, study.epochs) != (protocol.width, protocol.train_size, protocol.epochs):
            yield (f"Small scale: width {study.width:g}, {images:,} training images, {study.epochs} epochs.")

    def _network_alerts(self):
        for row in self.network_table()["rows"]:
            network, zeros = row["network"], row["zero_gradient_images"]
            if row["step_over_eps"] and row["step_over_eps"] > 1:
                yield f"{network}: the attack's step is {row['step_over_eps']:.3g} times its eps, as in the protocol."
            if zeros > 0:
                yield f"{network}: the gradient is exactly zero on {zeros:.1%} of the test images; ties rank them."
            if row["one_step_accuracy"] - row["robust_accuracy"] > 0.2:
                yield f"{network}: catastrophic overfitting, one step leaves 20 points more accuracy than PGD does."
            if row["clean_accuracy_low"] <= self.measured.data["chance"]:
                yield f"{network}: no better than chance on clean images; training failed at this scale."

    def _control_alerts(self):
        second = Arm(None, SECOND_RANDOM)
        if (second, "roar") in self.measured.correct:
            estimate = mean_estimate(self.score(second, "roar"))
            if not estimate.low <= 0 <= estimate.high:
                yield (
                    f"Null test failed: a second random baseline scores {estimate.value:.4f} "
                    f"[{estimate.low:.4f}, {estimate.high:.4f}], which excludes 0. Differences of this size are noise."
                )

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/..."."""
        arrays = {f"{self.study.dataset}/{name}": np.asarray(value) for name, value in self.measured.data.items()}
        for arm, maps in self.measured.maps.items():
            for name in ("sample_maps", "sample_ranks"):
                arrays[f"{self.study.dataset}/{arm.name}/{name}"] = maps[name]
        return arrays


def _label(attribution: str) -> str:
    return LABELS.get(attribution, attribution)


def _published_gain(metric: str, norm: str, attribution: str) -> str:
    if (metric, attribution) in SCORE_RANGES:
        low, high = SCORE_RANGES[metric, attribution]
        return f"{low} to about {high}"
    if (metric, norm, attribution) == ("kar", "linf", "gradient_x_input"):
        return f"{KAR_GRADIENT_X_INPUT_LINF[0]} to about {KAR_GRADIENT_X_INPUT_LINF[1]}"
    if metric == "kar" and attribution == "gradient":
        direction = "falling" if norm == "l2" else "rising"
        return f"between \N{MINUS SIGN}{-KAR_GRADIENT_BAND[0]} and {KAR_GRADIENT_BAND[1]}, {direction}"
    return "rising" if attribution == "gradient_x_input" else "not examined"


def _network_columns(spec: NetworkSpec) -> dict:
    return {"network": spec.name, "norm": spec.norm, "loss": spec.loss, "eps": spec.eps}


def _arm_columns(arm: Arm) -> dict:
    network = _network_columns(arm.network) if arm.network else dict.fromkeys(("network", "norm", "loss", "eps"))
    return {**network, "attribution": arm.attribution, "blurred": arm.blurred}


def _interval(name: str, estimate: Estimate) -> dict:
    return {name: _finite(estimate.value), f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
