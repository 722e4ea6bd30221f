"""Runs candidates alternately, so that a noisy machine slows all alike, and compares them pair by pair."""

import gc
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import psutil

ROUNDS = 3


@dataclass(frozen=True)
class Comparison:
    """How long ours and something else took for the same work, round by round.

    Attributes:
        case: what was done.
        ours, other: what did it.
        work, unit: how much was done in each round, such as 5,000 "image-steps".
        ours_seconds, other_seconds: one entry per round.
    """

    case: str
    ours: str
    other: str
    work: float
    unit: str
    ours_seconds: tuple[float, ...]
    other_seconds: tuple[float, ...]

    @property
    def ratios(self) -> list[float]:
        """Per round, how many times as long the other took."""
        return [other / ours for ours, other in zip(self.ours_seconds, self.other_seconds, strict=True)]

    @property
    def rate(self) -> float:
        """Ours: median work per second."""
        return self.work / statistics.median(self.ours_seconds)

    def scaled(self, factor: float) -> "Comparison":
        """As if the other had done `factor` times the work."""
        return replace(self, other_seconds=tuple(factor * seconds for seconds in self.other_seconds))

    def as_dict(self) -> dict:
        ratios = self.ratios
        return {
            "case": self.case,
            "ours": self.ours,
            "other": self.other,
            "unit": self.unit,
            "ours_per_second": self.rate,
            "ours_seconds": statistics.median(self.ours_seconds),
            "other_seconds": statistics.median(self.other_seconds),
            "ratio": statistics.median(ratios),
            "ratio_lowest": min(ratios),
            "ratio_highest": max(ratios),
            "rounds": len(ratios),
        }


def alternate(candidates: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, tuple[float, ...]]:
    """Seconds that each candidate takes, once per round, after one call that is not counted."""
    for run in candidates.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    names = list(candidates)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            gc.collect()
            started = time.perf_counter()
            candidates[name]()
            seconds[name].append(time.perf_counter() - started)
    return {name: tuple(values) for name, values in seconds.items()}


def compare(
    case: str, candidates: Mapping[str, Callable[[], object]], work: float, unit: str, rounds: int = ROUNDS
) -> list[Comparison]:
    """The first candidate, ours, against each of the others."""
    seconds = alternate(candidates, rounds)
    ours, *others = seconds
    return [Comparison(case, ours, other, work, unit, seconds[ours], seconds[other]) for other in others]


def machine() -> dict:
    """What the numbers were measured on."""
    import keras
    import tensorflow as tf

    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "gpus": len(tf.config.list_physical_devices("GPU")),
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def matrix_product() -> tuple[Callable[[], object], float]:
    """A float32 matrix product, whose speed is the limit for a network, and its multiply-adds."""
    import tensorflow as tf

    size, repeats = 2048, 10
    matrix = tf.random.stateless_normal((size, size), (0, 0))
    product = tf.function(lambda: tf.matmul(matrix, matrix))

    def run() -> None:
        for _ in range(repeats):
            result = product()
        result[0, 0].numpy()

    return run, repeats * size**3


def multiply_adds(network) -> int:
    """Of one image's forward pass, counted from the layers."""
    import keras

    total = 0
    for layer in network.layers:
        if isinstance(layer, keras.layers.Conv2D):
            height, width = layer.output.shape[1:3]
            total += height * width * math.prod(layer.kernel.shape)
        elif isinstance(layer, keras.layers.Dense):
            total += math.prod(layer.kernel.shape)
    return total
