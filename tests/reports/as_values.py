"""Made-up measurements as values, for tests of what the reports make of them."""

import numpy as np

from experiments.boundary.values import MEASURES, PICTURES
from experiments.measurement import Measured, measurement_named
from experiments.store.values import Values

PROVENANCE = {
    "command": "python main.py --output_dir=out",
    "commit": "abc1234",
    "finished": "2026-01-01 00:00 UTC",
    "seconds": 1.0,
    "python": "3.11",
    "machine": "made up",
    "processor": "made up",
    "accelerators": "none",
}


def as_values(measured: Measured, measurement: str, section: str) -> Values:
    """What a run would leave whose pieces gave these.

    Args:
        measured: values by the pieces' names.
        measurement: a folder of experiments/.
        section: of the report, for which it was measured.
    """
    labelled = measurement_named(measurement).arrays(measured)
    assert labelled is not None
    arrays, words = labelled
    return Values(
        measurement=measurement,
        dataset=measured.study.dataset,
        sections=(section,),
        preset="quick",
        settings=measured.study.as_dict(),
        words=words,
        images="",
        provenance=PROVENANCE,
        declared=[],
        missing=[],
        artefacts={},
        arrays=arrays,
    )


def made_up_strength(seeds: int = 2) -> dict[str, np.ndarray]:
    """What the toy's piece gives at one training strength: nothing but ones."""
    pictures = {name: np.ones([2] * len(dimensions)) for name, dimensions in PICTURES.items()}
    return {**{name: np.ones(seeds) for name in MEASURES}, **pictures, "labels": np.array([0, 1])}
