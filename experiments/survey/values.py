"""The survey's values, labelled: those of attributions' scores, and what maps of noise score.

As `experiments.scores.values`, with the further draws of random pixels among the arms, and by network and measure the
values of maps of noise.
"""

from dataclasses import replace
from itertools import product
from typing import Any

import xarray

from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.scores.arms import arms, other_random_arms
from experiments.scores.declared import without_retraining
from experiments.scores.values import labelled_arms
from experiments.store.labels import gathered, rounded
from measures.null_block_share import null_on_top


def labelled(measured: Measured) -> tuple[xarray.Dataset, dict[str, Any]] | None:
    """As of `experiments.scores.values`."""
    study = replace(measured.study, controls=False)  # but for the further draws of random pixels
    found = labelled_arms(measured._replace(study=study), [*arms(study), *other_random_arms(study)])
    if found is None:
        return None
    arrays, words = found
    names = without_retraining(study)
    labels = product(range(study.training_seeds), enumerate(networks(study)), enumerate(names))
    noise = {
        (run, k, m): measured.values["noise", spec, run, name]
        for run, (k, spec), (m, name) in labels
        if ("noise", spec, run, name) in measured.values
    }
    if noise:
        shape = (study.training_seeds, len(networks(study)), len(names))
        values = rounded(gathered(noise, shape))
        arrays["noise_value"] = (("training", "network", "measure", "measured_image"), values)
    if "sample_image" in arrays and (on_top := null_on_top(measured.values["data"]["sample_images"])) is not None:
        arrays["sample_null_on_top"] = ("sample", on_top)
    return arrays, words
