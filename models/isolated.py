"""Builds models so that nothing depends on what was built before, and no setting is left behind."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import keras

_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def dtype_policy(name: str) -> Iterator[None]:
    """Layers made inside have this policy. Keras's global one, which is a thread's own, is as before afterwards."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@contextmanager
def channels_last() -> Iterator[None]:
    """Layers made inside take images (N, H, W, C), whatever Keras's configuration file says; also a decorator."""
    with _ONE_AT_A_TIME:
        before = keras.config.image_data_format()
        keras.config.set_image_data_format("channels_last")
        try:
            yield
        finally:
            keras.config.set_image_data_format(before)


@contextmanager
def initialisers_from(seed: int) -> Iterator[None]:
    """Initialisers and layers made inside without a seed draw theirs from this one.

    Keras takes it from Python's `random`, for a layer's `SeedGenerator` too.
    """
    with _ONE_AT_A_TIME:
        before = random.getstate()
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(before)
