"""Time against the number of images, steps and retrainings; memory against the number of retrainings."""

import os
import time

import numpy as np
import psutil


def facts() -> dict:
    return {**_attack(), **_retrainings()}


def _attack() -> dict:
    import tensorflow as tf

    from attacks import ProjectedGradientDescent
    from models import cifar_cnn

    network = cifar_cnn(width=0.5, seed=0)
    rng = np.random.default_rng(0)
    rows = {}
    for images, steps in ((100, 10), (200, 10), (400, 10), (100, 20), (100, 40)):
        attack = ProjectedGradientDescent(norm="l2", eps=1.0, step_size=0.2, steps=steps)
        x = tf.constant(rng.uniform(-1, 1, (images, 32, 32, 3)).astype(np.float32))
        y = tf.constant(rng.integers(10, size=images))
        seconds = _fastest(lambda attack=attack, x=x, y=y: attack(network, x, y).numpy())
        rows[f"attack, {images} images, {steps} steps, ms per image and step"] = 1000 * seconds / (images * steps)
    return rows


def _retrainings() -> dict:
    from experiments.compute.progress import Progress
    from experiments.data import load_dataset
    from experiments.networks.retraining import Retrainer
    from experiments.settings.presets import make_settings

    (study,) = make_settings("roar", "quick").studies
    data = load_dataset(study.dataset, study.train_size, study.test_size)
    retrain = Retrainer(study, data, Progress(quiet=True))
    retrain(data.train_images, data.train_labels, data.test_images, seed=0)
    rows, process = {}, psutil.Process(os.getpid())
    for count in (10, 20, 40):
        started = time.perf_counter()
        for seed in range(count):
            retrain(data.train_images, data.train_labels, data.test_images, seed=seed % study.repeats)
        rows[f"{count} retrainings, seconds each"] = (time.perf_counter() - started) / count
        rows[f"memory after another {count} retrainings, GiB"] = process.memory_info().rss / 2**30
    return rows


def _fastest(run, times: int = 5) -> float:
    run()
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return min(seconds)
