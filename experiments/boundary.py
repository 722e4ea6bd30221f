"""Boundary tilting (Section 2.2): what adversarial training does to the decision boundary of a 2-D toy."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from experiments import keys
from experiments.artefacts import Store
from experiments.errors import AbsentError
from experiments.executor import Task, gather
from experiments.grid import WEAK, training_eps
from experiments.results import results
from experiments.settings import BoundaryStudy, Settings
from experiments.work import TOY_EPOCH

# Source of the numbers up to here: protocol, Section 2.2.
MEAN = np.array([1.2, 0.1])
"""Of class one; class zero's is its negative."""
COVARIANCE = np.array([[0.1, -0.01], [-0.01, 0.002]])
STEPS, STEP_SIZE = 40, 2.0
BATCH_SIZE, LEARNING_RATE = 100, 1e-3

# Ours.
PAIRS = 500
"""Segments from class to class on which the boundary is looked for."""
BISECTIONS = 30
GRID = 81
"""Points per axis of the pictures' decision regions."""
SHOWN = 300
"""Points per class in the pictures."""


class Draw(NamedTuple):
    """Points of both classes, for every seed.

    Attributes:
        points: (R, 2 N, 2), scaled so that the training points of each seed span [-1, 1].
        labels: (2 N,) first N zeros, then N ones.
    """

    points: np.ndarray
    labels: np.ndarray

    def of(self, label: int) -> np.ndarray:
        """(R, N, 2) points of one class."""
        return self.points[:, self.labels == label]


@dataclass(frozen=True)
class Measurements:
    """Everything measured of every training strength.

    Attributes:
        study: what was run.
        strengths: per eps (0 is standard training) over seeds (R,): "tilt" (degrees, above 0 towards the
            low-variance direction), "low_variance_share", "mahalanobis" and "own_mahalanobis" (attacked
            points of class one, and class zero's own points, to class zero), "clean", "robust" and
            "attacked" (accuracies); of the first seed, for pictures: "points", "labels", "adversarial",
            "means" (of class one, clean and attacked), "regions" and "extent".
        missing: what could not be had, and why.
    """

    study: BoundaryStudy
    strengths: dict[float, dict[str, np.ndarray]]
    missing: list[AbsentError]


def run(settings: Settings, store: Store, progress) -> dict:
    """Trains and measures whatever the store lacks, then analyses it; returns `experiments.results.results`."""
    from experiments.boundary_analysis import Numbers
    from experiments.boundary_claims import Claims

    started = time.time()
    judged = [Claims(Numbers(measure(study, settings, store, progress))) for study in settings.studies]
    return results(settings, judged, store, started)


def measure(study: BoundaryStudy, settings: Settings, store: Store, progress) -> Measurements:
    """All arrays of the study, computed where the store does not have them."""
    bench = BoundaryBench(study, settings, store, progress)
    strengths, missing = gather(bench, {eps: Task("strength", (eps,)) for eps in training_eps(study)}, settings.jobs)
    return Measurements(study, strengths, missing)


