"""Trains the toy's networks and measures their boundaries."""

from functools import cached_property

import numpy as np

from experiments.boundary.keys import strength_key
from experiments.boundary.study import WEAK, BoundaryStudy
from experiments.boundary.toy import Draw, centred, draw, low_variance_direction, mahalanobis, rows, tilt, unit
from experiments.settings.run import Settings
from experiments.store.artefacts import Store

# Source: protocol, Section 2.2.
STEPS, STEP_SIZE = 40, 2.0
BATCH_SIZE, LEARNING_RATE = 100, 1e-3

# Ours.
EPOCH = 40_000
"""Network passes that an epoch of the toy takes as long as."""
PAIRS = 500
"""Segments from class to class on which the boundary is looked for."""
BISECTIONS = 30
GRID = 81
"""Points per axis of the pictures' decision regions."""
SHOWN = 300
"""Points per class in the pictures."""


class BoundaryRunner:
    """Trains one network per seed, all seeds side by side, and looks at their boundaries."""

    def __init__(self, study: BoundaryStudy, settings: Settings[BoundaryStudy], store: Store, progress):
        self.study, self.settings, self.store, self.progress = study, settings, store, progress
        # XLA pays for itself here on a CPU too: the steps are tiny and nothing is convolved.
        self.jit_compile = settings.jit_compile != "false"
        self.seeds = [1000 * study.seed + number for number in range(study.toy_seeds)]

    def check(self) -> dict[str, str]:
        """There is nothing of the user's own to try, and no attribution that could not fit."""
        return {}

    @cached_property
    def training(self) -> Draw:
        return draw(self.study.toy_points, self.seeds)[0]

    @cached_property
    def test(self) -> Draw:
        return draw(self.study.toy_points, self.seeds)[1]

    def strength(self, eps: float) -> dict[str, np.ndarray]:
        study = self.study
        points = 2 * study.toy_points * study.toy_epochs * study.toy_seeds
        return self.store.fetch_arrays(strength_key(study, eps), lambda: self.measure(eps), lambda: points)

    def measure(self, eps: float) -> dict[str, np.ndarray]:
        """Trains at one strength and measures; see `experiments.boundary.values`."""
        self.progress.stage(f"toy: training {len(self.seeds)} networks, {'standard' if eps == 0 else f'eps {eps:g}'}")
        model = self._train(eps)
        adversarial = self._attack(model, self.test.of(1), np.ones(self.study.toy_points), self.study.toy_attack_eps)
        weakly = self._attack(model, self.test.points, self.test.labels, WEAK)
        shift = adversarial.mean(axis=1) - self.test.of(1).mean(axis=1)
        low = np.stack([low_variance_direction(points) for points in centred(self.training)])
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

        from experiments.networks.batches import batches_in_order
        from models.boundary_mlp import side_by_side
        from training import AdversarialTrainer

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
            self.progress.advance(EPOCH)
        return model

    def _attack_of(self, eps: float):
        from attacks import ProjectedGradientDescent

        return ProjectedGradientDescent(
            norm="l2", eps=eps, step_size=STEP_SIZE, steps=STEPS, bounds=None, jit_compile=self.jit_compile
        )

    def _attack(self, model, points: np.ndarray, labels: np.ndarray, eps: float) -> np.ndarray:
        """(R, N, 2) attacked points."""
        every_label = np.tile(labels.astype(np.int32), len(self.seeds))
        return self._attack_of(eps)(model, rows(points), every_label).numpy().reshape(points.shape)

    def _margin(self, model, points: np.ndarray) -> np.ndarray:
        """(R, N): logit of class one minus logit of class zero."""
        logits = model(rows(points), training=False).numpy()
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
        points = tf.constant(rows(one))
        with tf.GradientTape() as tape:
            tape.watch(points)
            logits = model(points, training=False)
            margin = logits[:, 1] - logits[:, 0]
        normals = unit(tape.gradient(margin, points).numpy().reshape(one.shape))
        return unit(np.where(crossed[..., None], normals, 0).sum(axis=1))

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


def shuffled_batches(data: Draw, orders: list[np.random.Generator]) -> tuple[np.ndarray, np.ndarray]:
    """One epoch: rows in batches, each with `BATCH_SIZE` points of every seed, network by network."""
    order = np.stack([rng.permutation(len(data.labels)) for rng in orders])
    points = np.take_along_axis(data.points, order[..., None], axis=1)
    starts = range(0, len(data.labels), BATCH_SIZE)
    return (
        np.concatenate([rows(points[:, start : start + BATCH_SIZE]) for start in starts]),
        np.concatenate([data.labels[order[:, start : start + BATCH_SIZE]].ravel() for start in starts]),
    )


RUNNER = BoundaryRunner
