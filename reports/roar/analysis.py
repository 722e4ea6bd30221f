"""From the truth values of retrainings to scores, and estimates of them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from experiments import catalogue
from experiments.scores.arms import BASELINE, Arm
from experiments.settings.presets import protocol_study
from experiments.store.labels import NOT_MEASURED
from experiments.store.values import Values
from measures import Given
from measures.roar import kar_score, roar_score
from reports.evidence.claim import Estimate
from reports.evidence.statistics import correlated, correlation, covered, known_difference, trend
from reports.evidence.study import Network, NotMeasuredError, Study
from reports.evidence.together import whole_together

OCCLUSIONS = {"roar": "remove", "kar": "keep"}
"""By score the occlusion that makes it."""
AREAS = {"roar": roar_score, "kar": kar_score}
"""By score the area between an arm's accuracies and the random baseline's."""
PUBLISHED_ON = "cifar10"
"""The data set of the paper's scores."""
PUBLISHED_PERCENTS = protocol_study("scores", PUBLISHED_ON).value("percentiles")
"""Over which the paper's scores are."""


class Scores(Study):
    """The numbers of one study, as tables of trainings by images until the last moment.

    Attributes:
        runs: numbers of the trainings in which all of `networks` are whole.
        networks: those that are whole in enough trainings.
        strongest: per family the strongest network, where it is whole.
        without: measures to leave out.
    """

    def __init__(self, values: Values, without: frozenset[str] = frozenset()):
        super().__init__(values)
        self.measures = [name for name in self.settings["measures"] if name not in without]
        trainings = range(len(self.array("training")))
        self.networks, self.runs = whole_together(self.planned, trainings, self._is_whole)
        self.strongest = [spec for spec in self.planned[1:] if spec.strongest and spec in self.networks]
        self.score = cache(self._score)  # a study's scores are asked for again and again

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return bool(self.runs) and self.standard in self.networks

    def _is_whole(self, network: Network, run: int) -> bool:
        evaluated = self.array("right")[run, self.place_of[network], 0, 0] != NOT_MEASURED
        return bool(evaluated) and all(self._arm_is_whole(arm, run) for arm in self.of(network))

    def _arm_is_whole(self, arm: Arm, run: int) -> bool:
        """Whether an arm's maps, their measures, and every retraining of it and of the baseline are there."""
        place = self._arms[arm]
        return (
            bool(self.array("mapped")[run, place])
            and all(self.array("value_there")[run, place, self.labels("measure").index(m)] for m in self.free_measures)
            and all(self._has(which, kind, [run]) for which in (arm, BASELINE) for kind in self.occlusions)
        )

    @property
    def complete(self) -> bool:
        """Whether every planned network, and every other ranking and fill of its maps, is whole in every training."""
        beside = [arm for arm in self.arms if not arm.is_plain and not arm.blur]
        return super().complete and all(self.is_there(arm, kind) for arm in beside for kind in self.occlusions)

    def is_there(self, arm: Arm, occlusion: str) -> bool:
        """Whether an arm's retrainings are whole in every training that counts."""
        return bool(self.runs) and self._has(arm, occlusion, self.runs)

    def _has(self, arm: Arm, occlusion: str, runs: list[int]) -> bool:
        if arm not in self._arms or occlusion not in self._occlusions or not self.has("correct"):
            return False
        known = self.array("correct")[runs, :, self._arms[arm], self._occlusions[occlusion]]
        return bool((known != NOT_MEASURED).any(axis=-1).all())  # single images may have left it

    @cached_property
    def _arms(self) -> dict[Arm, int]:
        """The place of every arm that was planned."""
        labels = [self.labels(f"arm_{name}") for name in ("network", "attribution", "blur", "draw")]
        # Of an older run every image has its own ranks, and removed pixels the mean colour.
        more = [self.labels(f"arm_{name}") if self.has(f"arm_{name}") else [] for name in ("baseline", "fill")]
        return {
            Arm(self.network(network) if network else None, *others): place
            for place, (network, *others) in enumerate(zip(*labels, *filter(None, more), strict=True))
        }

    @property
    def arms(self) -> list[Arm]:
        """Every arm that was planned: the random baseline, the paper's arms, then the controls."""
        return list(self._arms)

    @cached_property
    def _occlusions(self) -> dict[str, int]:
        return {kind: place for place, kind in enumerate(self.labels("occlusion"))}

    @cached_property
    def percents(self) -> tuple[int, ...]:
        return tuple(self.labels("percent"))

    def words(self, measure: str) -> Mapping[str, Any]:
        """What a measure's file declared."""
        return self.values.words["measures"][measure]

    @cached_property
    def occlusions(self) -> list[str]:
        """Those that the study's measures ask for."""
        return list(dict.fromkeys(kind for name in self.measures for kind in self.words(name)["retrainings"]))

    @cached_property
    def free_measures(self) -> list[str]:
        """The measures that need no retraining."""
        return [name for name in self.measures if not self.words(name)["retrainings"]]

    @cached_property
    def metrics(self) -> dict[str, str]:
        """Every score of the study's measures, in order, and the measure that gives it."""
        return {score: name for name in self.measures for score in self.words(name)["scores"]}

    @property
    def beside_the_paper(self) -> bool:
        """Whether these scores are the paper's quantity: of its data set as published, over its percentages.

        Scores over other percentages, or of other images, do not compare with its numbers.
        """
        published = self.dataset == PUBLISHED_ON and not self.values.images
        return published and self.percents == PUBLISHED_PERCENTS

    def paper_says(self, number: str) -> str:
        """A number of the paper's as a claim names it: with what it is of, where ours is another quantity."""
        if self.beside_the_paper:
            return number
        return f"{number} (CIFAR-10, {PUBLISHED_PERCENTS[0]} to {PUBLISHED_PERCENTS[-1]} %: another quantity)"

    @property
    def rows(self) -> str:
        """What intervals are about, in words."""
        return covered(len(self.runs), self.test_images)

    @property
    def test_images(self) -> int:
        return int(self.array("test_images"))

    @property
    def chance(self) -> float:
        """Accuracy of whoever always says the commonest class."""
        return float(self.array("chance"))

    @property
    def attributions(self) -> list[str]:
        return list(self.settings["attributions"])

    @property
    def explaining(self) -> list[str]:
        """The study's attributions that depend on the network: only of those can training raise a score."""
        return [name for name in self.attributions if self.knows_network(name)]

    def knows_network(self, attribution: str) -> bool:
        """Whether an attribution depends on the network."""
        return bool(self.values.words["attributions"][attribution]["knows_network"])

    def of(self, network: Network) -> list[Arm]:
        """A network's plain arms."""
        return [Arm(network, attribution) for attribution in self.attributions]

    # Tables of trainings by images

    def correct(self, arm: Arm, occlusion: str) -> np.ndarray:
        """(trainings, repetitions, percentages, images) truth values.

        Of an arm with a baseline they are numbers, NaN for an image that has no other whose ranks it could get.
        """
        found = self.array("correct")[self.runs, :, self._arms[arm], self._occlusions[occlusion]]
        return np.where(found == NOT_MEASURED, np.nan, found) if arm.baseline else found.astype(bool)

    def _rows(self, values: np.ndarray) -> np.ndarray:
        """(trainings, repetitions, ...) to one row for each training, the mean of its repetitions."""
        return values.mean(axis=1)

    def _score(self, arm: Arm, metric: str) -> np.ndarray:
        """(trainings, images): each test image's share of a score of a plain arm; the score is their mean."""
        measure = self.metrics[metric]
        kinds = self.words(measure)["retrainings"]
        if not kinds:
            return self.array("value")[self.runs, self._arms[arm], self.labels("measure").index(measure)].astype(float)
        if not catalogue.is_built_in(measure):
            place = self.labels("own_score").index(metric)
            return self.array("own_value")[self.runs, self._arms[arm], place].astype(float)
        curves = {kind: (self.correct(arm, kind), self.correct(BASELINE, kind)) for kind in kinds}
        function, found = catalogue.find("measures", measure), []
        for place in range(len(self.runs)):
            given = Given(
                retrained={kind: ours[place] for kind, (ours, _) in curves.items()},
                random={kind: random[place] for kind, (_, random) in curves.items()},
                percentiles=self.percents,
            )
            found.append(function(given)[metric])
        return self._rows(np.stack(found))

    def roar(self, arm: Arm) -> np.ndarray:
        """(trainings, images): the ROAR score of any arm, those of controls too."""
        return self.retrained(arm, "roar")

    def retrained(self, arm: Arm, metric: str) -> np.ndarray:
        """(trainings, images): "roar" or "kar" of any arm, beside random pixels with the same fill."""
        return self._area(arm, replace(BASELINE, fill=arm.fill), OCCLUSIONS[metric], metric)

    def masks(self, arm: Arm) -> np.ndarray:
        """(trainings, images): what KAR would be if networks saw an arm's masks alone, above random masks."""
        return self._area(arm, BASELINE, "mask", "kar")

    def _area(self, arm: Arm, random: Arm, occlusion: str, metric: str) -> np.ndarray:
        ours, theirs = (self.by_percent(which, occlusion) for which in (arm, random))
        return self._rows(AREAS[metric](ours, theirs, self.percents))

    def by_percent(self, arm: Arm, occlusion: str) -> np.ndarray:
        """(trainings, repetitions, images, percentages): as `correct`, each image's curve along the last axis."""
        return np.moveaxis(self.correct(arm, occlusion), 2, -1)

    def accuracy(self, network: Network, attack: str = "clean") -> np.ndarray:
        """(trainings, images): whether a network is right on clean images, or under an attack.

        Raises:
            NotMeasuredError: the values have no such attack.
        """
        if not self.has_attack(attack):
            raise NotMeasuredError(f"accuracy under {attack}")
        return self.array("right")[self.runs, self.place_of[network], self.labels("attack").index(attack)].astype(float)

    def has_attack(self, attack: str) -> bool:
        """Whether accuracy under an attack was measured."""
        return attack in self.labels("attack")

    def at_chance(self, spec: Network) -> int:
        """In how many trainings a network is no better than chance on clean images."""
        return int(self.collapsed(spec).sum())

    def collapsed(self, spec: Network) -> np.ndarray:
        """(trainings,) in which a network is no better than chance on clean images, by the interval over images."""
        accuracy = self.accuracy(spec)
        share, count = accuracy.mean(axis=1), accuracy.shape[1]
        return share - 1.96 * np.sqrt(share * (1 - share) / count) <= self.chance

    def gain(self, network: Network, attribution: str, metric: str) -> np.ndarray:
        """(trainings, images): a network's score minus the standard network's."""
        return self.score(Arm(network, attribution), metric) - self.score(Arm(self.standard, attribution), metric)

    def known_gain(self, network: Network, attribution: str, metric: str) -> np.ndarray:
        """As `gain`, where a measure of maps has no value on some images: each mean over those that have one."""
        arms = [Arm(spec, attribution) for spec in (network, self.standard)]
        return known_difference(*(self.score(arm, metric) for arm in arms))

    def of_maps(self, arm: Arm, name: str) -> np.ndarray:
        """(trainings, ...) what was measured on an arm's maps."""
        return self.array(name)[self.runs, self._arms[arm]].astype(float)

    # Series

    def families(self) -> dict[str, list[Network]]:
        """The trained networks by family: "l2" and "linf" of adversarial training, else by method."""
        found: dict[str, list[Network]] = {}
        for spec in self.networks:
            if spec.family:
                found.setdefault(spec.family, []).append(spec)
        return found

    def groups(self) -> list[tuple[str, str]]:
        """Panel and family of every series of networks."""
        order = dict.fromkeys(spec.group for spec in self.networks if spec.group)
        return [(g, f) for g in order for f, specs in self.families().items() if any(s.group == g for s in specs)]

    def series(self, group: str, family: str) -> list[Network]:
        """The networks of one point colour in the paper's figures: the standard one and those of a family and panel."""
        return [self.standard, *(spec for spec in self.families().get(family, []) if spec.group == group)]

    def strongest_of(self, family: str) -> Network | None:
        """The strongest network that the study has of a family's first panel; None where it has none or lost it."""
        planned = next(
            (network for network in self.planned[1:] if network.strongest and network.family == family), None
        )
        return planned if planned in self.networks else None

    def relative_strength(self, spec: Network) -> float | None:
        """The strength over the largest of its family; 0 for the standard network."""
        if spec == self.standard:
            return 0.0
        if spec.strength is None:
            return None
        largest = max(other.strength or 0.0 for other in self.planned if other.family == spec.family)
        return spec.strength / largest if largest else 0.0

    def strengths(self, group: str, family: str) -> tuple[list[Network], list[np.ndarray]]:
        """The networks of a series, and their strengths as tables (trainings, images); none without a strength."""
        specs, like = self.series(group, family), np.ones_like(self.accuracy(self.standard))
        known = [strength for strength in map(self.relative_strength, specs) if strength is not None]
        return specs, [strength * like for strength in known] if len(known) == len(specs) else []

    # Estimates

    def trend(self, specs: list[Network], x: list[np.ndarray], attribution: str, metric: str) -> Estimate:
        """Change of a score per unit of x over networks, by least squares in each training.

        Args:
            specs: K networks.
            x: K tables (trainings, images), whose means are set against the scores.
        """
        return trend(x, [self.score(Arm(spec, attribution), metric) for spec in specs])

    def linear(self, specs: list[Network], x: list[np.ndarray], attribution: str, metric: str) -> Estimate:
        """Correlation of a score with x over networks, in each training; arguments as of `trend`."""
        tables = [*x, *(self.score(Arm(spec, attribution), metric) for spec in specs)]
        return correlated(lambda means: float(correlation(*np.split(means, 2))), tables)._replace(p=None)

    # Pictures

    @property
    def fill(self) -> np.ndarray:
        """(channels,) the colour of removed pixels in the pictures: that of the training whose maps are shown."""
        fill = self.array("fill")
        return fill if fill.ndim == 1 else fill[int(self.array("sample_training"))]  # in older values all have one

    def shown(self, name: str, arm: Arm) -> np.ndarray | None:
        """(samples, H, W) "map" or "rank" of the sample images by an arm; None where there is none."""
        found = self.array(f"sample_{name}")[self._arms[arm]]
        return None if np.isnan(found).any() or (name == "rank" and (found == NOT_MEASURED).any()) else found


def step_over_eps(network: Network) -> float | None:
    """How many times its radius a training attack's step is long; None where there is no such step."""
    return network.step_size / network.strength if network.step_size and network.strength else None
