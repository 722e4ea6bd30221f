"""From the booleans of a ROAR / KAR study to scores, estimates and tables."""

from functools import cache, cached_property

import numpy as np

from experiments import catalogue
from experiments.claim import Estimate
from experiments.experiment import Measured
from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, networks
from experiments.networks.together import whole_together
from experiments.roar.pieces import (
    BASELINE,
    Arm,
    Retraining,
    knows_network,
    occlusions,
    retrainings_of,
    without_retraining,
)
from experiments.roar.study import RoarStudy
from experiments.statistics import (
    clipped,
    correlation,
    covered,
    function_estimate,
    known_difference,
    permutation_p,
)
from measures import Given
from measures.roar import roar_score


class Scores:
    """The numbers of one study, as tables of trainings by images until the last moment.

    Attributes:
        data: facts of the images, and the sample shown in pictures.
        runs: numbers of the trainings in which all of `networks` are whole.
        networks: those that are whole in enough trainings.
        strongest: per family the strongest network, where its controls are whole.
    """

    def __init__(self, measured: Measured[RoarStudy]):
        self.study, self.values = measured.study, measured.values
        self.data: dict[str, np.ndarray] = self.values.get("data", {})
        trainings = range(self.study.training_seeds)
        self.networks, self.runs = whole_together(networks(self.study), trainings, self._is_whole)
        self.strongest = [spec for spec in control_networks(self.study)[1:] if self._has_controls(spec)]
        self.score = cache(self._score)  # a study's scores are asked for again and again

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return bool(self.data) and bool(self.runs) and STANDARD in self.networks

    def _is_whole(self, spec: NetworkSpec, run: int) -> bool:
        return ("evaluation", spec, run) in self.values and all(
            self._has(arm, run)
            and ("maps", arm, run) in self.values
            and all(("measure", arm, run, name) in self.values for name in without_retraining(self.study))
            for arm in self.of(spec)
        )

    def _has(self, arm: Arm, run: int) -> bool:
        """Whether every retraining of an arm, and of the baseline that it is compared with, is there."""
        wanted = [occlusion for occlusion in self.occlusions if occlusion in occlusions(self.study, arm)]
        return all(
            retraining in self.values
            for which in (arm, BASELINE)
            for occlusion in wanted
            for retraining in self._series(which, occlusion, run)
        )

    def _series(self, arm: Arm, occlusion: str, run: int) -> list[Retraining]:
        return [
            Retraining(arm, occlusion, percent, repeat, run)
            for repeat in range(self.study.repeats)
            for percent in self.study.percentiles
        ]

    def _has_controls(self, spec: NetworkSpec) -> bool:
        """Whether the network and the standard one are there, plain and blurred."""
        return {spec, STANDARD} <= set(self.networks) and all(
            self.is_there(Arm(network, attribution, self.study.blur_sigma), "remove")
            for network in (spec, STANDARD)
            for attribution in self.study.attributions
        )

    def is_there(self, arm: Arm, occlusion: str) -> bool:
        """Whether an arm's retrainings are whole in every training that counts."""
        return bool(self.runs) and all(
            retraining in self.values for run in self.runs for retraining in self._series(arm, occlusion, run)
        )

    @cached_property
    def occlusions(self) -> list[str]:
        """Those that the study's measures ask for."""
        return list(dict.fromkeys(kind for name in self.study.measures for kind in retrainings_of(name)))

    @cached_property
    def metrics(self) -> dict[str, str]:
        """Every score of the study's measures, in order, and the measure that gives it."""
        return {score: name for name in self.study.measures for score in score_titles(name)}

    @property
    def rows(self) -> str:
        """What intervals are about, in words."""
        return covered(len(self.runs), int(self.data["test_images"]))

    @property
    def explaining(self) -> list[str]:
        """The study's attributions that depend on the network: only of those can training raise a score."""
        return [name for name in self.study.attributions if knows_network(name)]

    def of(self, spec: NetworkSpec) -> list[Arm]:
        """A network's plain arms."""
        return [Arm(spec, attribution) for attribution in self.study.attributions]

    # Tables of trainings by images

    def correct(self, arm: Arm, occlusion: str) -> np.ndarray:
        """(trainings, repetitions, percentiles, images) booleans."""
        shape = (self.study.repeats, len(self.study.percentiles), -1)
        series = [np.reshape([self.values[r] for r in self._series(arm, occlusion, run)], shape) for run in self.runs]
        return np.stack(series)

    def _rows(self, values: np.ndarray) -> np.ndarray:
        """(trainings, repetitions, ...) to one row for each training, the mean of its repetitions."""
        return values.mean(axis=1)

    def _score(self, arm: Arm, metric: str) -> np.ndarray:
        """(trainings, images): each test image's share of a score of a plain arm; the score is their mean."""
        measure = self.metrics[metric]
        kinds = retrainings_of(measure)
        if not kinds:
            return np.stack([self.values["measure", arm, run, measure] for run in self.runs])
        curves = {kind: (self.correct(arm, kind), self.correct(BASELINE, kind)) for kind in kinds}
        function, found = catalogue.find("measures", measure), []
        for place in range(len(self.runs)):
            given = Given(
                retrained={kind: ours[place] for kind, (ours, _) in curves.items()},
                random={kind: random[place] for kind, (_, random) in curves.items()},
                percentiles=self.study.percentiles,
            )
            found.append(function(given)[metric])
        return self._rows(np.stack(found))

    def roar(self, arm: Arm) -> np.ndarray:
        """(trainings, images): the ROAR score of any arm, those of controls too."""
        return self._area(self.correct(BASELINE, "remove"), self.correct(arm, "remove"))

    def kar(self, arm: Arm) -> np.ndarray:
        """(trainings, images): the KAR score of any arm."""
        return self._area(self.correct(arm, "keep"), self.correct(BASELINE, "keep"))

    def masks(self, arm: Arm) -> np.ndarray:
        """(trainings, images): what KAR would be if networks saw an arm's masks alone, above random masks."""
        return self._area(self.correct(arm, "mask"), self.correct(BASELINE, "mask"))

    def _area(self, higher: np.ndarray, lower: np.ndarray) -> np.ndarray:
        ours, theirs = (np.moveaxis(values, 2, -1) for values in (lower, higher))
        return self._rows(roar_score(ours, theirs, self.study.percentiles))

    def accuracy(self, spec: NetworkSpec, kind: str = "clean") -> np.ndarray:
        """(trainings, images): whether a network is right on clean images, or under an attack."""
        return np.stack([self.values["evaluation", spec, run][kind] for run in self.runs]).astype(float)

    def at_chance(self, spec: NetworkSpec) -> int:
        """In how many trainings a network is no better than chance on clean images, by the interval over images."""
        accuracy = self.accuracy(spec)
        share, count = accuracy.mean(axis=1), accuracy.shape[1]
        return int((share - 1.96 * np.sqrt(share * (1 - share) / count) <= self.data["chance"]).sum())

    def gain(self, network: NetworkSpec, attribution: str, metric: str) -> np.ndarray:
        """(trainings, images): a network's score minus the standard network's."""
        return self.score(Arm(network, attribution), metric) - self.score(Arm(STANDARD, attribution), metric)

    def known_gain(self, network: NetworkSpec, attribution: str, metric: str) -> np.ndarray:
        """As `gain`, where a measure of maps has no value on some images: each mean over those that have one."""
        arms = [Arm(spec, attribution) for spec in (network, STANDARD)]
        return known_difference(*(self.score(arm, metric) for arm in arms))

    def of_maps(self, arm: Arm, name: str) -> np.ndarray:
        """(trainings, ...) what was measured on an arm's maps."""
        return np.stack([self.values["maps", arm, run][name] for run in self.runs])

    # Series

    def families(self) -> dict[str, list[NetworkSpec]]:
        """The trained networks by family: "l2" and "linf" of adversarial training, else by method."""
        found: dict[str, list[NetworkSpec]] = {}
        for spec in self.networks:
            if spec != STANDARD:
                found.setdefault(spec.family, []).append(spec)
        return found

    def groups(self) -> list[tuple[str, str]]:
        """Panel and family of every series of networks."""
        order = dict.fromkeys(spec.group for spec in self.networks if spec != STANDARD)
        return [(g, f) for g in order for f, specs in self.families().items() if any(s.group == g for s in specs)]

    def series(self, group: str, family: str) -> list[NetworkSpec]:
        """The networks of one point colour in the paper's figures: the standard one and those of a family and panel."""
        return [STANDARD, *(spec for spec in self.families().get(family, []) if spec.group == group)]

    def strongest_of(self, family: str) -> NetworkSpec | None:
        """The strongest network that the study has of a family's first panel; None where it has none or lost it."""
        planned = next((spec for spec in control_networks(self.study)[1:] if spec.family == family), None)
        return planned if planned in self.networks else None

    def relative_strength(self, spec: NetworkSpec) -> float | None:
        """The strength over the largest of its family; 0 for the standard network."""
        if spec == STANDARD:
            return 0.0
        if spec.strength is None:
            return None
        largest = max(other.strength or 0.0 for other in networks(self.study) if other.family == spec.family)
        return spec.strength / largest if largest else 0.0

    def strengths(self, group: str, family: str) -> tuple[list[NetworkSpec], list[np.ndarray]]:
        """The networks of a series, and their strengths as tables (trainings, images); none without a strength."""
        specs, like = self.series(group, family), np.ones_like(self.accuracy(STANDARD))
        known = [strength for strength in map(self.relative_strength, specs) if strength is not None]
        return specs, [strength * like for strength in known] if len(known) == len(specs) else []

    # Estimates

    def trend(self, specs: list[NetworkSpec], x: list[np.ndarray], attribution: str, metric: str) -> Estimate:
        """Correlation of a score with x over networks, in each training; its p is that of exchanging networks.

        Args:
            specs: K networks.
            x: K tables (trainings, images), whose means are set against the scores.
        """
        scores = [self.score(Arm(spec, attribution), metric) for spec in specs]
        places = len(specs)

        def statistic(means: np.ndarray) -> float:
            return float(correlation(means[:places], means[places:]))

        found = function_estimate(statistic, [*x, *scores])
        places_of, scores_of = (np.stack([values.mean(axis=1) for values in tables], axis=1) for tables in (x, scores))
        p = None if found.p is None else permutation_p(places_of, scores_of)
        return clipped(found, -1.0, 1.0)._replace(p=p, own_test=True)

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, of the first training, by name; "<data set>/..."."""
        arrays = {f"{self.study.dataset}/{name}": np.asarray(value) for name, value in self.data.items()}
        for spec in self.networks:
            for arm in self.of(spec):
                for name in ("sample_maps", "sample_ranks"):
                    arrays[f"{self.study.dataset}/{arm.name}/{name}"] = self.values["maps", arm, self.runs[0]][name]
        return arrays


def score_titles(measure: str) -> dict[str, str]:
    """Titles of a measure's scores by their names."""
    declared = catalogue.entry("measures", measure).declared
    word = measure.rpartition(":")[2]
    return declared.get("SCORES", {word: catalogue.title("measures", measure)})
