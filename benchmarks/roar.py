"""ROAR and KAR: one network's retrainings against their training steps alone, and against the plain way."""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Comparison, compare


def run() -> list[Comparison]:
    import tensorflow as tf

    from experiments.compute.executor import gather
    from experiments.compute.progress import Progress
    from experiments.data import load_dataset
    from experiments.networks.fitting import steps_per_epoch
    from experiments.networks.grid import STANDARD
    from experiments.networks.retraining import Retrainer
    from experiments.scores.pieces import Arm, retrainings
    from experiments.scores.runner import ScoresRunner
    from experiments.settings.presets import make_settings
    from experiments.store.artefacts import Store

    settings = make_settings("roar", "quick")
    (study,) = settings.studies
    data = load_dataset(study.dataset, study.train_size, study.test_size)
    progress = Progress(quiet=True)
    retrain = Retrainer(study, data, progress)
    steps = study.epochs * steps_per_epoch(len(data.train_images), study.batch_size)
    batch = (tf.constant(data.train_images[: study.batch_size]), tf.constant(data.train_labels[: study.batch_size]))
    bare_step = tf.function(retrain.trainer.train_step)

    def steps_alone(times: int) -> None:
        for _ in range(times * steps):
            logs = bare_step(batch)
        logs["loss"].numpy()

    comparisons = compare(
        f"one retraining, quick preset, {steps} steps",
        {
            "ours": lambda: retrain(data.train_images, data.train_labels, data.test_images, seed=0),
            "its training steps alone": lambda: steps_alone(1),
            "the plain way": lambda: _plainly(study, data),
        },
        1,
        "retrainings",
    )

    arms = [Arm(STANDARD, attribution) for attribution in study.attributions]
    of_one = [retraining for arm in arms for retraining in retrainings(study, arm, 0)]
    with tempfile.TemporaryDirectory() as folder:
        trained = ScoresRunner(study, settings, Store(folder), progress).networks
        trained.get(STANDARD, 0)

        def whole_network() -> None:
            """Attributions, ranks, occlusions, retrainings and results, from a store that has the network alone."""
            with tempfile.TemporaryDirectory() as fresh:
                runner = ScoresRunner(study, settings, Store(fresh), progress)
                runner.__dict__["networks"] = trained
                tasks = {retraining: partial(ScoresRunner.retrain, retraining=retraining) for retraining in of_one}
                gather(runner, tasks, settings.jobs)

        return comparisons + compare(
            f"all {len(of_one)} retrainings of one network, quick preset, {settings.jobs} jobs",
            {"ours": whole_network, "their training steps alone": lambda: steps_alone(len(of_one))},
            len(of_one),
            "retrainings",
        )


def _plainly(study, data) -> np.ndarray:
    """As the authors' code does it: an occluded copy of the data on disk, and a new network and graph each time."""
    import keras

    from experiments.networks.building import build_network

    with tempfile.TemporaryDirectory() as folder:
        for name, images in (("train", data.train_images), ("test", data.test_images)):
            np.save(Path(folder) / f"{name}.npy", images)
        train, test = np.load(Path(folder) / "train.npy"), np.load(Path(folder) / "test.npy")
    network = build_network(study, data, seed=0)
    network.compile(
        optimizer=keras.optimizers.Adam(study.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    network.fit(train, data.train_labels, batch_size=study.batch_size, epochs=study.epochs, verbose=0)
    return network.predict(test, verbose=0).argmax(-1) == data.test_labels
