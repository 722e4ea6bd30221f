"""What the training of a network and a retraining have in common."""

import math
import shutil
from pathlib import Path

import keras
import tensorflow as tf

from experiments.backup import Backup
from experiments.batches import batches_in_order, training_batches
from experiments.data import Dataset
from experiments.errors import CellFailedError, UsageError
from experiments.files import save_weights, write_json
from experiments.plugins import find
from experiments.progress import Progress
from experiments.settings import Study
from models import NETWORKS
from models.logits import check_logits

BACKUP = "backup"
MOST_STEPS_PER_EXECUTION = 20
"""Of standard training; steps that attack their batch are long enough to return to Python after each."""


def build_network(study: Study, data: Dataset, seed: int) -> keras.Model:
    """A fresh network of the study's architecture; equal seeds give equal weights.

    Raises:
        UsageError: the network does not fit the data set.
    """
    keras.config.set_dtype_policy(study.precision)
    builder = find(study.network, NETWORKS, "network")
    shape, classes = data.train_images.shape[1:], len(data.class_names)
    try:
        network = builder(width=study.width, seed=seed, input_shape=shape, classes=classes)
        check_logits(network, tf.constant(data.train_images[:8]))
        outputs = network.output_shape
    except (TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"--network: {study.network} cannot be built for images {shape}: {reason}") from error
    if tuple(outputs) != (None, classes):
        raise UsageError(f"--network: {study.network} gives outputs {outputs}; needed are (None, {classes}) logits.")
    return network


def steps_per_epoch(images: int, study: Study) -> int:
    return math.ceil(images / study.batch_size)


def use_xla(jit_compile: str) -> bool:
    """What --jit_compile=auto means: on with a GPU; on a CPU XLA's convolutions are several times slower."""
    return jit_compile == "true" or (jit_compile == "auto" and bool(tf.config.list_physical_devices("GPU")))


def steps_per_execution(steps: int) -> int:
    """How many of an epoch's steps `fit` runs at a time: Keras would overrun an epoch that they do not divide."""
    return max(count for count in range(1, MOST_STEPS_PER_EXECUTION + 1) if steps % count == 0)


def compile_for_training(trainer: keras.Model, study: Study, jit_compile: str, steps_per_execution: int = 1) -> None:
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

    def __init__(self, progress: Progress, work_per_step: float):
        super().__init__()
        self._progress, self._work = progress, work_per_step

    def on_train_batch_end(self, batch, logs=None):
        self._progress.advance(self._work * self.model.steps_per_execution)


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
            raise CellFailedError(self._artefact, f"not finite after epoch {epoch + 1}: {values}")


def fit_resumably(
    model: keras.Model,
    data: Dataset,
    study: Study,
    epochs: int,
    working: Path,
    progress: Progress,
    what: str,
    work: float,
    tensorboard: Path | None = None,
) -> None:
    """Trains a compiled model on a data set, from where an interrupted call with the same folder stopped.

    Args:
        model: with built optimisers, so that a backup can be restored into them.
        data: its training set is fitted; its test set validates the last epoch.
        study: gives batch size and seed.
        epochs: in all, those of interrupted calls included.
        working: the artefact's folder; gets `history.json`, and a backup after every epoch.
        progress: told what is trained and of every step.
        what: is trained, in words.
        work: network passes per training image.
        tensorboard: where TensorBoard's logs go, if anywhere.

    Raises:
        CellFailedError: a metric is not finite.
    """
    backup = Backup(working / BACKUP)
    first_epoch = backup.restore(model)
    resumed = f", resumed after epoch {first_epoch}" if first_epoch else ""
    progress.stage(f"{study.dataset}: training {what}{resumed}")
    callbacks = [StopAtInfinity(f"{study.dataset} {what}"), backup, TrainingProgress(progress, study.batch_size * work)]
    if tensorboard:
        callbacks.append(keras.callbacks.TensorBoard(tensorboard))
    if first_epoch < epochs:
        model.fit(
            training_batches(data.train_images, data.train_labels, study.batch_size, study.seed, epochs, first_epoch),
            initial_epoch=first_epoch,
            epochs=epochs,
            steps_per_epoch=steps_per_epoch(len(data.train_images), study),
            shuffle=False,  # the batches come shuffled
            validation_data=batches_in_order(data.test_images, data.test_labels),
            validation_freq=epochs,
            callbacks=callbacks,
            verbose=progress.keras_verbosity,
        )
    write_json(working / "history.json", backup.history)


def save_trained(model: keras.Model, path: Path) -> None:
    """Saves the weights of a model that `fit_resumably` trained beside them, and drops its backup."""
    save_weights(model, path)
    shutil.rmtree(path.parent / BACKUP)
