"""ROAR and KAR (Section 3.2): remove or keep the pixels an attribution ranks highest, and retrain."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from experiments import keys
from experiments.artefacts import Store
from experiments.bench import Bench
from experiments.executor import Task, gather
from experiments.grid import SECOND_RANDOM, Arm, Cell, cells, networks
from experiments.measurements import Measurements
from experiments.plugins import find
from experiments.results import results
from experiments.settings import Settings, Study


def roar_score(accuracy, random_accuracy, percentiles: Sequence[float] = (10, 30, 50, 70, 90)):
    """ROAR: how much faster accuracy falls than when random pixels are removed. Larger is better.

    The area between the random curve and the attribution's, by the trapezoid rule over the share
    removed. Both curves start at the standard accuracy and end at chance, so the gap is 0 there.

    Args:
        accuracy: (..., P) accuracies, or booleans, at each percentile.
        random_accuracy: (..., P) of the random baseline.
        percentiles: P percentages removed, ascending, between 0 and 100.

    Returns:
        (...) scores, in units of accuracy.

    Source: protocol of Section 3.2.
    """
    gap = np.asarray(random_accuracy, float) - np.asarray(accuracy, float)
    ends = [(0, 0)] * (gap.ndim - 1) + [(1, 1)]
    return np.trapezoid(np.pad(gap, ends), np.array([0, *percentiles, 100]) / 100, axis=-1)


def kar_score(accuracy, random_accuracy, percentiles: Sequence[float] = (10, 30, 50, 70, 90)):
    """KAR: how much better accuracy is than when random pixels are kept. Arguments as `roar_score`."""
    return roar_score(random_accuracy, accuracy, percentiles)


def run(settings: Settings, store: Store, progress) -> dict:
    """Trains and measures whatever the store lacks, then analyses it; returns `experiments.results.results`."""
    from experiments.roar_analysis import Numbers
    from experiments.roar_claims import Claims

    started = time.time()
    judged = [Claims(Numbers(measure(study, settings, store, progress))) for study in settings.studies]
    return results(settings, judged, store, started)


def measure(study: Study, settings: Settings, store: Store, progress) -> Measurements:
    """All arrays of one study, computed where the store does not have them."""
    bench = RoarBench(study, settings, store, progress)
    trainings = {spec: Task("evaluation", (spec,)) for spec in networks(study)}
    evaluations, missing = gather(bench, {"data": Task("data_facts"), **trainings})
    retrainings: dict = {}
    for cell in cells(study):
        if cell.arm.network is not None:
            retrainings.setdefault(cell.arm, Task("maps", (cell.arm,)))
        retrainings[cell] = Task("retrain", (cell,))
    made, more_missing = gather(bench, retrainings, settings.jobs)
    return Measurements(
        study,
        evaluations.pop("data", {}),
        evaluations,
        whole_series(study, {cell: value for cell, value in made.items() if isinstance(cell, Cell)}),
        {arm: value for arm, value in made.items() if isinstance(arm, Arm)},
        missing + more_missing,
    )


def whole_series(study: Study, correct: dict[Cell, np.ndarray]) -> dict[tuple[Arm, str], np.ndarray]:
    """Per arm and metric (repetitions, percentiles, images), where every percentage and repetition is there."""
    wanted, series = Counter((cell.arm, cell.metric) for cell in cells(study)), defaultdict(list)
    for cell, values in correct.items():
        series[cell.arm, cell.metric].append(values)
    shape = (len(study.percentiles), study.repeats, -1)
    return {key: np.reshape(rows, shape).swapaxes(0, 1) for key, rows in series.items() if len(rows) == wanted[key]}


class RoarBench(Bench):
    """Rankings, occlusions and retrainings of one study. Threads may call `maps` and `retrain` side by side."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._ranks: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}
        self._one_at_a_time = threading.RLock()  # networks and ranks are shared
        self._own = threading.local()

    @property
    def retrainer(self):
        """The calling thread's own."""
        from experiments.retraining import Retrainer

        if not hasattr(self._own, "retrainer"):
            self._own.retrainer = Retrainer(self.study, self.data, self.progress, self.settings.jit_compile)
        return self._own.retrainer

    @cached_property
    def fill(self) -> np.ndarray:
        from experiments.occlusion import mean_colour

        return mean_colour(self.data.train_images)

    def data_facts(self) -> dict[str, np.ndarray]:
        return self.store.fetch_arrays(keys.data_key(self.study), self._data_facts)

    def _data_facts(self) -> dict[str, np.ndarray]:
        data = self.data
        commonest = np.bincount(data.train_labels).argmax()
        return {
            "train_images": np.array(len(data.train_images)),
            "test_images": np.array(len(data.test_images)),
            "chance": np.mean(data.test_labels == commonest),
            "fill": self.fill,
            "sample_index": self.sample,
            "sample_label": np.array(data.class_names)[data.test_labels[self.sample]],
            "sample_images": data.test_images[self.sample],
        }

    def evaluation(self, spec) -> dict[str, np.ndarray]:
        key = keys.evaluation_key(self.study, spec)
        return self.store.fetch_arrays(key, lambda: self.networks.evaluate(spec))

    def maps(self, arm: Arm) -> dict[str, np.ndarray]:
        return self.store.fetch_arrays(keys.maps_key(self.study, arm), lambda: self._measure_maps(arm))

    def retrain(self, cell: Cell) -> np.ndarray:
        """(N,) booleans: which test images the cell's network gets right."""
        key = keys.cell_key(self.study, cell)
        arrays = self.store.fetch_arrays(
            key, lambda: self._retrain(cell), images=lambda: self.study.epochs * len(self.data.train_images)
        )
        return arrays["correct"]

    def _retrain(self, cell: Cell) -> dict[str, np.ndarray]:
        from experiments.occlusion import fill_pixels, removed_pixels

        def occluded(images: np.ndarray, ranks: np.ndarray) -> np.ndarray:
            removed = removed_pixels(ranks, cell.percent, keep=cell.metric == "kar")
            if cell.metric == "mask":
                return np.broadcast_to(np.where(removed, np.float32(-1), np.float32(1))[..., None], images.shape)
            return fill_pixels(images, removed, self.fill)

        with self._one_at_a_time:
            train_ranks, test_ranks = self._ranked(cell)
        if cell.percent == self.study.percentiles[0] and cell.repeat == 0:
            self.progress.stage(f"{self.study.dataset}: {cell.metric} retrainings, {cell.arm.name}")
        train, test = occluded(self.data.train_images, train_ranks), occluded(self.data.test_images, test_ranks)
        seed, name = keys.retraining_seed(self.study, cell.repeat), keys.cell_key(self.study, cell).name
        return {"correct": self.retrainer(train, test, seed, name)}

    def _ranked(self, cell: Cell) -> tuple[np.ndarray, np.ndarray]:
        """Pixel ranks of the training and the test images; kept for the cells that follow."""
        # A baseline's scores are new in every repetition, a network's are not.
        arm, repeat = cell.arm, cell.repeat if cell.arm.network is None else 0
        if (arm, repeat) not in self._ranks:
            if any(other != arm for other, _ in self._ranks):
                self._ranks.clear()
            self._ranks[arm, repeat] = tuple(
                self._rank(arm, images, [self.study.seed, repeat, arm.attribution == SECOND_RANDOM, split])
                for split, images in enumerate((self.data.train_images, self.data.test_images))
            )
        return self._ranks[arm, repeat]

    def _rank(self, arm: Arm, images: np.ndarray, seed: list[int]) -> np.ndarray:
        from experiments.occlusion import pixel_scores, rank_pixels

        if arm.network is None:
            return rank_pixels(np.random.default_rng(seed).random(images.shape[:-1]))
        return rank_pixels(pixel_scores(self._explain(arm, images), self._blur(arm)), seed)

    def _explain(self, arm: Arm, images: np.ndarray) -> np.ndarray:
        from attributions import METHODS, explain

        method = find(arm.attribution, METHODS, "attributions")
        return explain(method, self.networks.get(arm.network), images, seed=self.study.seed)

    def _blur(self, arm: Arm) -> float:
        return self.study.blur_sigma if arm.blurred else 0.0

    def _measure_maps(self, arm: Arm) -> dict[str, np.ndarray]:
        """Smoothness and zeros over the test set, and the sample's maps and ranks for the pictures."""
        from experiments.occlusion import pixel_scores, rank_pixels, roughness

        with self._one_at_a_time:
            maps = self._explain(arm, self.data.test_images)
        scores = pixel_scores(maps, self._blur(arm))
        zero = pixel_scores(maps) == 0
        return {
            "roughness": np.array(roughness(scores)),
            "zero_pixels": zero.mean(),
            "zero_images": zero.all(axis=(1, 2)).mean(),
            "sample_maps": maps[self.sample].sum(axis=-1),
            "sample_ranks": rank_pixels(scores[self.sample], [self.study.seed]),
        }