class BoundaryBench:
    """Trains one network per seed, all seeds side by side, and looks at their boundaries."""

    def __init__(self, study: BoundaryStudy, settings: Settings, store: Store, progress):
        self.study, self.settings, self.store, self.progress = study, settings, store, progress
        # XLA pays for itself here on a CPU too: the steps are tiny and nothing is convolved.
        self.jit_compile = settings.jit_compile != "false"
        self.seeds = [1000 * study.seed + number for number in range(study.toy_seeds)]

    @cached_property
    def training(self) -> Draw:
        return draw(self.study.toy_points, self.seeds)[0]

    @cached_property
    def test(self) -> Draw:
        return draw(self.study.toy_points, self.seeds)[1]

    def strength(self, eps: float) -> dict[str, np.ndarray]:
        study = self.study
        points = 2 * study.toy_points * study.toy_epochs * study.toy_seeds
        return self.store.fetch_arrays(keys.boundary_key(study, eps), lambda: self.measure(eps), lambda: points)

    def measure(self, eps: float) -> dict[str, np.ndarray]:
        """Trains at one strength and measures; see `Measurements`."""
        self.progress.stage(f"toy: training {len(self.seeds)} networks, {'standard' if eps == 0 else f'eps {eps:g}'}")
        model = self._train(eps)
        adversarial = self._attack(model, self.test.of(1), np.ones(self.study.toy_points), self.study.toy_attack_eps)
        weakly = self._attack(model, self.test.points, self.test.labels, WEAK)
        shift = adversarial.mean(axis=1) - self.test.of(1).mean(axis=1)
        low = np.stack([low_variance_direction(points) for points in _centred(self.training)])
        own = self.training.of(0)
        return {
            "tilt": tilt(self._normals(model), self.training),
            "low_variance_share": np.abs((shift * low).sum(axis=-1)) / np.linalg.norm(shift, axis=-1),
            "mahalanobis": mahalanobis(adversarial, own).mean(axis=-1),
            "own_mahalanobis": mahalanobis(self.test.of(0), own).mean(axis=-1),
            "clean": (self._labels(model, self.test.points) == self.test.labels).mean(axis=-1),
            "robust": (self._labels(model, weakly) == self.test.labels).mean(axis=-1),
            "attacked": (self._labels(model, adversarial) == 1).mean(axis=-1),
            **self._pictures(model, adversarial),
        }

    def _train(self, eps: float):
        import keras

        from experiments.batches import batches_in_order
        from models import AdversarialTrainer
        from models.boundary_mlp import side_by_side

        model = side_by_side(self.seeds)
        attack = self._attack_of(eps) if eps > 0 else None
        trainer = AdversarialTrainer(model, attack=attack)
        trainer.compile(
            optimizer=keras.optimizers.Adam(LEARNING_RATE),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            loss_weights=[float(len(self.seeds))],  # the mean over all points is a sum over networks
            jit_compile=self.jit_compile,
        )
        orders = [np.random.default_rng([seed, 1]) for seed in self.seeds]
        for _ in range(self.study.toy_epochs):
            points, labels = shuffled_batches(self.training, orders)
            trainer.fit(batches_in_order(points, labels, BATCH_SIZE * len(self.seeds)), shuffle=False, verbose=0)
            self.progress.advance(TOY_EPOCH)
        return model

    def _attack_of(self, eps: float):
        from attacks import ProjectedGradientDescent

        return ProjectedGradientDescent(
            norm="l2", eps=eps, step_size=STEP_SIZE, steps=STEPS, bounds=None, jit_compile=self.jit_compile
        )

    def _attack(self, model, points: np.ndarray, labels: np.ndarray, eps: float) -> np.ndarray:
        """(R, N, 2) attacked points."""
        every_label = np.tile(labels.astype(np.int32), len(self.seeds))
        return self._attack_of(eps)(model, _rows(points), every_label).numpy().reshape(points.shape)

    def _margin(self, model, points: np.ndarray) -> np.ndarray:
        """(R, N): logit of class one minus logit of class zero."""
        logits = model(_rows(points), training=False).numpy()
        return (logits[:, 1] - logits[:, 0]).reshape(points.shape[:-1])

    def _labels(self, model, points: np.ndarray) -> np.ndarray:
        return self._margin(model, points) > 0

    def _normals(self, model) -> np.ndarray:
        """(R, 2): mean unit normal of the boundary where segments from class to class cross it."""
        import tensorflow as tf

        zero, one = self.test.of(0)[:, :PAIRS], self.test.of(1)[:, :PAIRS]
        crossed = (self._margin(model, zero) < 0) & (self._margin(model, one) > 0)
        for _ in range(BISECTIONS):
            middle = (zero + one) / 2
            above = (self._margin(model, middle) > 0)[..., None]
            zero, one = np.where(above, zero, middle), np.where(above, middle, one)
        points = tf.constant(_rows(one))
        with tf.GradientTape() as tape:
            tape.watch(points)
            logits = model(points, training=False)
            margin = logits[:, 1] - logits[:, 0]
        normals = _unit(tape.gradient(margin, points).numpy().reshape(one.shape))
        return _unit(np.where(crossed[..., None], normals, 0).sum(axis=1))

    def _pictures(self, model, adversarial: np.ndarray) -> dict[str, np.ndarray]:
        """What the figure shows of the first seed's network."""
        low, high = -1.25, 1.25
        axis = np.linspace(low, high, GRID)
        grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        everywhere = np.broadcast_to(grid, (len(self.seeds), *grid.shape))
        shown = [self.test.of(label)[0, :SHOWN] for label in (0, 1)]
        return {
            "points": np.concatenate(shown),
            "labels": np.repeat([0, 1], [len(points) for points in shown]),
            "adversarial": adversarial[0, :SHOWN],
            "means": np.stack([self.test.of(1)[0].mean(axis=0), adversarial[0].mean(axis=0)]),
            "regions": self._margin(model, everywhere)[0].reshape(GRID, GRID),
            "extent": np.array([low, high]),
        }


