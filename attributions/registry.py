"""The open list of methods and the one call that runs them. A new method is one function:

from attributions import register

@register("my_method")
def my_method(model, images, rng):
    return maps
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from models.logits import check_logits

METHODS: dict[str, Callable] = {}


def register(name: str) -> Callable[[Callable], Callable]:
    """Decorator that adds `method(model, images, rng) -> maps` to `METHODS` under a name.

    images is a float32 tensor (n, H, W, C), a batch of any size; rng a `numpy.random.Generator`
    that moves on from batch to batch; maps a signed array or tensor of the images' shape.
    """

    def add(method: Callable) -> Callable:
        METHODS[name] = method
        return method

    return add


def explain(method: str | Callable, model: keras.Model, images, *, seed: int = 0, batch_size: int = 500) -> np.ndarray:
    """Signed attribution maps of the class that the network predicts.

    Args:
        method: a name in `METHODS`, or a function as `register` describes.
        model: images -> logits.
        images: (N, H, W, C) float32.
        seed: of methods that draw random numbers.
        batch_size: images at a time; it does not change the result.

    Returns:
        (N, H, W, C) float32.

    Raises:
        ValueError: unknown method, or a network that returns probabilities.
    """
    if isinstance(method, str):
        if method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}. Received: {method!r}.")
        method = METHODS[method]
    images = np.asarray(images, np.float32)
    check_logits(model, images)
    rng = np.random.default_rng(seed)
    batches = (tf.constant(images[i : i + batch_size]) for i in range(0, len(images), batch_size))
    return np.concatenate([np.asarray(method(model, batch, rng), np.float32) for batch in batches])
