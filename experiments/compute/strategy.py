"""One training on several devices: `tf.distribute` strategies, by the name of their flag."""

import json
import os
from contextlib import AbstractContextManager, nullcontext
from functools import cache

from experiments.errors import UsageError


@cache
def distribution(name: str):
    """The strategy of a name, None for "none". One per process: workers find each other once.

    Raises:
        UsageError: "multiworker" without TensorFlow's description of the workers in TF_CONFIG.
    """
    import tensorflow as tf

    if name == "mirrored":
        return tf.distribute.MirroredStrategy(tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices())
    if name == "multiworker":
        worker_number()
        return tf.distribute.MultiWorkerMirroredStrategy()
    return None


def scope(name: str) -> AbstractContextManager:
    """Where a network has to be built and compiled, so that `fit` splits each batch over the devices."""
    strategy = distribution(name)
    return strategy.scope() if strategy else nullcontext()


def worker_number() -> int:
    """Of this process among the workers; 0, the chief, stores networks and writes the reports.

    Raises:
        UsageError: TF_CONFIG does not say.
    """
    try:
        return int(json.loads(os.environ["TF_CONFIG"])["task"]["index"])
    except (KeyError, ValueError, TypeError) as error:
        raise UsageError(
            "--strategy: multiworker needs the environment variable TF_CONFIG, which names all workers and this one: "
            '{"cluster": {"worker": ["host:port", ...]}, "task": {"type": "worker", "index": 0}}.'
        ) from error


def is_chief(name: str) -> bool:
    return name != "multiworker" or worker_number() == 0
