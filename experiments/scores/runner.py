"""Rankings, occlusions, retrainings and measures of one study."""

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments import catalogue
from experiments.data import stratified_subset
from experiments.errors import UsageError
from experiments.networks.grid import NetworkSpec
from experiments.networks.keys import retraining_seed
from experiments.networks.runner import Runner
from experiments.own_code import own_code
from experiments.scores.arms import Arm, Retraining
from experiments.scores.declared import attack_steps, attribution_passes, measure_passes, measured_images, needs_of
from experiments.scores.keys import data_key, evaluation_key, maps_key, measure_key, overfitting_key, retraining_key
from experiments.scores.rankings import Rankings
from experiments.scores.study import MEAN, ScoresStudy
from experiments.settings.studies import arguments
from experiments.store.labels import NOT_MEASURED
from measures.occlusion import (
    fill_pixels,
    pixel_scores,
    rank_likeness,
    rank_pixels,
    removed_pixels,
    roughness,
)

if TYPE_CHECKING:
    import keras

    from experiments.networks.retraining import Retrainer

Images = tuple[np.ndarray, np.ndarray]

CHEAP = 10
"""Network passes per image below which an attribution takes large batches."""

SATURATED = 0.98
"""Absolute value from which a pixel counts as black or white."""


class ScoresRunner(Runner[ScoresStudy]):
    """Threads may call `maps`, `measure` and `retrain` side by side."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._rankings = Rankings(self.study, self.data_of, self._explain, self._predict)
        self._maps: dict[tuple[Arm, int], np.ndarray] = {}
        self._one_at_a_time = threading.RLock()  # networks and ranks are shared
        self._own = threading.local()

    @property
    def retrainer(self) -> "Retrainer":
        """The calling thread's own."""
        from experiments.networks.retraining import Retrainer

        if not hasattr(self._own, "retrainer"):
            self._own.retrainer = Retrainer(self.study, self.data, self.progress, self.settings.jit_compile)
        return self._own.retrainer

    @cached_property
    def measured(self) -> Images:
        """Images and labels that measures without retraining are computed on."""
        count = measured_images(self.study, len(self.data.test_labels))
        some = stratified_subset(self.data.test_labels, count, self.study.seed)
        return self.data.test_images[some], self.data.test_labels[some]

    def manifold(self, run: int) -> Any:
        """What a training's measures take the images' manifold to be; experiments that derive from this have one."""
        return None

    def check(self) -> dict[str, str]:
        """Also tries every attribution and measure on a few images and an untrained network: not every one fits.

        Raises:
            UsageError: an attribution cannot explain the study's network, or a measure has no use for the study.
        """
        from attributions import explain
        from experiments.networks.checks import BATCH, try_measure

        misfits = super().check()
        network, (images, labels) = self.networks.new(), (values[:BATCH] for values in self.measured)
        for name in filter(catalogue.is_built_in, self.study.attributions):
            try:
                explain(name, network, images, **arguments(self.study, "attributions", name))
            except ValueError as error:
                misfits[name] = f"{name} does not fit --network={self.study.network}: {error}"
        if misfits and not set(catalogue.everything("attributions")) <= set(self.study.attributions):
            raise UsageError(f"--attributions: {next(iter(misfits.values()))}")
        for name in filter(catalogue.is_built_in, self.study.measures):
            try:
                try_measure(self.study, name, network, images, labels, self.new_manifold)
            except ValueError as error:
                raise UsageError(f"--measures: {name} does not fit this run: {error}") from error
        return misfits

    def without(self, attributions: Collection[str]) -> "ScoresRunner":
        """Of the same study without some of its attributions."""
        left = tuple(name for name in self.study.attributions if name not in attributions)
        return type(self)(replace(self.study, attributions=left), self.settings, self.store, self.progress)

    # Pieces

    def data_facts(self) -> dict[str, np.ndarray]:
        """What a report needs to know of the images."""
        return self.store.fetch_arrays(data_key(self.study, self.fingerprint), self._data_facts)

    def evaluation(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        """Per test image, whether the network is right: "clean", under each attack and under one-step "fgsm"."""
        key = evaluation_key(self.study, self.fingerprint, spec, run)
        return self.store.fetch_arrays(key, lambda: self._evaluate(spec, run))

    def overfitting(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        """(epochs,) accuracies of a training of one step, "one_step" and "several_steps"."""
        key = overfitting_key(self.study, self.fingerprint, spec, run)
        return self.store.fetch_arrays(key, lambda: self._overfitting(spec, run))

    def maps(self, arm: Arm, run: int) -> dict[str, np.ndarray]:
        """Smoothness, zeros and likeness to the first attribution, and the sample for the pictures."""
        key = maps_key(self.study, self.fingerprint, arm, run)
        return self.store.fetch_arrays(key, lambda: self._measure_maps(arm, run))

    def measure(self, arm: Arm, run: int, measure: str) -> np.ndarray:
        """(N,) a measure's value for every test image."""
        key = measure_key(self.study, self.fingerprint, arm, run, measure)
        return self.store.fetch_arrays(key, lambda: {"values": self._measure(arm, run, measure)})["values"]

    def retrain(self, retraining: Retraining) -> np.ndarray:
        """(N,) which test images the retrained network gets right; -1 for one that the arm does not count."""
        arrays = self.store.fetch_arrays(
            retraining_key(self.study, self.fingerprint, retraining),
            lambda: self._retrain(retraining),
            images=lambda: self.study.epochs * len(self.data_of(retraining.run).train_images),
        )
        return arrays["correct"]

    # How they are made

    def _data_facts(self) -> dict[str, np.ndarray]:
        data = self.data
        commonest = np.bincount(data.train_labels).argmax()
        return {
            "train_images": np.array(len(data.train_images)),
            "test_images": np.array(len(data.test_images)),
            "chance": np.mean(data.test_labels == commonest),
            "saturated": np.mean(np.abs(data.test_images) > SATURATED),
            "sample_index": self.sample,
            "sample_label": np.array(data.class_names)[data.test_labels[self.sample]],
            "sample_images": data.test_images[self.sample],
        }

    def _evaluate(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        """In a precision other than float32 also "<attack>_float32": the first attack, made and judged in float32."""
        from experiments.networks.evaluation import right
        from experiments.networks.fitting import use_xla

        study, network = self.study, self.networks.get(spec, run)
        self.progress.stage(f"{study.dataset}: attacking {spec.name}, training {run + 1}")
        common = {"norm": "l2", "eps": study.robust_eps, "jit_compile": use_xla(self.settings.jit_compile)}
        attacks = {
            name: catalogue.find("robust_attacks", name)(**common, **arguments(study, "robust_attacks", name))
            for name in study.robust_attacks
        }
        one_step = catalogue.find("robust_attacks", "pgd")(**common, step_size=study.robust_eps, steps=1)
        found = {"clean": right(network, self.data)}
        for name, attack in {**attacks, "fgsm": one_step}.items():
            with own_code("robust_attacks", name):
                found[name] = right(network, self.data, attack)
            steps = 1 if name == "fgsm" else attack_steps(study, name)
            self.progress.advance(2 * len(self.data.test_images) * steps)
        if study.precision != "float32":
            first = study.robust_attacks[0]
            found[f"{first}_float32"] = right(self.networks.in_float32(network), self.data, attacks[first])
        return found

    def _overfitting(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        from experiments.networks.overfitting import ONE_STEP, SEVERAL_STEPS

        history = self.networks.history(spec, run)
        return {"one_step": np.array(history[ONE_STEP]), "several_steps": np.array(history[SEVERAL_STEPS])}

    def _measure_maps(self, arm: Arm, run: int) -> dict[str, np.ndarray]:
        with self._one_at_a_time:
            maps = self._explain(arm, run, self.data.test_images)
            if not arm.blur:
                self.progress.advance(attribution_passes(self.study, arm.attribution) * len(maps))
            first = self._explain(Arm(arm.network, self.study.attributions[0]), run, self.data.test_images)
        scores = pixel_scores(maps, arm.blur)
        zero = pixel_scores(maps) == 0
        return {
            "roughness": np.array(roughness(scores)),
            "zero_pixels": zero.mean(),
            "zero_images": zero.all(axis=(1, 2)).mean(),
            "likeness": rank_likeness(scores, pixel_scores(first)),
            "sample_maps": maps[self.sample].sum(axis=-1),
            "sample_ranks": rank_pixels(scores[self.sample], [self.study.seed]),
        }

    def _measure(self, arm: Arm, run: int, name: str) -> np.ndarray:
        with self._one_at_a_time:
            explain = partial(self._explain_network, arm.attribution)
            values = self.values(name, self._network(arm, run), run, explain, self._maps_of(arm, run))
        self.progress.advance((measure_passes(self.study, name, arm.attribution) or 0) * len(values))
        return values

    def values(self, name: str, network: "keras.Model", run: int, explain: Callable, maps: np.ndarray) -> np.ndarray:
        """(N,) a measure's value for the maps of every measured image; `explain` is how more of them are had."""
        from measures import measure

        images, labels = self.measured
        known = arguments(self.study, "measures", name)
        known |= {"explain": explain, "manifold": self.manifold(run) if "manifold" in needs_of(name) else None}
        function = catalogue.find("measures", name)
        with own_code("measures", name):
            return measure(function, network, images, labels, maps, seed=self.study.seed, **known)

    def _maps_of(self, arm: Arm, run: int) -> np.ndarray:
        """Of the measured images; kept for the measures that follow."""
        if (arm, run) not in self._maps:
            self.progress.stage(f"{self.study.dataset}: measures of {arm.name}, training {run + 1}")
            self._maps = {(arm, run): self._explain(arm, run, self.measured[0])}
        return self._maps[arm, run]

    def _retrain(self, retraining: Retraining) -> dict[str, np.ndarray]:
        arm, run = retraining.arm, retraining.run
        with self._one_at_a_time:
            train, test = self._rankings.of(arm, run, retraining.repeat)
        if retraining.percent == self.study.percentiles[0] and retraining.repeat == 0:
            told = f"{retraining.occlusion}, {arm.name}, training {run + 1}"
            self.progress.stage(f"{self.study.dataset}: retraining, {told}")
        data = self.data_of(run)
        images, labels = self._occluded(data.train_images, train.ranks, retraining, split=0), data.train_labels
        if train.counted is not None:
            images, labels = images[train.counted], labels[train.counted]
        seed = retraining_seed(self.study, run, retraining.repeat)
        name = retraining_key(self.study, self.fingerprint, retraining).name
        said = self.retrainer(images, labels, self._occluded(data.test_images, test.ranks, retraining, 1), seed, name)
        correct = said == data.test_labels
        return {"correct": correct if test.counted is None else np.where(test.counted, correct, NOT_MEASURED)}

    def _occluded(self, images: np.ndarray, ranks: np.ndarray, retraining: Retraining, split: int) -> np.ndarray:
        removed = removed_pixels(ranks, retraining.percent, keep=retraining.occlusion == "keep")
        if retraining.occlusion == "mask":
            return np.broadcast_to(np.where(removed, np.float32(-1), np.float32(1))[..., None], images.shape)
        if retraining.arm.fill == MEAN:
            return fill_pixels(images, removed, self.training_images(retraining.run)["fill"])
        # TensorFlow is not needed where everything is stored.
        from measures.imputation import impute_noisily

        return impute_noisily(images, removed, [self.study.seed, retraining.run, split, 0, 2])

    def _explain(self, arm: Arm, run: int, images: np.ndarray) -> np.ndarray:
        return self._explain_network(arm.attribution, self._network(arm, run), images)

    def _explain_network(self, attribution: str, network: "keras.Model", images: np.ndarray) -> np.ndarray:
        from attributions import explain

        method = catalogue.find("attributions", attribution)
        known = arguments(self.study, "attributions", attribution)
        size = 500 if attribution_passes(self.study, attribution) < CHEAP else 100  # Ctrl-C is heard between batches
        with own_code("attributions", attribution):
            return explain(method, network, images, seed=self.study.seed, batch_size=size, **known)

    def _predict(self, arm: Arm, run: int, images: np.ndarray) -> np.ndarray:
        from experiments.networks.predictions import predictions

        return predictions(self._network(arm, run), images)

    def _network(self, arm: Arm, run: int) -> "keras.Model":
        if arm.network is None:
            raise ValueError(f"arm must be of a network. Received: {arm.name}.")
        return self.networks.get(arm.network, run)


RUNNER = ScoresRunner
