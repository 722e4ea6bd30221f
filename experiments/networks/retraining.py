"""Retrains one network hundreds of times on occluded data: built and traced once, then reset."""

import numpy as np
import tensorflow as tf

from experiments.compute.progress import Progress
from experiments.data import Dataset
from experiments.errors import PieceFailedError
from experiments.networks.batches import epoch_order
from experiments.networks.building import build_network
from experiments.networks.fitting import compile_for_training, use_xla
from experiments.networks.grid import STANDARD
from experiments.networks.predictions import predictions
from experiments.networks.state import set_state, state_of
from experiments.settings.studies import ImageStudy
from models.compiled import LOOP_BODY
from training import AdversarialTrainer

STEPS_PER_CALL = 50
"""Steps between two returns to Python, where Ctrl-C is heard and progress shown."""


class Retrainer:
    """A network of the study's architecture, trained from scratch at every call.

    The steps are those of `Trainer.fit` on `training_batches`, in a loop inside one
    graph: on small networks `fit` spends as long again on data sets, iterators and callbacks.

    Args:
        study: sizes and schedule.
        data: gives the images' shape and the classes.
        progress: told how far each call is.
        jit_compile: "auto", "true" or "false".
    """

    def __init__(self, study: ImageStudy, data: Dataset, progress: Progress, jit_compile: str = "auto"):
        self.study, self.data, self.progress = study, data, progress
        self.network = build_network(study, data, seed=0)
        self.trainer = AdversarialTrainer(self.network)
        compile_for_training(self.trainer, study, jit_compile)
        self.trainer.optimizer.build(self.network.trainable_variables)
        self._new_optimizer = [variable.numpy() for variable in self.trainer.optimizer.variables]
        self._new_networks: dict[int, list[np.ndarray]] = {}
        xla = use_xla(jit_compile)
        self._step = tf.function(self.trainer.train_step, jit_compile=xla, experimental_attributes=LOOP_BODY)
        self._train = tf.function(self._steps, reduce_retracing=True)

    def __call__(
        self,
        train_images: np.ndarray,
        train_labels: np.ndarray,
        test_images: np.ndarray,
        seed: int,
        artefact: str = "retraining",
    ) -> np.ndarray:
        """Trains on some images and says what others are.

        Args:
            train_images, train_labels: of a training, the images occluded.
            test_images: occluded.
            seed: of the initial weights and the order of the batches.
            artefact: named in the error.

        Returns:
            (N,) classes that the network takes the test images for after the last epoch.

        Raises:
            PieceFailedError: the training diverged.
        """
        self._reset(seed)
        images, labels = tf.constant(train_images), tf.constant(train_labels)
        images_per_call = STEPS_PER_CALL * self.study.batch_size
        for epoch in range(self.study.epochs):
            order = epoch_order(len(images), seed, epoch)
            for start in range(0, len(images), images_per_call):
                part = order[start : start + images_per_call]
                self._train(images, labels, part)
                self.progress.advance(len(part) * STANDARD.passes)
        if not all(np.isfinite(weights).all() for weights in self.network.get_weights()):
            raise PieceFailedError(artefact, "the retrained network's weights are not finite")
        return predictions(self.network, test_images)

    def _steps(self, images, labels, order):
        for start in tf.range(0, len(order), self.study.batch_size):
            batch = order[start : start + self.study.batch_size]
            self._step((tf.gather(images, batch), tf.gather(labels, batch)))

    def _reset(self, seed: int) -> None:
        """A new network, and an optimiser without memory, in the variables that the graph holds."""
        if seed not in self._new_networks:
            self._new_networks[seed] = state_of(build_network(self.study, self.data, seed))
        set_state(self.network, self._new_networks[seed])
        for variable, value in zip(self.trainer.optimizer.variables, self._new_optimizer, strict=True):
            variable.assign(value)
