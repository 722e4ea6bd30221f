"""Fits a model so that it can be interrupted: what every training through Keras's `fit` has in common."""

import math
import shutil
from pathlib import Path

import keras
import tensorflow as tf

from experiments.compute.progress import Progress
from experiments.data import Dataset
from experiments.errors import PieceFailedError
from experiments.networks.backup import Backup
from experiments.networks.batches import batches_in_order, training_batches
from experiments.networks.state import save_state
from experiments.settings.studies import ImageStudy
from experiments.store.sealed import write_json

BACKUP = "backup"
MOST_STEPS_PER_EXECUTION = 20
"""Of cheap methods; steps that attack their batch are long enough to return to Python after each."""


def steps_per_epoch(images: int, batch_size: int) -> int:
    return math.ceil(images / batch_size)


def use_xla(jit_compile: str) -> bool:
    """What --jit_compile=auto means: on with a GPU; on a CPU XLA's convolutions are several times slower."""
    return jit_compile == "true" or (jit_compile == "auto" and bool(tf.config.list_physical_devices("GPU")))


def steps_per_execution(steps: int) -> int:
    """How many of an epoch's steps `fit` runs at a time: Keras would overrun an epoch that they do not divide."""
    return max(count for count in range(1, MOST_STEPS_PER_EXECUTION + 1) if steps % count == 0)


def compile_for_training(
    trainer: keras.Model, study: ImageStudy, jit_compile: str, steps_per_execution: int = 1
) -> None:
    """The protocol's optimiser and loss."""
    trainer.compile(
        optimizer=keras.optimizers.Adam(study.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=use_xla(jit_compile),
        steps_per_execution=steps_per_execution,
    )


class TrainingProgress(keras.callbacks.Callback):
    """Advances a `Progress` with every optimiser step of a `fit`."""

    def __init__(self, progress: Progress, cost_per_step: float):
        super().__init__()
        self._progress, self._cost = progress, cost_per_step

    def on_train_batch_end(self, batch, logs=None):
        self._progress.advance(self._cost * self.model.steps_per_execution)


class StopAtInfinity(keras.callbacks.Callback):
    """Fails a training at the end of an epoch whose metrics are not finite.

    Args:
        artefact: named in the error.
    """

    def __init__(self, artefact: str):
        super().__init__()
        self._artefact = artefact

    def on_epoch_end(self, epoch, logs=None):
        if not all(math.isfinite(value) for value in logs.values()):
            values = ", ".join(f"{name} {value:.4g}" for name, value in logs.items())
            raise PieceFailedError(self._artefact, f"not finite after epoch {epoch + 1}: {values}")


def fit_resumably(
    model: keras.Model,
    data: Dataset,
    *,
    batch_size: int,
    epochs: int,
    seed: int,
    working: Path,
    progress: Progress,
    what: str,
    cost: float,
    validate: bool = False,
    watch: keras.callbacks.Callback | None = None,
    tensorboard: Path | None = None,
) -> None:
    """Trains a compiled model on a data set, from where an interrupted call with the same folder stopped.

    Args:
        model: with built optimisers, so that a backup can be restored into them.
        data: its training set is fitted.
        batch_size: images per step.
        epochs: in all, those of interrupted calls included.
        seed: of the batches' order.
        working: the artefact's folder; gets `history.json`, and a backup after every epoch.
        progress: told what is trained and of every step.
        what: is trained, in words.
        cost: network passes per training image.
        validate: whether the test set validates the last epoch.
        watch: adds to the metrics of every epoch.
        tensorboard: where TensorBoard's logs go, if anywhere.

    Raises:
        PieceFailedError: a metric is not finite.
    """
    backup = Backup(working / BACKUP)
    first_epoch = backup.restore(model)
    resumed = f", resumed after epoch {first_epoch}" if first_epoch else ""
    progress.stage(f"{data.name}: training {what}{resumed}")
    callbacks = [StopAtInfinity(f"{data.name} {what}"), backup, TrainingProgress(progress, batch_size * cost)]
    if watch:
        callbacks.insert(0, watch)  # the others are given what it adds
    if tensorboard:
        callbacks.append(keras.callbacks.TensorBoard(tensorboard))
    if first_epoch < epochs:
        model.fit(
            training_batches(data.train_images, data.train_labels, batch_size, seed, epochs, first_epoch),
            initial_epoch=first_epoch,
            epochs=epochs,
            steps_per_epoch=steps_per_epoch(len(data.train_images), batch_size),
            shuffle=False,  # the batches come shuffled
            validation_data=batches_in_order(data.test_images, data.test_labels) if validate else None,
            validation_freq=epochs,
            callbacks=callbacks,
            verbose=progress.keras_verbosity,
        )
    write_json(working / "history.json", backup.history)


def save_trained(model: keras.Model, path: Path) -> None:
    """Saves a model that `fit_resumably` trained beside that file, and drops its backup."""
    save_state(model, path)
    shutil.rmtree(path.parent / BACKUP)
