"""From many measures of the same maps to what they agree on: conclusions, rankings, and what chance gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from typing import Any

import numpy as np
from scipy.stats import rankdata

from experiments import SECTIONS
from experiments.scores.arms import BASELINE, Arm
from experiments.store.values import Values
from reports.evidence.claim import INCONCLUSIVE, NOT_TESTED, UNKNOWN, Claim, Estimate, adjusted, judged
from reports.evidence.correction import found_among
from reports.evidence.published import ATTRIBUTIONS, NORMS, SCORES
from reports.evidence.statistics import correlated, covered, estimate, known_mean, known_sum, rank_agreement
from reports.evidence.study import Network, Study
from reports.intervals import side
from reports.roar.analysis import OCCLUSIONS, Scores
from reports.roar.claims import attribution_title, failed, metric_title, training_title
from reports.styles import name

FEWEST_IMAGES = 0.5
"""Share of the images of all trainings that have a value in every attribution, below which nothing is concluded."""


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
    weights: Mapping[Arm, float]
    of: str
    about: tuple[Network, ...] = ()
    examined: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Cell:
    """A conclusion by one measure's score.

    Attributes:
        conclusion: what is concluded.
        metric: the score.
        claim: judged, its p corrected over all cells.
        standardised: the effect over the spread of the score; None without an effect or a spread.
    """

    conclusion: Conclusion
    metric: str
    claim: Claim
    standardised: float | None

    @property
    def leaning(self) -> int:
        """1 or -1 where it is open, and its interval, which is not corrected, lies above or below 0; else 0."""
        if self.claim.verdict != INCONCLUSIVE:
            return 0
        return side({"effect_low": self.claim.ci_low, "effect_high": self.claim.ci_high}, "effect")


@dataclass(frozen=True)
class Placing:
    """An attribution of a network among all, by one measure's score.

    Attributes:
        metric: the score.
        network: None stands for several networks that it is the same on.
        attribution: its name.
        value: over the images that have one.
        chance: what maps that know nothing score; None where that is not known.
        chance_measured: whether that was measured in this run rather than declared.
        images: that have a value.
        rank: 1 for the best; equal ones share the best of their places; None without a value.
    """

    metric: str
    network: Network | None
    attribution: str
    value: Estimate
    chance: float | None
    chance_measured: bool
    images: int
    rank: int | None


class Comparison:
    """The measures of one study, side by side. Scores are turned so that more is better."""

    def __init__(self, values: Values):
        self.scores = Scores(values, without=_lost_measures(Study(values)))
        self.settings, self.dataset = self.scores.settings, values.dataset
        self.means = cache(self._means)  # every pair of scores asks for both

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return self.scores.anything

    @property
    def complete(self) -> bool:
        """Whether every planned network is whole in every planned training."""
        return self.scores.complete

    @cached_property
    def arms(self) -> list[Arm]:
        """Every network with every attribution."""
        return [arm for network in self.scores.networks for arm in self.scores.of(network)]

    def declared(self, metric: str) -> Mapping[str, Any]:
        """What the file behind a score said of it."""
        return self.scores.words(self.scores.metrics[metric])

    def order_of(self, metric: str) -> str:
        """By what a measure ranks pixels, where it was asked: " (signed)" or " (absolute)" after its name."""
        order = self.settings.get(f"{self.scores.metrics[metric]}_order")
        return f" ({order})" if order else ""

    def in_claims(self, metric: str) -> str:
        """How claims write a score: as its file had it when it was measured."""
        return f"{metric_title(self.scores, metric)}{self.order_of(metric)}"

    def title(self, metric: str) -> str:
        """How a score is written."""
        return f"{name(metric)}{self.order_of(metric)}"

    def more_is_better(self, metric: str) -> bool:
        return bool(self.declared(metric)["more_is_better"])

    def better(self, arm: Arm, metric: str) -> np.ndarray:
        """(trainings, images): a score, or minus it, so that more is better."""
        sign = 1.0 if self.more_is_better(metric) else -1.0
        return sign * self.scores.score(arm, metric)

    def _means(self, metric: str) -> np.ndarray:
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
            Cell(conclusion, metric, claim, self._standardised(claim, metric))
            for (conclusion, metric), claim in zip(pairs, found, strict=True)
        ]

    def conclusions(self) -> Iterator[Conclusion]:
        """Those that the study has networks and attributions for."""
        ours = [name for name in ATTRIBUTIONS if name in self.scores.attributions]
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
            {Arm(strongest, attribution): 1.0, Arm(self.scores.standard, attribution): -1.0},
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
        specs = self.scores.series(self.settings["losses"][0], norm)
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
        unit = self.declared(metric)["unit"] or "the measure's unit"
        return judged(
            self._effect(conclusion, metric),
            dataset=self.dataset,
            id=f"survey-{conclusion.id}-{metric}",
            statement=f"{conclusion.statement}, by {self.in_claims(metric)}",
            section=SECTIONS["survey"].number,
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
        return correlated(lambda tau: float(tau[0]), [taus[:, None]])._replace(p=None)

    def pairs(self) -> list[tuple[str, str]]:
        return list(combinations(self.scores.metrics, 2))

    # The leaderboard

    @cached_property
    def placings(self) -> list[Placing]:
        """Every network with every attribution, by every score."""
        return [placing for metric in self.scores.metrics for placing in self._placed(metric)]

    def _placed(self, metric: str) -> Iterator[Placing]:
        for arm, rank in zip(self.arms, ranks(self.means(metric).mean(axis=0)), strict=True):
            assert arm.network is not None
            values = self.scores.score(arm, metric)
            chance, measured = self.chance(arm.network, metric)
            yield Placing(
                metric,
                arm.network,
                arm.attribution,
                value=estimate(known_mean(values)),
                chance=chance,
                chance_measured=measured,
                images=int(np.isfinite(values).any(axis=0).sum()),
                rank=rank,
            )

    def chance(self, network: Network, metric: str) -> tuple[float | None, bool]:
        """What maps that know nothing score, and whether that was measured in this run rather than declared."""
        kinds = self.declared(metric)["retrainings"]
        measured = self._random_score(metric, kinds) if kinds else self._noise_score(network, metric)
        return (measured, True) if measured is not None else (self.declared(metric)["chance"], False)

    def _random_score(self, metric: str, kinds: list[str]) -> float | None:
        """Mean over the random baselines beside the first; the same for every network."""
        there = [
            arm
            for arm in self.scores.arms
            if arm.network is None and arm != BASELINE and all(self.scores.is_there(arm, kind) for kind in kinds)
        ]
        return _known_mean([self.scores.score(arm, metric) for arm in there])

    def _noise_score(self, network: Network, metric: str) -> float | None:
        if not self.scores.has("noise_value"):
            return None
        place = self.scores.labels("measure").index(self.scores.metrics[metric])
        noise = self.scores.array("noise_value")[self.scores.runs, self.scores.place_of[network], place]
        return _known_mean([noise.astype(float)])

    # Costs

    def retrainings(self, metric: str) -> int:
        """Networks retrained for a score: of every network, attribution and training, and of the random baseline."""
        series = len(self.declared(metric)["retrainings"]) * len([BASELINE, *self.arms])
        return series * len(self.scores.percents) * self.settings["repeats"] * len(self.scores.runs)

    def seconds(self, metric: str) -> float | None:
        """Computing time of everything behind a score; None where none is known.

        Further draws of random pixels tell how far chance goes, and no score needs them.
        """
        kinds = self.declared(metric)["retrainings"]
        name = "retraining_seconds" if kinds else "measure_seconds"
        if not self.scores.has(name):
            return None
        if kinds:
            of_score = [OCCLUSIONS[metric]] if metric in OCCLUSIONS else kinds
            places = [self.scores.labels("occlusion").index(kind) for kind in of_score]
            seconds = self.scores.array(name)[:, :, self.scores.array("arm_draw") <= 1][:, :, :, places]
        else:
            place = self.scores.labels("measure").index(self.scores.metrics[metric])
            seconds = self.scores.array(name)[:, :, place]
        return float(np.nansum(seconds, dtype=float)) if np.isfinite(seconds).any() else None


def ranks(means: np.ndarray) -> list[int | None]:
    """1 for the largest; equal ones share the best of their places; None where there is no number."""
    places = rankdata(-means, method="min", nan_policy="omit")
    return [int(place) if np.isfinite(place) else None for place in places]


def _known_mean(tables: list[np.ndarray]) -> float | None:
    """Over all values that there are; None where there are none."""
    known = [table[np.isfinite(table)] for table in tables]
    return float(np.concatenate(known).mean()) if sum(map(len, known)) else None


def _lost_measures(study: Study) -> frozenset[str]:
    """Measures of which no value could be had: without them the others are worth a page.

    No measure, where nothing else would be left: there is then nothing to show.
    """
    if not study.has("value_there"):
        return frozenset()
    there = study.array("value_there")
    lost = {name for place, name in enumerate(study.labels("measure")) if not there[:, :, place].any()}
    return frozenset(lost) if lost < set(study.settings["measures"]) else frozenset()
