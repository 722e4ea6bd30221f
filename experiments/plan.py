"""What a run would train, and how much of that is stored already. Loads no TensorFlow."""

import math
from collections import Counter

from experiments import keys
from experiments.artefacts import Store
from experiments.grid import cells, networks, training_eps
from experiments.settings import LOSSES, TRAIN_IMAGES, BoundaryStudy, Settings, Study


def describe(settings: Settings, store: Store) -> str:
    """The plan as text: per data set a line per network, and per series of retrainings or per VAE-GAN."""
    describe_study = {"manifold": _vae_gan, "boundary": _toy, "roar": _retrainings, "tradeoff": _nothing_new}
    lines = [settings.experiment]
    for study in settings.studies:
        lines += [f"  {study.dataset}:", *describe_study[settings.experiment](study, store)]
    return "\n".join(lines)


def _networks(study: Study, store: Store) -> list[str]:
    specs = networks(study)
    stored = [spec for spec in specs if keys.network_key(study, spec) in store]
    return [
        f"    {len(specs)} networks ({len(stored)} stored){_steps(study, len(specs) - len(stored))}; "
        f"adversarial training adds {study.attack_steps} attack steps to each of its own",
        *(f"      {spec.name}{' (stored)' * (spec in stored)}" for spec in specs),
    ]


def _retrainings(study: Study, store: Store) -> list[str]:
    grid = cells(study)
    stored = [cell for cell in grid if keys.cell_key(study, cell) in store]
    series = Counter((cell.arm, cell.metric) for cell in grid)
    stored_series = Counter((cell.arm, cell.metric) for cell in stored)
    percents = ",".join(map(str, study.percentiles))
    return [
        *_networks(study, store),
        f"    {len(grid)} retrainings ({len(stored)} stored){_steps(study, len(grid) - len(stored))}",
        *(
            f"      {metric} {arm.name}: {percents} % x {study.repeats} = {count} ({stored_series[arm, metric]} stored)"
            for (arm, metric), count in series.items()
        ),
    ]


def _nothing_new(study: Study, store: Store) -> list[str]:
    grid = cells(study)
    stored = sum(keys.cell_key(study, cell) in store for cell in grid)
    return [f"    nothing of its own: it reads roar's {len(grid)} retrainings ({stored} stored)"]


def _vae_gan(study: Study, store: Store) -> list[str]:
    stored = " (stored)" * (keys.vae_gan_key(study) in store)
    return [
        *_networks(study, store),
        f"    1 VAE-GAN, {study.vae_gan_epochs} epochs on the whole training set{stored}",
        f"    {len(networks(study)) * len(LOSSES)} attacks of {study.manifold_steps} steps on every test image",
    ]


def _toy(study: BoundaryStudy, store: Store) -> list[str]:
    stored = [eps for eps in training_eps(study) if keys.boundary_key(study, eps) in store]
    strengths = ", ".join(f"{eps:g}{' (stored)' * (eps in stored)}" for eps in training_eps(study))
    return [f"    {study.toy_seeds} small networks at each training strength: eps {strengths}"]


def _steps(study: Study, trainings: int) -> str:
    images = study.train_size or TRAIN_IMAGES.get(study.dataset)
    if images is None:
        return f", {study.epochs} epochs each"
    steps = study.epochs * math.ceil(images / study.batch_size)
    return f", {steps:,} optimiser steps each, {trainings * steps:,} to do"
