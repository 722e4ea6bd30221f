"""Everything that one ROAR / KAR study measured, as arrays, before any statistics."""

from dataclasses import dataclass

import numpy as np

from experiments.errors import AbsentError
from experiments.grid import Arm, NetworkSpec
from experiments.settings import Study


@dataclass(frozen=True)
class Measurements:
    """What the retrainings and evaluations of one study gave.

    Attributes:
        study: what was run.
        data: "train_images", "test_images" (counts), "chance" (accuracy of always naming the training
            set's commonest class), "fill" (mean colour), and the sample shown in pictures:
            "sample_index", "sample_label", "sample_images".
        evaluations: per network, booleans over test images: "clean", "pgd", "fgsm".
        correct: per arm and metric ("roar", "kar", "mask"), booleans (repetitions, percentiles, images); only
            series that are whole.
        maps: per arm of a network: "roughness", "zero_pixels", "zero_images", "sample_maps", "sample_ranks".
        missing: what could not be had, and why.
    """

    study: Study
    data: dict[str, np.ndarray]
    evaluations: dict[NetworkSpec, dict[str, np.ndarray]]
    correct: dict[tuple[Arm, str], np.ndarray]
    maps: dict[Arm, dict[str, np.ndarray]]
    missing: list[AbsentError]
