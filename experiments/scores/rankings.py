"""In which order an arm ranks the pixels of a training's images, and whose ranks each image gets."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from experiments.data import Dataset
from experiments.partners import partners
from experiments.scores.arms import Arm
from experiments.scores.study import MEAN, ScoresStudy
from experiments.settings.studies import MOST_REPEATS
from measures.occlusion import pixel_scores, rank_pixels


class Ranked(NamedTuple):
    """The pixels of some images, ranked.

    Attributes:
        ranks: (N, H, W), as `rank_pixels` gives them.
        counted: (N,) booleans, or None for all: without an image that has no other of its predicted class.
    """

    ranks: np.ndarray
    counted: np.ndarray | None


class Rankings:
    """Keeps the ranks of the last arm's maps for the retrainings that follow. One thread at a time may call it.

    Args:
        study: whose arms rank.
        data: training -> its images.
        explain: arm, training, images -> (N, H, W, C) maps.
        predict: arm, training, images -> (N,) classes that the arm's network says.
    """

    def __init__(
        self,
        study: ScoresStudy,
        data: Callable[[int], Dataset],
        explain: Callable[[Arm, int, np.ndarray], np.ndarray],
        predict: Callable[[Arm, int, np.ndarray], np.ndarray],
    ):
        self.study, self.data, self.explain, self.predict = study, data, explain, predict
        self._own: dict[tuple[Arm, int, int], list[np.ndarray]] = {}
        self._partners: dict[tuple[Arm, int], list[np.ndarray]] = {}

    def of(self, arm: Arm, run: int, repeat: int) -> list[Ranked]:
        """The training images of a training, then the test images, ranked by an arm."""
        own = self._own_ranks(replace(arm, baseline="", fill=MEAN), run, repeat)
        if not arm.baseline:
            return [Ranked(ranks, None) for ranks in own]
        return [_exchanged(*split) for split in zip(own, self._partners_of(arm, run), strict=True)]

    def _own_ranks(self, arm: Arm, run: int, repeat: int) -> list[np.ndarray]:
        # Random scores are new in every repetition, a network's are not.
        repeat = repeat if arm.network is None else 0
        key = arm, run, repeat
        if key not in self._own:
            if any(other[:2] != key[:2] for other in self._own):
                self._own.clear()
                self._partners.clear()
            seed = self.study.seed, MOST_REPEATS * run + repeat, max(arm.draw - 1, 0)
            self._own[key] = [
                self._rank(arm, run, images, [*seed, split]) for split, images in enumerate(self._images(run))
            ]
        return self._own[key]

    def _rank(self, arm: Arm, run: int, images: np.ndarray, seed: list[int]) -> np.ndarray:
        if arm.network is None:
            return rank_pixels(np.random.default_rng(seed).random(images.shape[:-1]))
        return rank_pixels(pixel_scores(self.explain(arm, run, images), arm.blur), seed)

    def _partners_of(self, arm: Arm, run: int) -> list[np.ndarray]:
        """The same for all percentages and occlusions, and every repetition."""
        if (arm, run) not in self._partners:
            self._partners[arm, run] = [
                partners(
                    self.predict(arm, run, images) if arm.baseline == "matched" else np.zeros(len(images), int),
                    np.random.default_rng([self.study.seed, run, split, 0, 1]),
                )
                for split, images in enumerate(self._images(run))
            ]
        return self._partners[arm, run]

    def _images(self, run: int) -> tuple[np.ndarray, np.ndarray]:
        data = self.data(run)
        return data.train_images, data.test_images


def _exchanged(ranks: np.ndarray, other: np.ndarray) -> Ranked:
    counted = other != np.arange(len(other))
    return Ranked(ranks[other], None if counted.all() else counted)