def draw(count: int, seeds: list[int]) -> tuple[Draw, Draw]:
    """Training and test points of every seed, `count` of each class in each."""
    labels = np.repeat([0, 1], count)
    splits = [[], []]
    for seed in seeds:
        rng = np.random.default_rng(seed)
        pair = [
            np.concatenate([rng.multivariate_normal(sign * MEAN, COVARIANCE, count) for sign in (-1, 1)])
            for _ in splits
        ]
        # Both coordinates and both classes by one scale: angles stay what they were.
        lowest, highest = pair[0].min(), pair[0].max()
        for points, split in zip(pair, splits, strict=True):
            split.append(2 * (points - lowest) / (highest - lowest) - 1)
    return tuple(Draw(np.stack(split).astype(np.float32), labels) for split in splits)


def shuffled_batches(data: Draw, orders: list[np.random.Generator]) -> tuple[np.ndarray, np.ndarray]:
    """One epoch: rows in batches, each with `BATCH_SIZE` points of every seed, network by network."""
    order = np.stack([rng.permutation(len(data.labels)) for rng in orders])
    points = np.take_along_axis(data.points, order[..., None], axis=1)
    starts = range(0, len(data.labels), BATCH_SIZE)
    return (
        np.concatenate([_rows(points[:, start : start + BATCH_SIZE]) for start in starts]),
        np.concatenate([data.labels[order[:, start : start + BATCH_SIZE]].ravel() for start in starts]),
    )


def low_variance_direction(points: np.ndarray) -> np.ndarray:
    """(2,) unit vector along which points (N, 2) vary least."""
    return np.linalg.eigh(np.cov(points.T))[1][:, 0]


def mahalanobis(points: np.ndarray, distribution: np.ndarray) -> np.ndarray:
    """(R, N) distances of points (R, N, 2) from samples of a distribution (R, M, 2), in standard deviations."""
    offsets = points - distribution.mean(axis=1, keepdims=True)
    precisions = np.stack([np.linalg.inv(np.cov(samples.T)) for samples in distribution])
    return np.sqrt(np.einsum("rni,rij,rnj->rn", offsets, precisions, offsets))


def tilt(normals: np.ndarray, data: Draw) -> np.ndarray:
    """(R,) angles in degrees between boundary normals (R, 2) and the line joining the class means.

    Above 0 when the normal turns towards the side on which linear discriminant analysis, which
    trusts the low-variance direction, would put it.
    """
    line = _unit(data.of(1).mean(axis=1) - data.of(0).mean(axis=1))
    covariances = np.stack([np.cov(points.T) for points in _centred(data)])
    towards = np.sign(_cross(line, np.linalg.solve(covariances, line[..., None])[..., 0]))
    return np.degrees(np.arctan2(_cross(line, normals), (line * normals).sum(axis=-1))) * towards


def _centred(data: Draw) -> np.ndarray:
    """(R, 2 N, 2) points minus the mean of their class."""
    return np.concatenate([data.of(k) - data.of(k).mean(axis=1, keepdims=True) for k in (0, 1)], axis=1)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-30)


def _rows(points: np.ndarray) -> np.ndarray:
    """(R, N, 2) to (R N, 2), as `side_by_side` takes them; its callers give every network as many."""
    return points.reshape(-1, 2).astype(np.float32)
