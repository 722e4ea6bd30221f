"""Retrains one network hundreds of times on occluded data: built and traced once, then reset."""

import numpy as np

from experiments.batches import training_batches
from experiments.data import Dataset
from experiments.grid import STANDARD
from experiments.progress import Progress
from experiments.settings import Study
from experiments.training import TrainingProgress, build_network, compile_for_training, steps_per_epoch
from experiments.work import work_per_image
from models import AdversarialTrainer


class Retrainer:
    """A network of the study's architecture, trained from scratch at every call.

    Args:
        study: sizes and schedule.
        data: gives the images' shape and the labels.
        progress: told of every optimiser step.
        jit_compile: "auto", "true" or "false".
    """

    def __init__(self, study: Study, data: Dataset, progress: Progress, jit_compile: str = "auto"):
        self.study, self.data, self.progress = study, data, progress
        self.network = build_network(study, data, seed=0)
        self.trainer = AdversarialTrainer(self.network)
        compile_for_training(self.trainer, study, jit_compile)
        self.trainer.optimizer.build(self.network.trainable_variables)
        self._new_optimizer = [variable.numpy() for variable in self.trainer.optimizer.variables]

    def __call__(self, train_images: np.ndarray, test_images: np.ndarray, seed: int) -> np.ndarray:
        """Trains on `train_images` and tests on `test_images`.

        Args:
            train_images, test_images: the study's images, occluded.
            seed: of the initial weights and the order of the batches.

        Returns:
            (N,) booleans: which test images the network gets right after the last epoch.
        """
        self._reset(seed)
        self.trainer.fit(
            training_batches(train_images, self.data.train_labels, self.study.batch_size, seed, self.study.epochs),
            epochs=self.study.epochs,
            steps_per_epoch=steps_per_epoch(len(train_images), self.study),
            shuffle=False,  # the batches come shuffled
            callbacks=[TrainingProgress(self.progress, self.study.batch_size * work_per_image(self.study, STANDARD))],
            verbose=self.progress.keras_verbosity,
        )
        logits = self.network.predict(test_images, batch_size=500, verbose=0)
        return logits.argmax(axis=-1) == self.data.test_labels

    def _reset(self, seed: int) -> None:
        """Fresh weights, and an optimiser without memory, in the variables that the graph holds."""
        self.network.set_weights(build_network(self.study, self.data, seed).get_weights())
        for variable, value in zip(self.trainer.optimizer.variables, self._new_optimizer, strict=True):
            variable.assign(value)
