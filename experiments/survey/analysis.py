"""From many measures of the same maps to what they agree on: conclusions, rankings, and what chance gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from experiments import catalogue
from experiments.claim import NOT_TESTED, UNKNOWN, Claim, Estimate, adjusted, judged
from experiments.correction import found_among
from experiments.experiment import Measured
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.paper import ATTRIBUTIONS, NORMS, SCORES
from experiments.roar.analysis import Scores
from experiments.roar.claims import attribution_title, failed, metric_title, training_title
from experiments.roar.pieces import Arm, other_random_arms, retrainings_of
from experiments.roar.study import RoarStudy
from experiments.statistics import clipped, combined, covered, estimate, known_sum, rank_agreement
from measures.null_block_share import null_on_top

FEWEST_IMAGES = 0.5
"""Share of the images of all trainings that have a value in every attribution, below which nothing is concluded."""


@dataclass(frozen=True)
class Cell:
    """A conclusion by one measure's score.

    Attributes:
        conclusion: its id.
        metric: the score.
        claim: judged, its p corrected over all cells.
        standardised: the effect over the spread of the score; None without an effect or a spread.
    """

    conclusion: str
    metric: str
    claim: Claim
    standardised: float | None


@dataclass(frozen=True)
class Conclusion:
    """Something that the paper concludes, or that the survey asks of other trainings.

    Attributes:
        id: for ids of claims.
        statement: in terms of better and worse, which every measure has.
        weights: the effect as a sum over arms: a number for each.
        of: what that sum is, in words.
        about: networks without which nothing can be said.
        examined: whether the paper looked at it, by ROAR and KAR.
        reason: why it is not tested.
    """

    id: str
    statement: str
    weights: dict[Arm, float]
    of: str
    about: tuple[NetworkSpec, ...] = ()
    examined: bool = True
    reason: str = ""


class Comparison:
    """The measures of one study, side by side. Scores are turned so that more is better."""

    def __init__(self, measured: Measured[RoarStudy]):
        self.scores = Scores(_without_lost_measures(measured))
        self.study, self.values = self.scores.study, measured.values

    @cached_property
    def arms(self) -> list[Arm]:
        """Every network with every attribution."""
        return [arm for spec in self.scores.networks for arm in self.scores.of(spec)]

    def declared(self, metric: str) -> dict:
        """What the file behind a score says of it."""
        return dict(catalogue.entry("measures", self.scores.metrics[metric]).declared)

    def more_is_better(self, metric: str) -> bool:
        return bool(self.declared(metric).get("MORE_IS_BETTER", True))

    def better(self, arm: Arm, metric: str) -> np.ndarray:
        """(trainings, images): a score, or minus it, so that more is better."""
        sign = 1.0 if self.more_is_better(metric) else -1.0
        return sign * self.scores.score(arm, metric)

    def means(self, metric: str) -> np.ndarray:
        """(trainings, arms): `better`, over the images that have a value; NaN where none has."""
        tables = [self.better(arm, metric) for arm in self.arms]
        there = [np.isfinite(table).sum(axis=1) for table in tables]
        totals = [np.nansum(table, axis=1) for table in tables]
        return np.stack([np.where(n > 0, t / np.maximum(n, 1), np.nan) for n, t in zip(there, totals, strict=True)], 1)

    def spread(self, metric: str) -> float:
        """Standard deviation of a score over all networks, attributions and trainings; NaN where one has none."""
        return float(self.means(metric).std())

    # Conclusions

    @cached_property
    def cells(self) -> list[Cell]:
        """Every conclusion by every score; p after Holm's correction over all of them that were tested."""
        pairs = [(conclusion, metric) for conclusion in self.conclusions() for metric in self.scores.metrics]
        claims = adjusted([self._judged(conclusion, metric) for conclusion, metric in pairs])
        tested = sum(claim.verdict != NOT_TESTED for claim in claims)
        found = [found_among(claim, max(tested, 1)) for claim in claims]
        return [
            Cell(conclusion.id, metric, claim, self._standardised(claim, metric))
            for (conclusion, metric), claim in zip(pairs, found, strict=True)
        ]

    def conclusions(self) -> Iterator[Conclusion]:
        """Those that the study has networks and attributions for."""
        ours = [name for name in ATTRIBUTIONS if name in self.study.attributions]
        for norm in NORMS:
            yield from (self._raises(norm, name) for name in ours if self.scores.strongest_of(norm) is not None)
        if len(ours) == len(ATTRIBUTIONS):
            yield self._above()
        if ours:
            yield from (self._stronger(norm, ours) for norm in NORMS if self.scores.strongest_of(norm) is not None)
        if "gradient" in ours:
            others = [family for family in self.scores.families() if family not in NORMS]
            yield from (self._raises(family, "gradient") for family in others)

    def _raises(self, family: str, attribution: str) -> Conclusion:
        strongest = self.scores.strongest_of(family)
        assert strongest is not None
        return Conclusion(
            f"raises-{family}-{attribution}",
            f"The strongest {training_title(family)} makes {attribution_title(attribution)} better",
            {Arm(strongest, attribution): 1.0, Arm(STANDARD, attribution): -1.0},
            f"{strongest.name} minus standard",
            (strongest,),
            family in NORMS,
        )

    def _above(self) -> Conclusion:
        first, second = ATTRIBUTIONS
        # The attributions of a network that is no better than chance say nothing.
        specs = [spec for spec in self.scores.networks if not failed(self.scores, spec)]
        share = 1 / max(len(specs), 1)
        return Conclusion(
            f"{second}-above-{first}",
            f"{attribution_title(second)} is better than {attribution_title(first)}",
            {Arm(spec, name): share * sign for spec in specs for name, sign in ((second, 1), (first, -1))},
            f"mean over {len(specs)} networks of the difference",
            reason="" if specs else "no network is better than chance",
        )

    def _stronger(self, norm: str, attributions: list[str]) -> Conclusion:
        """Least squares over relative strength, which is fixed: a weighted sum of scores."""
        specs = self.scores.series(self.study.losses[0], norm)
        strengths = np.array([self.scores.relative_strength(spec) or 0.0 for spec in specs])
        centred = strengths - strengths.mean()
        slope = centred / max(float((centred**2).sum()), 1e-12) / len(attributions)
        return Conclusion(
            f"stronger-{norm}",
            f"The stronger the {training_title(norm)}, the better the paper's attributions",
            {Arm(s, name): w for s, w in zip(specs, slope.tolist(), strict=True) for name in attributions},
            f"slope over {len(specs)} networks from strength 0 to the strongest's, mean over {len(attributions)} "
            "attributions",
            tuple(specs[1:]),
            reason="two networks make no trend" if len(specs) < 3 else "",
        )

    def _effect(self, conclusion: Conclusion, metric: str) -> Estimate:
        parts = [weight * self.better(arm, metric) for arm, weight in conclusion.weights.items()]
        return estimate(known_sum(parts)) if parts else UNKNOWN

    def _few_images(self, conclusion: Conclusion, metric: str) -> str:
        """Why an effect would be of a few images: "" where most have a value in every attribution that it needs."""
        for arm in conclusion.weights:
            share = np.isfinite(self.better(arm, metric)).mean()
            if share < FEWEST_IMAGES:
                return f"{arm.name} has a value on {share:.0%} of the images"
        return ""

    def _judged(self, conclusion: Conclusion, metric: str) -> Claim:
        collapsed = next(filter(None, (failed(self.scores, spec) for spec in conclusion.about)), "")
        unit = self.declared(metric).get("UNIT", "the measure's unit")
        return judged(
            self._effect(conclusion, metric),
            id=f"{self.study.dataset}/survey-{conclusion.id}-{metric}",
            statement=f"{conclusion.statement}, by {metric_title(self.scores, metric)}",
            section="3.2",
            unit=f"{conclusion.of}, above 0 where better; {unit}; p after Holm's correction over all conclusions and "
            f"measures; {self.rows(metric)}",
            paper="see Section 3.2" if conclusion.examined and metric in SCORES else "not examined",
            check=True,
            reason=conclusion.reason or collapsed or self._few_images(conclusion, metric),
        )

    def _standardised(self, claim: Claim, metric: str) -> float | None:
        spread = self.spread(metric)
        return None if claim.measured is None or not spread > 0 else claim.measured / spread

    def images(self, metric: str) -> int:
        """Test images that a score is of."""
        return self.scores.score(self.arms[0], metric).shape[1]

    def rows(self, metric: str) -> str:
        """What intervals are about, in words."""
        return covered(len(self.scores.runs), self.images(metric))

    # Agreement

    def agreement(self, first: str, second: str) -> Estimate:
        """Kendall's tau over networks and attributions in each training, above 0 where they agree on what is better."""
        taus = rank_agreement(self.means(first), self.means(second))
        if len(self.arms) < 3 or not np.isfinite(taus).all():
            return UNKNOWN
        if len(taus) < 2:
            return Estimate(float(taus[0]), None, None, by_training=tuple(taus.tolist()))
        return clipped(combined(tuple(taus.tolist()), 0.0), -1.0, 1.0)

    def pairs(self) -> list[tuple[str, str]]:
        return list(combinations(self.scores.metrics, 2))

    # Chance

    def chance(self, spec: NetworkSpec, metric: str) -> tuple[float | None, bool]:
        """What maps that know nothing score, and whether that was measured in this run rather than declared."""
        measured = self._random_score(metric) if self._is_retrained(metric) else self._noise_score(spec, metric)
        return (measured, True) if measured is not None else (self.declared(metric).get("CHANCE"), False)

    def _is_retrained(self, metric: str) -> bool:
        return bool(retrainings_of(self.scores.metrics[metric]))

    def _random_score(self, metric: str) -> float | None:
        """Mean over the random baselines beside the first; the same for every network."""
        kinds = retrainings_of(self.scores.metrics[metric])
        there = [
            arm
            for arm in other_random_arms(self.study)
            if all(self.scores.is_there(arm, occlusion) for occlusion in kinds)
        ]
        return float(np.mean([self.scores.score(arm, metric) for arm in there])) if there else None

    def _noise_score(self, spec: NetworkSpec, metric: str) -> float | None:
        names = [("noise", spec, run, self.scores.metrics[metric]) for run in self.scores.runs]
        tables = [self.values[name] for name in names if name in self.values]
        values = np.concatenate(tables) if tables else np.empty(0)
        return float(np.nanmean(values)) if np.isfinite(values).any() else None

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Of a sample of images with a null block the maps, and where each has it; of other images none are shown."""
        on_top = null_on_top(np.asarray(self.scores.data["sample_images"]))
        if on_top is None:
            return {}
        drawn = {name: array for name, array in self.scores.pictures().items() if not name.endswith("sample_ranks")}
        return {f"{self.study.dataset}/sample_null_top": on_top, **drawn}


def _without_lost_measures(measured: Measured[RoarStudy]) -> Measured[RoarStudy]:
    """Leaves out measures of which no value could be had: without them the others are worth a page."""
    there = {name[-1] for name in measured.values if isinstance(name, tuple) and name[0] == "measure"}
    kept = tuple(name for name in measured.study.measures if retrainings_of(name) or name in there)
    # Kept as they are where nothing is left: there is then nothing to show.
    return replace(measured, study=replace(measured.study, measures=kept)) if kept else measured
