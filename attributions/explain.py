"""The one call that runs a method over images, and checks what it gives."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

import shelf
from models.batches import checked_images
from models.logits import check_logits
from models.parameters import verify_count

METHODS = shelf.load("attributions")


def explain(
    method: str | Callable,
    model: keras.Model,
    images,
    *,
    seed: int = 0,
    batch_size: int = 500,
    bounds: tuple[float, float] | None = (-1.0, 1.0),
    **parameters,
) -> np.ndarray:
    """Signed attribution maps of the class that the network predicts: above 0 where a pixel speaks for it.

    A few have no sign and say how much alone: VarGrad, SmoothGrad-Squared, and what does not know the network.

    Args:
        method: a name in `METHODS`, or a function `method(model, images, rng, **parameters) -> maps`.
            Its images are a float32 tensor (n, H, W, C), a batch of any size, its rng a `numpy.random.Generator`
            that moves on from batch to batch; its maps an array or tensor of the images' shape, with that sign.
        model: images -> logits.
        images: (N, H, W, C) numbers within `bounds`.
        seed: of methods that draw random numbers.
        batch_size: images at a time; it does not change the result.
        bounds: (lowest, highest) pixel value. Baselines, noise and the box rule are made for the default; None looks
            at none, as points in the plane need.
        **parameters: of the method.

    Returns:
        (N, H, W, C) float32.

    Raises:
        ValueError: unknown method, a network that returns probabilities, images that do not fit it or leave `bounds`,
            or maps that are not finite numbers of the images' shape.
    """
    name, function = _resolved(method)
    verify_count("batch_size", batch_size)
    images = checked_images(model, images, bounds)
    check_logits(model, images)
    rng = np.random.default_rng(seed)
    batches = (tf.constant(images[i : i + batch_size]) for i in range(0, len(images), batch_size))
    return np.concatenate([_checked(name, function(model, batch, rng, **parameters), batch) for batch in batches])


def _resolved(method: str | Callable) -> tuple[str, Callable]:
    if callable(method):
        return getattr(method, "__name__", repr(method)), method
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}. Received: {method!r}.")
    return method, METHODS[method]


def _checked(name: str, maps, images: tf.Tensor) -> np.ndarray:
    try:
        array = np.asarray(maps, np.float32)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} must return an array of the images' shape {tuple(images.shape)}. Received: {type(maps).__name__}."
        ) from error
    if array.shape != tuple(images.shape):
        raise ValueError(
            f"{name} must return maps of the images' shape {tuple(images.shape)}. Received: {array.shape}."
        )
    if not np.isfinite(array).all():
        bad = int((~np.isfinite(array)).sum())
        raise ValueError(f"{name} must return finite numbers. Received: {bad} of {array.size} that are not.")
    return array
