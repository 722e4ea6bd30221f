"""Rankings, occlusions, retrainings and measures of one study."""

import threading
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from experiments import catalogue
from experiments.networks.grid import NetworkSpec
from experiments.networks.keys import retraining_seed
from experiments.networks.runner import Runner
from experiments.own_code import own_code
from experiments.roar.pieces import (
    SECOND_RANDOM,
    Arm,
    Retraining,
    data_key,
    evaluation_key,
    maps_key,
    measure_key,
    retraining_key,
)
from experiments.roar.study import RoarStudy
from experiments.settings.studies import arguments
from measures.occlusion import fill_pixels, mean_colour, pixel_scores, rank_pixels, removed_pixels, roughness

if TYPE_CHECKING:
    import keras

    from experiments.networks.retraining import Retrainer

Images = tuple[np.ndarray, np.ndarray]


class RoarRunner(Runner[RoarStudy]):
    """Threads may call `maps`, `measure` and `retrain` side by side."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._ranks: dict[tuple[Arm, int], Images] = {}
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
    def fill(self) -> np.ndarray:
        return mean_colour(self.data.train_images)

    # Pieces

    def data_facts(self) -> dict[str, np.ndarray]:
        """What a report needs to know of the images."""
        return self.store.fetch_arrays(data_key(self.study, self.fingerprint), self._data_facts)

    def evaluation(self, spec: NetworkSpec) -> dict[str, np.ndarray]:
        """Per test image, whether the network is right: "clean", under each attack and under one-step "fgsm"."""
        key = evaluation_key(self.study, self.fingerprint, spec)
        return self.store.fetch_arrays(key, lambda: self._evaluate(spec))

    def maps(self, arm: Arm) -> dict[str, np.ndarray]:
        """Smoothness and zeros over the test set, and the sample's maps and ranks for the pictures."""
        return self.store.fetch_arrays(maps_key(self.study, self.fingerprint, arm), lambda: self._measure_maps(arm))

    def measure(self, arm: Arm, measure: str) -> np.ndarray:
        """(N,) a measure's value for every test image."""
        key = measure_key(self.study, self.fingerprint, arm, measure)
        return self.store.fetch_arrays(key, lambda: {"values": self._measure(arm, measure)})["values"]

    def retrain(self, retraining: Retraining) -> np.ndarray:
        """(N,) booleans: which test images the retrained network gets right."""
        arrays = self.store.fetch_arrays(
            retraining_key(self.study, self.fingerprint, retraining),
            lambda: self._retrain(retraining),
            images=lambda: self.study.epochs * len(self.data.train_images),
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
            "fill": self.fill,
            "sample_index": self.sample,
            "sample_label": np.array(data.class_names)[data.test_labels[self.sample]],
            "sample_images": data.test_images[self.sample],
        }

    def _evaluate(self, spec: NetworkSpec) -> dict[str, np.ndarray]:
        """In a precision other than float32 also "<attack>_float32": the first attack, made and judged in float32."""
        from experiments.networks.evaluation import right
        from experiments.networks.fitting import use_xla

        study, network = self.study, self.networks.get(spec)
        self.progress.stage(f"{study.dataset}: attacking {spec.name}")
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
            self.progress.advance(2 * len(self.data.test_images) * (1 if name == "fgsm" else study.robust_steps))
        if study.precision != "float32":
            first = study.robust_attacks[0]
            found[f"{first}_float32"] = right(self.networks.in_float32(network), self.data, attacks[first])
        return found

    def _measure_maps(self, arm: Arm) -> dict[str, np.ndarray]:
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

    def _measure(self, arm: Arm, name: str) -> np.ndarray:
        from measures import measure

        function, known = catalogue.find("measures", name), arguments(self.study, "measures", name)
        with self._one_at_a_time:
            network, images = self._network(arm), self.data.test_images
            maps = self._explain(arm, images)
            with own_code("measures", name):
                return measure(function, network, images, self.data.test_labels, maps, seed=self.study.seed, **known)

    def _retrain(self, retraining: Retraining) -> dict[str, np.ndarray]:
        with self._one_at_a_time:
            train_ranks, test_ranks = self._ranked(retraining.arm, retraining.repeat)
        if retraining.percent == self.study.percentiles[0] and retraining.repeat == 0:
            self.progress.stage(f"{self.study.dataset}: retraining, {retraining.occlusion}, {retraining.arm.name}")
        train = self._occluded(self.data.train_images, train_ranks, retraining)
        test = self._occluded(self.data.test_images, test_ranks, retraining)
        seed = retraining_seed(self.study, retraining.repeat)
        name = retraining_key(self.study, self.fingerprint, retraining).name
        return {"correct": self.retrainer(train, test, seed, name)}

    def _occluded(self, images: np.ndarray, ranks: np.ndarray, retraining: Retraining) -> np.ndarray:
        removed = removed_pixels(ranks, retraining.percent, keep=retraining.occlusion == "keep")
        if retraining.occlusion == "mask":
            return np.broadcast_to(np.where(removed, np.float32(-1), np.float32(1))[..., None], images.shape)
        return fill_pixels(images, removed, self.fill)

    def _ranked(self, arm: Arm, repeat: int) -> Images:
        """Pixel ranks of the training and the test images; kept for the retrainings that follow."""
        # A baseline's scores are new in every repetition, a network's are not.
        repeat = repeat if arm.network is None else 0
        if (arm, repeat) not in self._ranks:
            if any(other != arm for other, _ in self._ranks):
                self._ranks.clear()
            train, test = (
                self._rank(arm, images, [self.study.seed, repeat, arm.attribution == SECOND_RANDOM, split])
                for split, images in enumerate((self.data.train_images, self.data.test_images))
            )
            self._ranks[arm, repeat] = train, test
        return self._ranks[arm, repeat]

    def _rank(self, arm: Arm, images: np.ndarray, seed: list[int]) -> np.ndarray:
        if arm.network is None:
            return rank_pixels(np.random.default_rng(seed).random(images.shape[:-1]))
        return rank_pixels(pixel_scores(self._explain(arm, images), self._blur(arm)), seed)

    def _explain(self, arm: Arm, images: np.ndarray) -> np.ndarray:
        from attributions import explain

        method = catalogue.find("attributions", arm.attribution)
        known = arguments(self.study, "attributions", arm.attribution)
        network = self._network(arm)
        with own_code("attributions", arm.attribution):
            return explain(method, network, images, seed=self.study.seed, **known)

    def _network(self, arm: Arm) -> "keras.Model":
        if arm.network is None:
            raise ValueError(f"arm must be of a network. Received: {arm.name}.")
        return self.networks.get(arm.network)

    def _blur(self, arm: Arm) -> float:
        return self.study.blur_sigma if arm.blurred else 0.0
