"""What a run would train, and how much of that is stored already. Loads no TensorFlow."""

import math
from collections import Counter

from experiments import keys
from experiments.artefacts import Store
from experiments.grid import NetworkSpec, cells, networks
from experiments.settings import TRAIN_IMAGES, Settings, Study


def describe(settings: Settings, store: Store) -> str:
    """The plan as text: a line per network, and one per series of retrainings."""
    return "\n\n".join(_describe_study(study, store) for study in settings.studies)


def _describe_study(study: Study, store: Store) -> str:
    specs, grid = networks(study), cells(study)
    stored_specs = [spec for spec in specs if keys.network_key(study, spec) in store]
    stored_cells = [cell for cell in grid if keys.cell_key(study, cell) in store]
    series = Counter((cell.arm, cell.metric) for cell in grid)
    stored_series = Counter((cell.arm, cell.metric) for cell in stored_cells)
    percents = ",".join(map(str, study.percentiles))
    return "\n".join(
        [
            f"{study.dataset}: {len(specs)} networks ({len(stored_specs)} stored), "
            f"{len(grid)} retrainings ({len(stored_cells)} stored)",
            *(f"  network     {spec.name}{' (stored)' * (spec in stored_specs)}" for spec in specs),
            *(
                f"  retrainings {metric} {arm.name}: {percents} % x {study.repeats} = {count} "
                f"({stored_series[arm, metric]} stored)"
                for (arm, metric), count in series.items()
            ),
            _cost(study, specs, len(grid), len(stored_specs), len(stored_cells)),
        ]
    )


def _cost(study: Study, specs: list[NetworkSpec], retrainings: int, stored_specs: int, stored_retrainings: int) -> str:
    images = study.train_size or TRAIN_IMAGES.get(study.dataset)
    if images is None:
        return f"  {study.epochs} epochs each; the number of steps is known once {study.dataset} is loaded"
    steps = study.epochs * math.ceil(images / study.batch_size)
    left = (len(specs) - stored_specs + retrainings - stored_retrainings) * steps
    return (
        f"  {steps:,} optimiser steps each, {left:,} to do; "
        f"adversarial training adds {study.attack_steps} attack steps to each of its own"
    )
