"""What one ROAR retraining costs beyond its training steps.

    python -m benchmarks.retraining_overhead

Whole retrainings (reset, data pipeline, fit, test) and the same number of bare training steps on
a batch already in memory run alternately, so that a noisy machine slows both alike.
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

from experiments.data import load_dataset
from experiments.progress import Progress
from experiments.retraining import Retrainer
from experiments.settings import make_settings
from experiments.training import steps_per_epoch

ROUNDS = 7


def main() -> None:
    (study,) = make_settings("roar", "quick").studies
    data = load_dataset(study.dataset, study.train_size, study.test_size)
    retrain = Retrainer(study, data, Progress(quiet=True))
    steps = study.epochs * steps_per_epoch(len(data.train_images), study)
    batch = (tf.constant(data.train_images[: study.batch_size]), tf.constant(data.train_labels[: study.batch_size]))
    bare_step = tf.function(retrain.trainer.train_step)

    def timed(work) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    def whole() -> None:
        retrain(data.train_images, data.test_images, seed=0)

    def bare() -> None:
        for _ in range(steps):
            logs = bare_step(batch)
        logs["loss"].numpy()

    whole(), bare()  # traced and warm
    pairs = [(timed(whole), timed(bare)) for _ in range(ROUNDS)]
    overheads = sorted(a - b for a, b in pairs)
    print(f"{steps} steps: whole {statistics.median(a for a, _ in pairs):.2f} s, ", end="")
    print(f"bare {statistics.median(b for _, b in pairs):.2f} s, ", end="")
    print(f"overhead median {statistics.median(overheads):.2f} s, from {overheads[0]:.2f} to {overheads[-1]:.2f} s")


if __name__ == "__main__":
    main()
