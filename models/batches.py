"""What attacks, attributions and measures require of images and labels when called from Python.

A data set is checked before; inside a graph there is nothing to look at yet.
"""

from typing import Any

import numpy as np

from models.parameters import checked_bounds

SLACK = 1e-3
"""Share of the range by which pixels may leave their bounds: rounding, not another scale."""


def checked_images(model: Any, images: Any, bounds: tuple[float, float] | None) -> np.ndarray:
    """Images as float32: a batch that the network takes, all of it within bounds.

    Args:
        model: the network; one that does not tell its input's shape takes any.
        images: (N, ...) numbers.
        bounds: (lowest, highest) pixel value; None allows any finite one.

    Raises:
        ValueError: they are something else.
    """
    images = numbers("images", images).astype(np.float32, copy=False)
    if images.ndim < 2 or not len(images):
        raise ValueError(f"images must be a batch (N, ...) of at least one. Received: shape {images.shape}.")
    wanted = getattr(model, "input_shape", None)
    if isinstance(wanted, tuple) and not _fits(images.shape, wanted):
        raise ValueError(f"images must have the shape that the network takes, {wanted}. Received: {images.shape}.")
    lowest, highest = images.min(), images.max()  # NaN if there is one
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        raise ValueError(f"images must be finite numbers. Received: {lowest} to {highest}.")
    if bounds is not None:
        low, high = checked_bounds(bounds)
        slack = SLACK * (high - low)
        if lowest < low - slack or highest > high + slack:
            raise ValueError(
                f"images must lie within bounds, from {low:g} to {high:g}; scale them, or give theirs. "
                f"Received: {lowest:g} to {highest:g}."
            )
    return images


def numbers(what: str, values: Any) -> np.ndarray:
    """An array of whole or real numbers, none of them masked: NumPy's casts would drop masks and imaginary parts.

    Raises:
        ValueError: it is something else; the message begins with `what`.
    """
    if np.ma.is_masked(values):
        raise ValueError(f"{what} must not be masked. Received: {np.ma.count_masked(values)} masked numbers.")
    array = np.asarray(values)
    if array.dtype.kind in "bcSUMmO":
        raise ValueError(f"{what} must be whole or real numbers. Received: {array.dtype}.")
    return array


def checked_labels(labels: Any, count: int, classes: int | None) -> np.ndarray:
    """(N,) int32 labels, of integers of any type and shape (N,) or (N, 1).

    Args:
        labels: what is called so.
        count: N.
        classes: how many there are; None if nobody knows.

    Raises:
        ValueError: another shape, numbers that are no integers, or one that is no class.
    """
    if np.ma.is_masked(labels):
        raise ValueError(f"labels must not be masked. Received: {np.ma.count_masked(labels)} masked ones.")
    array = np.asarray(labels)
    if array.shape not in ((count,), (count, 1)):
        raise ValueError(f"labels must be of shape ({count},) or ({count}, 1). Received: {array.shape}.")
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"labels must be integers. Received: {array.dtype}.")
    lowest, highest = array.min(), array.max()
    if lowest < 0 or (classes is not None and highest >= classes):
        allowed = "0 or more" if classes is None else f"0 to {classes - 1}"
        raise ValueError(f"labels must be {allowed}. Received: {lowest} to {highest}.")
    return array.reshape(-1).astype(np.int32)


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(w in (None, s) for s, w in zip(shape, wanted, strict=True))
