"""The claims of Section 3.2, judged, and what a reader must know before believing them."""

import numpy as np

from experiments.grid import NORMS, SECOND_RANDOM, STANDARD, Arm
from experiments.roar_analysis import METRICS, Numbers
from experiments.settings import TRAIN_IMAGES, protocol_study
from experiments.statistics import MIN_NETWORKS, mean_estimate
from reports.claims import Claim
from reports.paper_values import KAR_GRADIENT_BAND, KAR_GRADIENT_X_INPUT_LINF, SCORE_RANGES

LABELS = {"gradient": "Gradient", "gradient_x_input": "Gradient*Input", "roar": "ROAR", "kar": "KAR"}

PRECISION_TOLERANCE = 0.005
"""Robust accuracy that a coarser precision may change before the page warns."""


class Claims:
    """Claims and alerts from the numbers of one study."""

    def __init__(self, numbers: Numbers):
        self.numbers, self.measured, self.study = numbers, numbers.measured, numbers.study

    def claims(self) -> list[Claim]:
        return [*self._gain_claims(), *self._attribution_claims(), *self._trend_claims(), *self._control_claims()]

    def _gain_claims(self):
        for metric in METRICS:
            for norm in NORMS:
                for attribution in self.study.attributions:
                    specs = self.numbers.trained(norm)
                    if not specs:
                        continue
                    falls = (metric, norm, attribution) == ("kar", "l2", "gradient")
                    verb = "lowers" if falls else "raises"
                    yield self._effect(
                        f"{metric}-{norm}-{attribution}",
                        f"{norm} adversarial training {verb} the {LABELS[metric]} score of {label(attribution)}",
                        _published_gain(metric, norm, attribution),
                        np.mean([self.numbers.gain(spec, attribution, metric) for spec in specs], axis=0),
                        of=f"mean over {len(specs)} trained networks minus the standard one",
                        positive=not falls,
                    )

    def _attribution_claims(self):
        if not {"gradient", "gradient_x_input"} <= set(self.study.attributions):
            return
        differences = [
            self.numbers.score(Arm(spec, "gradient_x_input"), "roar")
            - self.numbers.score(Arm(spec, "gradient"), "roar")
            for spec in self.numbers.networks
        ]
        yield self._effect(
            "roar-gradient_x_input-above-gradient",
            "Gradient*Input scores above Gradient in ROAR",
            "yes, for every network",
            np.mean(differences, axis=0),
            of=f"mean difference over {len(differences)} networks",
        )

    def _trend_claims(self):
        for row in self.numbers.correlation_table()["rows"]:
            if row["metric"] == "roar":
                published = row["paper_linear"]
                few = row["n_networks"] < MIN_NETWORKS
                yield Claim(
                    id=f"{self.study.dataset}/trend-{row['norm']}-{row['loss']}-{row['attribution']}",
                    statement=f"{label(row['attribution'])}'s ROAR score rises with the strength of {row['norm']} "
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
        for spec in self.numbers.strongest:
            for attribution in self.study.attributions:
                blur = self.numbers.blurred(STANDARD, attribution) - self.numbers.score(
                    Arm(STANDARD, attribution), "roar"
                )
                yield self._effect(
                    f"beyond-blur-{spec.norm}-{attribution}",
                    f"{spec.norm} training raises {label(attribution)}'s ROAR score by more than blurring the "
                    "standard network's scores does",
                    "not examined",
                    self.numbers.gain(spec, attribution, "roar") - blur,
                    of=f"{spec.name}, plain, minus standard, blurred",
                )
                yield self._effect(
                    f"blurred-{spec.norm}-{attribution}",
                    f"At equal blur, {spec.norm} training still raises {label(attribution)}'s ROAR score",
                    "not examined",
                    self.numbers.both_blurred(spec, attribution),
                    of=f"{spec.name} minus standard, both blurred",
                )
        masks = [values for (_, metric), values in self.numbers.correct.items() if metric == "mask"]
        if masks:
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

    def alerts(self) -> list[str]:
        """What a reader must know before believing the numbers; each derived from them."""
        return [*self.scale_alerts(), *self._network_alerts(), *self._control_alerts()]

    def scale_alerts(self):
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
        for row in self.numbers.network_table()["rows"]:
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
                    f"{network}: robust accuracy is {row['robust_accuracy']:.1%} in {self.study.precision}, but "
                    f"{exact:.1%} when the attack runs in float32. Use --precision=float32."
                )
            if row["clean_accuracy_low"] <= self.measured.data["chance"]:
                yield f"{network}: no better than chance on clean images; training failed at this scale."

    def _control_alerts(self):
        second = Arm(None, SECOND_RANDOM)
        if (second, "roar") in self.numbers.correct:
            estimate = mean_estimate(self.numbers.score(second, "roar"))
            if not estimate.low <= 0 <= estimate.high:
                yield (
                    f"Null test failed: a second random baseline scores {estimate.value:.4f} "
                    f"[{estimate.low:.4f}, {estimate.high:.4f}], which excludes 0. Differences of this size are noise."
                )


def label(attribution: str) -> str:
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
