"""Trains the networks of a study, or takes them from the store, and measures their accuracy."""

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from attacks import ProjectedGradientDescent, attack_in_batches
from experiments import keys
from experiments.artefacts import Store
from experiments.data import Dataset
from experiments.errors import CellFailedError
from experiments.grid import STANDARD, NetworkSpec
from experiments.predictions import predictions
from experiments.progress import Progress
from experiments.settings import Settings, Study
from experiments.strategy import is_chief, scope
from experiments.training import (
    build_network,
    compile_for_training,
    fit_resumably,
    save_trained,
    steps_per_epoch,
    steps_per_execution,
    use_xla,
)
from experiments.work import work_per_image
from models import AdversarialTrainer


class Networks:
    """The trained networks of one study, by specification.

    Args:
        study: what to train.
        data: what to train on.
        store: where finished networks are kept.
        progress: told of every optimiser step.
        settings: of the whole run.
    """

    def __init__(self, study: Study, data: Dataset, store: Store, progress: Progress, settings: Settings):
        self.study, self.data, self.store, self.progress = study, data, store, progress
        self.settings = settings
        self._loaded: dict[NetworkSpec, keras.Model] = {}

    def get(self, spec: NetworkSpec) -> keras.Model:
        """The network, trained first if the store does not have it."""
        if spec not in self._loaded:
            network = build_network(self.study, self.data, self.study.seed)
            network.load_weights(self._trained(spec) / "network.weights.h5")
            # Only the standard one, which others are compared with, outlives the next: a grid has dozens.
            kept = {other: model for other, model in self._loaded.items() if other == STANDARD}
            self._loaded = {**kept, spec: network}
        return self._loaded[spec]

    def _trained(self, spec: NetworkSpec) -> Path:
        """The stored network's folder. Workers other than the chief train with it and take what it stores."""
        key = keys.network_key(self.study, spec)
        if not is_chief(self.settings.strategy):
            return self.store.fetch_as_helper(key, lambda working: self._train(spec, working))
        images = self.study.epochs * len(self.data.train_images)
        return self.store.fetch(key, lambda working: self._train(spec, working), lambda: images)

    def training_attack(self, spec: NetworkSpec) -> ProjectedGradientDescent | None:
        """The attack a network is trained on; None for the standard one."""
        if spec.norm is None:
            return None
        step = self.study.l2_step_size if spec.norm == "l2" else self.study.linf_step_size
        return self._attack(norm=spec.norm, eps=spec.eps, loss=spec.loss, step_size=step, steps=self.study.attack_steps)

    def _attack(self, **arguments) -> ProjectedGradientDescent:
        return ProjectedGradientDescent(**arguments, jit_compile=use_xla(self.settings.jit_compile))

    def _train(self, spec: NetworkSpec, working: Path) -> None:
        """Trains and saves; a backup after every epoch lets the next call go on where this one ended."""
        study = self.study
        steps = steps_per_epoch(len(self.data.train_images), study)
        # Strategies' iterators cannot be used in a loop of steps.
        several = spec == STANDARD and self.settings.strategy == "none"
        at_once = steps_per_execution(steps) if several else 1
        with scope(self.settings.strategy):
            network = build_network(study, self.data, study.seed)
            trainer = AdversarialTrainer(network, attack=self.training_attack(spec), seed=study.seed)
            compile_for_training(trainer, study, self.settings.jit_compile, at_once)
            trainer.optimizer.build(network.trainable_variables)
        work = work_per_image(study, spec)
        log = self.settings.tensorboard_folder(keys.network_key(study, spec).folder)
        fit_resumably(trainer, self.data, study, study.epochs, working, self.progress, spec.name, work, log)
        if spec == STANDARD:
            self._refuse_chance(working)
        save_trained(network, working / "network.weights.h5")

    def _refuse_chance(self, working: Path) -> None:
        """A network that learned nothing from clean images is broken; one trained on strong attacks may be right to."""
        accuracy = json.loads((working / "history.json").read_text())["accuracy"][-1]
        commonest = np.bincount(self.data.train_labels).max() / len(self.data.train_labels)
        if accuracy <= commonest:
            raise CellFailedError(
                f"{self.study.dataset} {STANDARD.name}",
                f"no better than chance on its own training images after the last epoch (accuracy {accuracy:.3f}, "
                f"commonest class {commonest:.3f}); try another --learning_rate, more --epochs or a larger --width",
            )

    def evaluate(self, spec: NetworkSpec) -> dict[str, np.ndarray]:
        """Per test image, whether the network is right: "clean", under "pgd" and under one-step "fgsm".

        In a precision other than float32 also "pgd_float32": the same attack, made and judged in float32.
        """
        network = self.get(spec)
        self.progress.stage(f"{self.study.dataset}: attacking {spec.name}")
        images, labels = self.data.test_images, self.data.test_labels
        eps = self.study.robust_eps
        pgd = self._attack(norm="l2", eps=eps, step_size=self.study.l2_step_size, steps=self.study.robust_steps)
        fgsm = self._attack(norm="l2", eps=eps, step_size=eps, steps=1)

        def right(network: keras.Model, attack) -> np.ndarray:
            return predictions(network, attack_in_batches(attack, network, images, labels)) == labels

        found = {
            "clean": predictions(network, images) == labels,
            "pgd": right(network, pgd),
            "fgsm": right(network, fgsm),
        }
        if self.study.precision == "float32":
            return found
        return {**found, "pgd_float32": right(self._in_float32(network), pgd)}

    def _in_float32(self, network: keras.Model) -> keras.Model:
        exact = build_network(replace(self.study, precision="float32"), self.data, self.study.seed)
        exact.set_weights(network.get_weights())
        return exact
