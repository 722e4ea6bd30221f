"""Trains the networks of a study, or takes them from the store, and measures their accuracy."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from experiments import catalogue
from experiments.compute.strategy import is_chief, scope
from experiments.data import Dataset
from experiments.errors import PieceFailedError
from experiments.networks.building import build_network
from experiments.networks.fitting import (
    compile_for_training,
    fit_resumably,
    save_trained,
    steps_per_epoch,
    steps_per_execution,
)
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.networks.keys import WATCHED, network_key, training_seed
from experiments.networks.overfitting import OverfittingWatch
from experiments.networks.state import load_state
from experiments.networks.trained import TrainedModels, history_of
from experiments.own_code import own_code
from experiments.settings.studies import ImageStudy
from training import Method, Trainer

WEIGHTS = "network.weights.h5"

CHEAP = 10
"""Network passes per image below which several steps run at a time."""


class Networks(TrainedModels[ImageStudy]):
    """The trained networks of one study, by specification and training."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._models: dict[bool, keras.Model] = {}
        self._loaded: dict[bool, tuple[NetworkSpec, int]] = {}

    def get(self, spec: NetworkSpec, run: int) -> keras.Model:
        """The network of a training, trained first if the store does not have it.

        There are two models, one for standard networks and one for the others, which are compared with them: the next
        network of its kind is loaded into the model of the last, so that attacks are traced once, not once a network.
        """
        is_standard = spec == STANDARD
        if self._loaded.get(is_standard) != (spec, run):
            weights = self._trained(spec, run) / WEIGHTS
            if is_standard not in self._models:
                self._models[is_standard] = self.new(run)
            self._loaded.pop(is_standard, None)  # should loading stop half-way
            load_state(self._models[is_standard], weights)
            self._loaded[is_standard] = spec, run
        return self._models[is_standard]

    def history(self, spec: NetworkSpec, run: int) -> dict[str, list[float]]:
        """Of a training, trained first if the store does not have it: per metric one value for each epoch."""
        return history_of(self._trained(spec, run))

    def new(self, run: int = 0) -> keras.Model:
        """An untrained network."""
        return build_network(self.study, self.data(run), training_seed(self.study, run))

    def in_float32(self, network: keras.Model) -> keras.Model:
        """A network of the same weights that computes in float32."""
        exact = build_network(replace(self.study, precision="float32"), self.data(), self.study.seed)
        exact.set_weights(network.get_weights())
        return exact

    def _trained(self, spec: NetworkSpec, run: int) -> Path:
        """The stored network's folder. Workers other than the chief train with it and take what it stores."""
        key = network_key(self.study, self.fingerprint, spec, run)
        if not is_chief(self.settings.strategy):
            return self.store.fetch_as_helper(key, lambda working: self._train(spec, run, working))
        return self.store.fetch(
            key,
            lambda working: self._train(spec, run, working),
            images=lambda: self.study.epochs * len(self.data(run).train_images),
        )

    def _train(self, spec: NetworkSpec, run: int, working: Path) -> None:
        """Trains and saves; a backup after every epoch lets the next call go on where this one ended."""
        study, data, seed = self.study, self.data(run), training_seed(self.study, run)
        steps = steps_per_epoch(len(data.train_images), study.batch_size)
        # Strategies' iterators cannot be used in a loop of steps.
        several = spec.passes < CHEAP and self.settings.strategy == "none"
        at_once = steps_per_execution(steps) if several else 1
        teacher = self._teacher(spec, run)
        with scope(self.settings.strategy):
            network = self.new(run)
            trainer = Trainer(network, method_of(spec, teacher), seed=seed)
            compile_for_training(trainer, study, self.settings.jit_compile, at_once)
            trainer.optimizer.build(network.trainable_variables)
        with own_code("training", spec.method):
            fit_resumably(
                trainer,
                data,
                batch_size=study.batch_size,
                epochs=study.epochs,
                seed=seed,
                working=working,
                progress=self.progress,
                what=f"{spec.name}, training {run + 1}",
                cost=spec.passes,
                watch=_watch(spec, data),
                tensorboard=self.settings.tensorboard_folder(network_key(study, self.fingerprint, spec, run).folder),
            )
        if spec == STANDARD:
            self._refuse_chance(working, data)
        save_trained(network, working / WEIGHTS)

    def _teacher(self, spec: NetworkSpec, run: int) -> keras.Model | None:
        """The network of the same training that the method learns from: a model of its own, trained first."""
        if spec.teacher is None:
            return None
        weights = self._trained(spec.teacher, run) / WEIGHTS
        with scope(self.settings.strategy):
            teacher = self.new(run)
        load_state(teacher, weights)
        return teacher

    def _refuse_chance(self, working: Path, data: Dataset) -> None:
        """A network that learned nothing from clean images is broken; one trained on strong attacks may be right to."""
        accuracy = history_of(working)["accuracy"][-1]
        commonest = np.bincount(data.train_labels).max() / len(data.train_labels)
        if accuracy <= commonest:
            raise PieceFailedError(
                f"{self.study.dataset} {STANDARD.name}",
                f"no better than chance on its own training images after the last epoch (accuracy {accuracy:.3f}, "
                f"commonest class {commonest:.3f}); try another --learning_rate, more --epochs or a larger --width",
            )


def _watch(spec: NetworkSpec, data: Dataset) -> OverfittingWatch | None:
    """Of a training of one step, on its first images."""
    images, labels = (part[: WATCHED["images"]] for part in (data.train_images, data.train_labels))
    return OverfittingWatch(spec.one_step_eps, images, labels) if spec.one_step_eps else None


def method_of(spec: NetworkSpec, teacher: keras.Model | None = None) -> Method:
    """The training method, with its parameters; a loss of the user's own becomes its function.

    Args:
        spec: what to train.
        teacher: the trained network that takes the place of the specification of one.
    """
    parameters = {name: teacher if isinstance(value, NetworkSpec) else value for name, value in spec.parameters}
    if spec.loss and not catalogue.is_built_in(spec.loss):
        parameters["loss"] = catalogue.find("losses", spec.loss)
    with own_code("training", spec.method):
        return catalogue.find("training", spec.method)(**parameters)
